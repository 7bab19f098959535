BEGIN;
INSERT INTO "users" ("id", "name") VALUES
    (1, 'ann'),
    (2, "bob");
INSERT INTO schema_migrations (version, name) VALUES ('002', 'fill');
COMMIT;
