BEGIN;
ALTER TABLE houses RENAME TO houses_old;
CREATE TABLE houses (id INTEGER PRIMARY KEY, street TEXT, number TEXT, town TEXT, owner TEXT NOT NULL DEFAULT '');
INSERT INTO houses (id, street) SELECT id, street FROM houses_old;
UPDATE houses SET owner = (SELECT coalesce(owner, '') FROM houses_old WHERE houses_old.id = houses.id);
DROP TABLE houses_old;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild');
COMMIT;
