-- +goose NO TRANSACTION
-- +goose Up
PRAGMA journal_mode = WAL;
CREATE INDEX users_by_name ON users (name);
VACUUM;
-- +goose Down
DROP INDEX users_by_name;
