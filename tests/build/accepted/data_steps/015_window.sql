BEGIN;
UPDATE docs SET unix = (SELECT n FROM (SELECT id, row_number() OVER (ORDER BY at) AS n FROM docs) AS x WHERE x.id = docs.id);
CREATE UNIQUE INDEX docs_unix ON docs (unix);
INSERT INTO schema_migrations (version, name) VALUES ('015', 'window');
COMMIT;
