-- migrate: not-rehearsed: spellfix1 is the application's
BEGIN;
CREATE VIRTUAL TABLE places USING spellfix1;
COMMIT;
