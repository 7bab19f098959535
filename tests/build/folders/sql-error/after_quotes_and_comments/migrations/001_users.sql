BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
-- it's; a "comment"
INSERT INTO users VALUES (1, 'a;''b'), (2, '-- no comment'), (3, '/*'); /* ';' */ INSERT INTO "users" VALUES (4, 'x'); INSERT INTO [users] VALUES (5, missing);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
