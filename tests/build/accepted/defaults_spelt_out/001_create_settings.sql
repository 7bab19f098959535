BEGIN;
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE settings (
    id       INTEGER PRIMARY KEY,
    "default" TEXT,
    a        TEXT DEFAULT 'word',
    b        TEXT DEFAULT NULL,
    c        INTEGER DEFAULT TRUE,
    d        INTEGER DEFAULT -1,
    e        REAL DEFAULT +1.5e3,
    f        TEXT DEFAULT Current_Timestamp,
    g        TEXT DEFAULT (lower('WORD')),
    h        BLOB DEFAULT x'00ff',
    i        INTEGER DEFAULT 0x1F CHECK (i >= 0),
    j        TEXT DEFAULT false NOT NULL
);
INSERT INTO schema_migrations (version, name) VALUES ('001', 'create_settings');
COMMIT;
