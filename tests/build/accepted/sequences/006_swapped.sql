BEGIN;
ALTER TABLE b RENAME TO x;
ALTER TABLE c RENAME TO b;
ALTER TABLE x RENAME TO a;
INSERT INTO schema_migrations (version, name) VALUES ('006', 'swapped');
COMMIT;
