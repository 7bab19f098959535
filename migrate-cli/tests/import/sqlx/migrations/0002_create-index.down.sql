-- Add down migration script here
DROP INDEX posts_by_user;
