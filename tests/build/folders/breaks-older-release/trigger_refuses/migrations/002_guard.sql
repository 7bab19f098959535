BEGIN;
CREATE TRIGGER guard BEFORE DELETE ON users BEGIN SELECT raise(ABORT, 'users stay'); END;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'guard');
COMMIT;
