BEGIN;
ALTER TABLE sale RENAME COLUMN amount TO quantity;
ALTER TABLE customer RENAME TO client;
ALTER TABLE client ADD COLUMN note TEXT NOT NULL DEFAULT 'none';
UPDATE product SET code = 'cccc' WHERE code = 'bbbb';
INSERT INTO schema_migrations (version, name) VALUES ('003', 'rename_and_drop');
COMMIT;
