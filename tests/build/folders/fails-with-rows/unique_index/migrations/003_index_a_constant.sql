BEGIN;
UPDATE users SET team = 'none';
CREATE UNIQUE INDEX users_team ON users (team);
INSERT INTO schema_migrations (version, name) VALUES ('003', 'index_a_constant');
COMMIT;
