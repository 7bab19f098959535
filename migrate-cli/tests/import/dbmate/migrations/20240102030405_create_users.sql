-- migrate:up
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE);

-- migrate:down
DROP TABLE users;
