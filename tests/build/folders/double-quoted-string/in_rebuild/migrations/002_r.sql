BEGIN;
CREATE TABLE a_new (id INTEGER PRIMARY KEY, state TEXT NOT NULL);
INSERT INTO a_new (id, state) SELECT "id", coalesce("state", "none") FROM "a";
DROP TABLE "a";
ALTER TABLE "a_new" RENAME TO "a";
INSERT INTO schema_migrations (version, name) VALUES ('002', 'r');
COMMIT;
