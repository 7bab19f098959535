BEGIN IMMEDIATE TRANSACTION;
DELETE FROM client WHERE id = 2; /* and what hangs on it; COMMIT; */
PRAGMA user_version = 4;
PRAGMA application_id = 1234;
INSERT INTO schema_migrations (version, name) VALUES ('004', 'delete_a_client');
END TRANSACTION;
