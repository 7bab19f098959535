BEGIN;
CREATE TABLE passes_new (id TEXT PRIMARY KEY, barcode TEXT NOT NULL UNIQUE);
INSERT INTO passes_new (id, barcode) SELECT id, barcode FROM passes;
DROP TABLE passes;
ALTER TABLE passes_new RENAME TO passes;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'unique_barcodes');
COMMIT;
