BEGIN;
ALTER TABLE users ADD COLUMN state TEXT NOT NULL DEFAULT 'new';
CREATE UNIQUE INDEX users_state ON users (state);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'index_a_new_column');
COMMIT;
