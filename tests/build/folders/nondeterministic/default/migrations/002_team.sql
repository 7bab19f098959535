BEGIN;
INSERT INTO users (name) VALUES ('Team');
INSERT INTO schema_migrations (version, name) VALUES ('002', 'team');
COMMIT;
