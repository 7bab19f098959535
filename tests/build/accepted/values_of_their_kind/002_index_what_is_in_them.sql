BEGIN;
CREATE INDEX documents_author ON documents (json_extract(body, '$.author'));
CREATE INDEX documents_title ON documents (json_extract(text, '$.title'));
INSERT INTO schema_migrations (version, name) VALUES ('002', 'index_what_is_in_them');
COMMIT;
