BEGIN;
ALTER TABLE users RENAME COLUMN bio TO about;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'about');
COMMIT;
