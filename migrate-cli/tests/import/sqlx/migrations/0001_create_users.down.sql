-- Add down migration script here
DROP TABLE posts; DROP TABLE users;
