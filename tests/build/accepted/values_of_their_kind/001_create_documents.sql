BEGIN;
CREATE TABLE documents (id TEXT PRIMARY KEY, body BLOB NOT NULL, text TEXT NOT NULL, author TEXT);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_documents');
COMMIT;
