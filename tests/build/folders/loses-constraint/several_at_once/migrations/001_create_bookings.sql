BEGIN;
CREATE TABLE halls (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE bookings (
    id     INTEGER PRIMARY KEY,
    hall   INTEGER NOT NULL REFERENCES halls,
    starts INTEGER NOT NULL,
    ends   INTEGER NOT NULL,
    state  TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paid')),
    CONSTRAINT in_order CHECK (starts < ends),
    UNIQUE (hall, starts)
);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_bookings');
COMMIT;
