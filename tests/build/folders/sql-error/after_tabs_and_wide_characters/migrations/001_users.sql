BEGIN;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
		INSERT INTO users VALUES (1, 'größe 日本語 👩‍🚀'),	(2, 'é' || missing);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
