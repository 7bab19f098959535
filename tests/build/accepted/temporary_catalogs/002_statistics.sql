BEGIN;
CREATE TEMP TABLE counted (words INTEGER);
CREATE INDEX temp.counted_words ON counted (words);
INSERT INTO counted VALUES (1);
ANALYZE temp;
DROP TABLE counted;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'statistics');
COMMIT;
