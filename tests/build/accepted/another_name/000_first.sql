BEGIN;
CREATE TABLE other (id INTEGER PRIMARY KEY, version TEXT);
CREATE TABLE IF NOT EXISTS main."My ""History""" (
    name TEXT NOT NULL,
    version TEXT NOT NULL PRIMARY KEY,
    applied_at TEXT NOT NULL DEFAULT (datetime('now')),
    note TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO other VALUES (1, '000');
INSERT INTO "my ""history""" (version, name, applied_at) VALUES ('000', 'first', '2024-01-01');
COMMIT;
