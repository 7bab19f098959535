BEGIN;
INSERT INTO roles VALUES ('admin', 50) ON CONFLICT (code) DO UPDATE SET rank = excluded.rank;
INSERT OR REPLACE INTO roles VALUES ('other', 60);
INSERT INTO schema_migrations (version, name) VALUES ('007', 'upsert');
COMMIT;
