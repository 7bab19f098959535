-- migrate: given
INSERT INTO users (id, email) VALUES (1, 'A@X.org');
-- migrate: expect
SELECT email = 'a@x.org' FROM users WHERE id = 1;
