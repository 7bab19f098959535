BEGIN;
CREATE TABLE trees (id INTEGER PRIMARY KEY, name TEXT, parent INTEGER REFERENCES trees ON DELETE CASCADE);
INSERT INTO schema_migrations (version, name) VALUES ('009', 'trees');
COMMIT;
