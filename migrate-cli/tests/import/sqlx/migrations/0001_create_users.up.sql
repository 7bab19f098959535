-- Add up migration script here
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- handed out once
    email TEXT NOT NULL UNIQUE
);
CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE);
