-- Your SQL goes here
ALTER TABLE users ADD COLUMN bio TEXT;
