BEGIN;
WITH own (name, version) AS (SELECT 'third', printf('%03d', 2))
INSERT INTO `My "History"` (name, version, applied_at) SELECT name, version, '2024-01-03' FROM own;
COMMIT;
