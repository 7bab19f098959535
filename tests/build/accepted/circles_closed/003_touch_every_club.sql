BEGIN;
UPDATE clubs SET chair = chair;
INSERT INTO schema_migrations (version, name) VALUES ('003', 'touch_every_club');
COMMIT;
