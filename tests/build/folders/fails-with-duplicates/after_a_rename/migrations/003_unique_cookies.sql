BEGIN;
CREATE UNIQUE INDEX visitors_cookie ON visitors (cookie);
INSERT INTO schema_migrations (version, name) VALUES ('003', 'unique_cookies');
COMMIT;
