BEGIN;
CREATE TABLE ports (id INTEGER PRIMARY KEY);
CREATE TABLE ships (id INTEGER PRIMARY KEY, port INTEGER NOT NULL REFERENCES ports (id));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_ports');
COMMIT;
