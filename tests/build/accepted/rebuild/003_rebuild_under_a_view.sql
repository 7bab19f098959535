BEGIN;
CREATE VIEW names AS SELECT name FROM parent;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'rebuild_under_a_view');
COMMIT;
