BEGIN;
CREATE TABLE chairs (id INTEGER PRIMARY KEY, chair INTEGER REFERENCES members (id));
INSERT INTO chairs SELECT id, chair FROM clubs;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'copy_of_clubs');
COMMIT;
