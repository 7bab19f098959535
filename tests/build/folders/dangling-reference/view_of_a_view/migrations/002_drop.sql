BEGIN;
DROP VIEW names;
CREATE VIEW names AS SELECT id FROM authors;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'drop');
COMMIT;
