BEGIN;
CREATE VIEW films AS SELECT title FROM movies;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_library');
COMMIT;
