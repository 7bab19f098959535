-- migrate: given
INSERT INTO users (id, password) VALUES (1, 'x');
-- migrate: expect
SELECT hash IS NOT NULL FROM users;
