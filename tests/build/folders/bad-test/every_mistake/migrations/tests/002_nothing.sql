-- migrate: given
INSERT INTO users (email) VALUES ('a');
