BEGIN;
CREATE UNIQUE INDEX members_name_card ON members (name, card);
INSERT INTO schema_migrations (version, name) VALUES ('008', 'more_columns_than_before_are_unique');
COMMIT;
