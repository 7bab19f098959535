BEGIN;
WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 20)
INSERT INTO authors (name) SELECT 'Author ' || i FROM n;
WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 60)
INSERT INTO books (author_id, title, body)
SELECT (SELECT id FROM authors WHERE name = 'Author ' || (1 + i % 20)), 'Classic ' || i, hex(zeroblob(150)) || i FROM n;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_classics');
COMMIT;
