BEGIN;
CREATE TABLE teams (id INTEGER PRIMARY KEY, kind TEXT CHECK (kind IN ("open", 'closed')));
INSERT INTO schema_migrations (version, name) VALUES ('004', 'check');
COMMIT;
