BEGIN;
ALTER TABLE settings ADD COLUMN k TEXT NOT NULL DEFAULT 'default word';
ALTER TABLE settings ADD COLUMN l INTEGER NOT NULL DEFAULT FALSE; -- DEFAULT word
INSERT INTO schema_migrations (version, name) VALUES ('002', 'more');
COMMIT;
