-- Your SQL goes here
CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR NOT NULL);
CREATE TRIGGER no_nameless BEFORE INSERT ON users WHEN new.name = '' BEGIN
    SELECT RAISE(ABORT, 'a user needs a name');
END;
