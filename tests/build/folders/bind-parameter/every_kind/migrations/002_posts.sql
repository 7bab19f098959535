BEGIN;
INSERT INTO users VALUES (1, ?);
INSERT INTO users VALUES (2, ?2);
INSERT INTO users VALUES (3, :größe);
INSERT INTO users VALUES (4, @name);
INSERT INTO users VALUES (5, $name);
INSERT INTO users VALUES (6, $a::b(c;d));
INSERT INTO schema_migrations (version, name) VALUES ('002', 'posts');
COMMIT;
