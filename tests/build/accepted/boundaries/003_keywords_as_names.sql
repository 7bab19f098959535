BEGIN;
CREATE TABLE "commit" ("begin" TEXT, [rollback] TEXT, trigger_name TEXT);
EXPLAIN SELECT * FROM "commit";
EXPLAIN QUERY PLAN SELECT * FROM "commit";
CREATE INDEX "create trigger" ON "commit" ("begin");
INSERT INTO schema_migrations (version, name) VALUES ('003', 'keywords_as_names');
COMMIT
;

;