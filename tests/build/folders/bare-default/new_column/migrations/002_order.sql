BEGIN;
ALTER TABLE lists ADD COLUMN position INTEGER NOT NULL DEFAULT id;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'order');
COMMIT;
