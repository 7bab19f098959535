-- migrate: given
BEGIN;
INSERT INTO users (email) VALUES ('a');
COMMIT;
-- migrate: expect
SELECT 1;
