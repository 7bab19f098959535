BEGIN;
select /* a */ Migrate_Step ( 'it''s me' ) ;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'hash');
COMMIT;
