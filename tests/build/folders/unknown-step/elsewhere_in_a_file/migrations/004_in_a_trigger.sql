BEGIN;
CREATE TRIGGER t AFTER INSERT ON users BEGIN
    SELECT migrate_step('rehash');
END;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'in_a_trigger');
COMMIT;
