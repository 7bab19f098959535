-- migrate: allow(foreign-key-violation): a test
PRAGMA foreign_keys = OFF;
BEGIN;
INSERT INTO child (code) VALUES ('nobody');
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild');
COMMIT;
PRAGMA foreign_keys = ON;
