BEGIN;
UPDATE users SET role = 'user' WHERE role = 'admin';
UPDATE roles SET rank = rank + 100;
INSERT INTO roles VALUES ('guest', 3);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'by_code');
COMMIT;
