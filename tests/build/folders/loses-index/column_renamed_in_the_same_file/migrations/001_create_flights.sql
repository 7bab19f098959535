BEGIN;
CREATE TABLE flights (id INTEGER PRIMARY KEY, goal TEXT NOT NULL, gate TEXT NOT NULL);
CREATE INDEX flights_goal ON flights (goal);
CREATE INDEX flights_gate ON flights (gate);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_flights');
COMMIT;
