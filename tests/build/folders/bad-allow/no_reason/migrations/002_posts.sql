BEGIN;
CREATE TABLE posts (id INTEGER PRIMARY KEY);
  -- migrate: not-rehearsed:   
INSERT INTO schema_migrations (version, name) VALUES ('002', 'posts');
COMMIT;
