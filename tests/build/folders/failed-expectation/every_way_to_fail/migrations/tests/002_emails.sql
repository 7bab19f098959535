-- migrate: given
INSERT INTO users (id, email) VALUES (1, 'Ann@X.org');
-- migrate: expect
SELECT 1 FROM users WHERE id = 7;
SELECT id, email FROM users;
SELECT emial = 1 FROM users;
SELECT NULL;
SELECT email = upper(email) FROM users;
