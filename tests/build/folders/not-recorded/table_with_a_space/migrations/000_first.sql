BEGIN;
CREATE TABLE "my history" (version TEXT PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO "my history" VALUES ('000', 'first');
COMMIT;
