BEGIN;
CREATE TABLE numbers (n INTEGER PRIMARY KEY);
INSERT INTO numbers
WITH RECURSIVE c (n) AS (SELECT min(id) FROM users HAVING count(*) > 0 UNION ALL SELECT n + 1 FROM c WHERE n < 100000000)
SELECT n FROM c;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'numbers');
COMMIT;
