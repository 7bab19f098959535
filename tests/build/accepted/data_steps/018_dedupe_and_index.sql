BEGIN;
DELETE FROM mails WHERE id NOT IN (SELECT min(id) FROM mails GROUP BY lower(address));
CREATE UNIQUE INDEX mails_address ON mails (lower(address));
INSERT INTO schema_migrations (version, name) VALUES ('018', 'dedupe_and_index');
COMMIT;
