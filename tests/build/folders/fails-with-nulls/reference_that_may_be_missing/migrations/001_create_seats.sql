BEGIN;
CREATE TABLE guests (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE seats (id INTEGER PRIMARY KEY, guest INTEGER REFERENCES guests);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_seats');
COMMIT;
