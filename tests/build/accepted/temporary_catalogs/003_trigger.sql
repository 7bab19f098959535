BEGIN;
CREATE TEMP TABLE read_in (id INTEGER);
CREATE TEMP TRIGGER read_in_inserted AFTER INSERT ON read_in BEGIN INSERT INTO notes (id) VALUES (new.id); END;
INSERT INTO read_in VALUES (1);
DROP TABLE read_in;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'trigger');
COMMIT;
