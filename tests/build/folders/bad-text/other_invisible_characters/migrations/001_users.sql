BEGIN;
CREATE　TABLE a­ (b TEXT);
CREATE TABLE c‮ (d);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
