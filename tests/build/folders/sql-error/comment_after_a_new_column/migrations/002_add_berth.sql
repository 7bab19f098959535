BEGIN;
ALTER TABLE boats
    ADD COLUMN berth TEXT -- as painted on the pier
;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_berth');
COMMIT;
