BEGIN;
CREATE TABLE ignored_once (id INTEGER PRIMARY KEY, a TEXT NOT NULL);
CREATE TRIGGER ignored_once_insert BEFORE INSERT ON ignored_once BEGIN SELECT RAISE(IGNORE); END;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_tables');
COMMIT;
