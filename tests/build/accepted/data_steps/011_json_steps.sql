BEGIN;
UPDATE docs SET body = json_set(body, '$.a', 1);
UPDATE docs SET body = json_remove(body, '$.b') WHERE json_extract(body, '$.c') IS NULL;
ALTER TABLE docs ADD COLUMN kind TEXT GENERATED ALWAYS AS (body ->> '$.kind');
CREATE INDEX docs_kind ON docs (kind);
INSERT INTO schema_migrations (version, name) VALUES ('011', 'json_steps');
COMMIT;
