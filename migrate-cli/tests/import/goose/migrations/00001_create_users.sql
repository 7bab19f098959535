-- +goose Up
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL -- as it is printed
);

-- +goose StatementBegin
CREATE TRIGGER no_nameless BEFORE INSERT ON users WHEN new.name = ''
BEGIN
    SELECT RAISE(ABORT, 'a user needs a name');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE users;
