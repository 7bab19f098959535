BEGIN;
CREATE TABLE tags (doc INTEGER NOT NULL REFERENCES docs, tag TEXT NOT NULL, PRIMARY KEY (doc, tag));
INSERT INTO tags SELECT docs.id, value FROM docs, json_each(docs.body, '$.tags');
INSERT INTO schema_migrations (version, name) VALUES ('014', 'json_each');
COMMIT;
