-- migrate: given
INSERT INTO users (id, email) VALUES (1, 'Ann@X.org'), (2, 'Bob@X.org');
-- migrate: expect
SELECT email = 'ann@x.org' FROM users WHERE id = 1;
SELECT email = 'bob@x.org' FROM users WHERE id = 2;
SELECT count(*) = 2 FROM users;
