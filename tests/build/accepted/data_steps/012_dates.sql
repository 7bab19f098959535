BEGIN;
ALTER TABLE docs ADD COLUMN year TEXT;
UPDATE docs SET year = strftime('%Y', at);
UPDATE docs SET at = strftime('%Y-%m-%dT%H:%M:%SZ', at), unix = strftime('%s', day), day = date(julianday(day) + 1);
INSERT INTO schema_migrations (version, name) VALUES ('012', 'dates');
COMMIT;
