BEGIN;
CREATE TABLE parent (code TEXT UNIQUE);
CREATE TABLE child (code TEXT REFERENCES parent (code));
INSERT INTO schema_migrations (version, name) VALUES ('001', 'child');
COMMIT;
