BEGIN;
CREATE UNIQUE INDEX machines_cookie ON machines (cookie);
INSERT INTO schema_migrations (version, name) VALUES ('004', 'unique_cookies_of_machines');
COMMIT;
