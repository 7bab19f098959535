BEGIN;
INSERT INTO authors (name) VALUES ("nobody"); -- migrate: allow(double-quoted-string): written by another tool
INSERT INTO schema_migrations (version, name) VALUES ('008', 'double_quoted_string');
COMMIT;
