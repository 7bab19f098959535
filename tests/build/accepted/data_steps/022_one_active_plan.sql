BEGIN;
CREATE UNIQUE INDEX plans_active ON plans (owner) WHERE active = 1;
INSERT INTO schema_migrations (version, name) VALUES ('022', 'one_active_plan');
COMMIT;
