BEGIN;
CREATE TABLE new (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE REFERENCES users (code), bio TEXT, size INTEGER);
INSERT INTO new (id, code, bio) SELECT profiles.id, users.code, bio FROM profiles JOIN users USING (code);
DROP TABLE profiles;
ALTER TABLE new RENAME TO profiles;
INSERT INTO schema_migrations (version, name) VALUES ('007', 'what_refers_to_a_unique_column');
COMMIT;
