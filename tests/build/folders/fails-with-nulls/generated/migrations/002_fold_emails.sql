BEGIN;
ALTER TABLE users ADD COLUMN folded TEXT NOT NULL AS (lower(email));
INSERT INTO schema_migrations (version, name) VALUES ('002', 'fold_emails');
COMMIT;
