-- migrate: allow(fails-with-duplicates): every document is imported once
BEGIN;
CREATE UNIQUE INDEX docs_body ON docs (body);
INSERT INTO schema_migrations (version, name) VALUES ('016', 'unique_on_plain_text');
COMMIT;
