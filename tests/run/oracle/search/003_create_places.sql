BEGIN;
CREATE VIRTUAL TABLE place USING rtree (id, min_x, max_x, min_y, max_y);
INSERT INTO place VALUES (1, 0, 1, 0, 1), (2, 5, 6, 5, 6);
CREATE VIEW found AS SELECT rowid AS id FROM note_search WHERE note_search MATCH 'boil';
INSERT INTO schema_migrations (version, name) VALUES ('003', 'create_places');
COMMIT;
