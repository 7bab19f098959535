BEGIN;
CREATE UNIQUE INDEX rooms_number ON rooms (floor, number);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'unique_numbers');
COMMIT;
