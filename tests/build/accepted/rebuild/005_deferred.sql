BEGIN;
PRAGMA defer_foreign_keys = ON;
INSERT INTO child VALUES (30, 3);
INSERT INTO parent (id) VALUES (3);
INSERT INTO schema_migrations (version, name) VALUES ('005', 'deferred');
COMMIT;
