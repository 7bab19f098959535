-- migrate: expect
SELECT 1;
