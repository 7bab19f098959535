BEGIN;
CREATE TABLE users_new (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
INSERT INTO users_new (id, name) SELECT row_number() OVER (ORDER BY name), coalesce(name, '') FROM "my users";
DROP TABLE "my users";
ALTER TABLE users_new RENAME TO "my users";
INSERT INTO schema_migrations (version, name) VALUES ('002', 'number');
COMMIT;
