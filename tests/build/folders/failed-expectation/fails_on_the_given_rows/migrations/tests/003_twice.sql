-- migrate: given
INSERT INTO users (email) VALUES ('a'), ('a');
-- migrate: expect
SELECT count(*) = 2 FROM users;
