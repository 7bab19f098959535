BEGIN;
CREATE TABLE members (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE former_members (name TEXT NOT NULL);
CREATE TRIGGER members_go AFTER DELETE ON members BEGIN
    INSERT INTO former_members (name) VALUES (old.name);
END;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_members');
COMMIT;
