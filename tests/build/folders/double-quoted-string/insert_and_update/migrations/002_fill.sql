BEGIN;
INSERT INTO users (name) VALUES ("ann");
UPDATE users SET name = "bob" WHERE "name" = 'ann';
INSERT INTO users (name) SELECT "cy" WHERE 1;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'fill');
COMMIT;
