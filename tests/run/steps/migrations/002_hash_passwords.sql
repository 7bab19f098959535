BEGIN;
INSERT INTO users (password) VALUES ('early');

-- What SQL cannot do.
SELECT migrate_step('work');

CREATE UNIQUE INDEX users_hash ON users (hash);
INSERT INTO users (password, hash) VALUES ('late', upper('late'));
INSERT INTO schema_migrations (version, name) VALUES ('002', 'hash_passwords');
COMMIT;
