-- migrate: expect
DELETE FROM users;
