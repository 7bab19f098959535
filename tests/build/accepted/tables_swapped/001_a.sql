BEGIN;
CREATE TABLE a (id INTEGER PRIMARY KEY, state TEXT);
CREATE TABLE b (id INTEGER PRIMARY KEY, state TEXT);
CREATE INDEX a_state ON a (state);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'a');
COMMIT;
