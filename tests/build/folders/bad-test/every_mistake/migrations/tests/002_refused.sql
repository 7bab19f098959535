-- migrate: given
INSERT INTO users (id) VALUES (1);
-- migrate: expect
SELECT 1;
