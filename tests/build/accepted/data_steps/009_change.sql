BEGIN;
UPDATE settings SET value = 'dark' WHERE name = 'theme';
INSERT INTO settings VALUES ('language', 'nl');
INSERT INTO schema_migrations (version, name) VALUES ('009', 'change');
COMMIT;
