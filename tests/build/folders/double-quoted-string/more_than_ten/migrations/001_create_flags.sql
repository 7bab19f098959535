BEGIN;
CREATE TABLE flags (code TEXT PRIMARY KEY, colour TEXT NOT NULL);
INSERT INTO flags (code, colour) VALUES
    ("at", "red"), ("be", "black"), ("ch", "red"), ("de", "black"),
    ("dk", "red"), ("es", "red"), ("fr", "blue"), ("gb", "white");
CREATE VIEW red_flags AS SELECT code FROM flags WHERE colour = "red";
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_flags');
COMMIT;
