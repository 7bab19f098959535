BEGIN;
ALTER TABLE log RENAME TO events;
ALTER TABLE events RENAME COLUMN line TO text;
INSERT INTO schema_migrations (version, name) VALUES ('012', 'rename');
COMMIT;
