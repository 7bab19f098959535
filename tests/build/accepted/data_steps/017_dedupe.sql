BEGIN;
CREATE TABLE mails (id INTEGER PRIMARY KEY, address TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('017', 'dedupe');
COMMIT;
