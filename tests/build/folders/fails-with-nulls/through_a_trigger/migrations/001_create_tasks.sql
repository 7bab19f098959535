BEGIN;
CREATE TABLE tasks (id INTEGER PRIMARY KEY, note TEXT, done INTEGER NOT NULL DEFAULT 0);
CREATE TABLE history (id INTEGER PRIMARY KEY, note TEXT NOT NULL);
CREATE TRIGGER tasks_updated AFTER UPDATE ON tasks BEGIN INSERT INTO history (note) VALUES (new.note); END;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_tasks');
COMMIT;
