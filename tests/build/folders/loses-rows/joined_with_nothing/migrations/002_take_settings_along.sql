BEGIN;
CREATE TABLE users_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, theme TEXT);
INSERT INTO users_new (id, name, theme) SELECT users.id, users.name, settings.value FROM users JOIN settings ON settings.name = 'theme';
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'take_settings_along');
COMMIT;
