BEGIN;
UPDATE members SET name = name || ' ' || id WHERE EXISTS (SELECT 1 FROM members AS other WHERE other.name = members.name AND other.id < members.id);
CREATE UNIQUE INDEX members_name ON members (name);
INSERT INTO schema_migrations (version, name) VALUES ('005', 'unique_names');
COMMIT;
