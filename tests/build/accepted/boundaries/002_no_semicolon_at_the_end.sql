;; /* nothing */ ;
begin exclusive;create view v as select 'BEGIN;' as a, [end] from "notes;";INSERT INTO schema_migrations (version, name) VALUES ('002', 'no_semicolon_at_the_end');commit