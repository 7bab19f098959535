BEGIN;
CREATE TABLE items (list INTEGER NOT NULL, value TEXT, FOREIGN KEY (list) REFERENCES lists (id));
INSERT INTO items SELECT lists.id, j.value FROM lists JOIN json_each(lists.items) AS j;
UPDATE lists SET items = json_insert(items, '$[#]', 'x');
INSERT INTO schema_migrations (version, name) VALUES ('020', 'items');
COMMIT;
