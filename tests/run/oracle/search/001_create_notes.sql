BEGIN;
CREATE TABLE note (id INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL);
INSERT INTO note (title, body) VALUES ('Eggs', 'Boil them; seven minutes'), ('Bread', 'Flour, water, salt'), ('Salt', 'Sea salt');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_notes');
COMMIT;
