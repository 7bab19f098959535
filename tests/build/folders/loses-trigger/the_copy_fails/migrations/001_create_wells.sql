BEGIN;
CREATE TABLE wells (id INTEGER PRIMARY KEY, depth INTEGER NOT NULL);
CREATE TABLE log (line TEXT);
CREATE TRIGGER wells_inserted AFTER INSERT ON wells BEGIN INSERT INTO log VALUES (new.depth); END;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_wells');
COMMIT;
