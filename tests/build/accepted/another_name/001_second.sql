BEGIN;
INSERT OR ABORT INTO main.[my "history"] (name, version, applied_at, note) SELECT 'second', '001', '2024-01-02', count(*) FROM other;
ALTER TABLE "MY ""HISTORY""" ADD COLUMN more TEXT;
CREATE TABLE later (id INTEGER PRIMARY KEY);
COMMIT;
