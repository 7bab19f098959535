//! Databases that somebody has prepared, each with what a run has to make of it. Where it refuses, the schema and
//! the rows are what they were; where it succeeds, every migration is there. Nobody else's code runs, and no more
//! is read than what a run needs.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use crate::damaged::{with_hot_journal, with_log};
use crate::ladder::{self, Files, LADDER, Start, taken};
use crate::point::{ending, is_one_line, settings};
use crate::tally::{Tally, Watched};

/// SQL that the database is prepared with, half-way up the ladder.
const IN_THE_FILE: &[(&str, &str, &str)] = &[
    (
        "a view",
        "UnusableTable",
        "DROP TABLE schema_migrations;
         CREATE VIEW schema_migrations AS SELECT '000' AS version, 'create_schema_migrations' AS name",
    ),
    (
        "a view that never ends",
        "UnusableTable",
        "DROP TABLE schema_migrations;
         CREATE VIEW schema_migrations AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i FROM n)
            SELECT i AS version, i AS name FROM n",
    ),
    (
        "a view of nothing",
        "UnusableTable",
        "DROP TABLE schema_migrations; CREATE VIEW schema_migrations AS SELECT * FROM missing",
    ),
    (
        "a full-text table",
        "UnusableTable",
        "DROP TABLE schema_migrations; CREATE VIRTUAL TABLE schema_migrations USING fts5(version, name)",
    ),
    (
        "an R-Tree",
        "UnusableTable",
        "DROP TABLE schema_migrations; CREATE VIRTUAL TABLE schema_migrations USING rtree(version, name, other)",
    ),
    (
        "a trigger that swallows records",
        "UnusableTable",
        "CREATE TRIGGER g BEFORE INSERT ON schema_migrations BEGIN SELECT RAISE(IGNORE); END",
    ),
    (
        "a trigger that deletes rows",
        "UnusableTable",
        "CREATE TRIGGER g AFTER INSERT ON schema_migrations BEGIN DELETE FROM notes; END",
    ),
    (
        "a trigger that waits for a deletion",
        "UnusableTable",
        "CREATE TRIGGER g AFTER DELETE ON SCHEMA_migrations BEGIN DELETE FROM notes; END",
    ),
    (
        "a column that must be filled",
        "Failed",
        "CREATE TABLE filled (version TEXT PRIMARY KEY, name TEXT, who TEXT NOT NULL);
         INSERT INTO filled SELECT version, name, 'me' FROM schema_migrations;
         DROP TABLE schema_migrations; ALTER TABLE filled RENAME TO schema_migrations",
    ),
    ("no rows", "Failed", "DELETE FROM schema_migrations"),
    ("another name", "Diverged", "UPDATE schema_migrations SET name = 'x' WHERE version = '001'"),
    ("a hole", "Diverged", "DELETE FROM schema_migrations WHERE version = '001'"),
    (
        "a release to come",
        "NewerDatabase",
        "INSERT INTO schema_migrations (version, name) VALUES ('999', 'x')",
    ),
    ("a NULL", "Diverged", "INSERT INTO schema_migrations (version, name) VALUES (NULL, 'x')"),
    (
        "a BLOB",
        "Diverged",
        "INSERT INTO schema_migrations (version, name) VALUES (x'303033', 'index_titles')",
    ),
    (
        "a NUL in a version",
        "Diverged",
        "INSERT INTO schema_migrations (version, name) VALUES ('003' || char(0), 'index_titles')",
    ),
    (
        "no UTF-8",
        "Diverged",
        "INSERT INTO schema_migrations (version, name) VALUES (CAST(x'ff' AS TEXT), 'index_titles')",
    ),
    (
        "ten megabytes",
        "Diverged",
        "INSERT INTO schema_migrations (version, name) VALUES (printf('%.*c', 10000000, 'x'), 'x')",
    ),
    ("control characters", "Diverged", "UPDATE schema_migrations SET name = 'a' || char(10, 27) || '[2J'"),
    (
        "a schema that cannot be read",
        "Sqlite DatabaseCorrupt",
        "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE TABLE notes (' WHERE name = 'notes'",
    ),
];

/// Definitions of the tracking table, which then has the rows that it had.
const COLUMNS: &[(&str, &str, &str)] = &[
    ("extra columns", "Ok", "(who DEFAULT 'me', version TEXT PRIMARY KEY, sum BLOB, name TEXT)"),
    ("a generated column", "Ok", "(version TEXT PRIMARY KEY, name TEXT, twice AS (version || version))"),
    (
        "a stored generated column",
        "Ok",
        "(version TEXT PRIMARY KEY, name TEXT, twice AS (version || version) STORED UNIQUE)",
    ),
    ("a default that counts", "Ok", "(version TEXT PRIMARY KEY, name TEXT, at DEFAULT (abs(random())))"),
    ("a CHECK that denies", "Failed", "(version TEXT PRIMARY KEY CHECK (version < '003'), name TEXT)"),
    ("a CHECK that rejects what follows", "Failed", "(version TEXT CHECK (version < '003'), name TEXT)"),
    (
        "a parent that is missing",
        "Failed",
        "(version TEXT PRIMARY KEY, name TEXT DEFAULT 'x' REFERENCES missing)",
    ),
    ("numbers", "Diverged", "(version INTEGER PRIMARY KEY, name TEXT)"),
    ("real numbers", "Diverged", "(version REAL, name TEXT)"),
    ("conflicts that are forgiven", "Ok", "(version TEXT PRIMARY KEY ON CONFLICT IGNORE, name TEXT)"),
    ("no key", "Ok", "(version TEXT, name TEXT)"),
    ("no rowid", "Ok", "(version TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID"),
    ("strict", "Ok", "(version TEXT PRIMARY KEY, name TEXT) STRICT"),
];

/// SQL of the connection that migrates.
const ON_THE_CONNECTION: &[(&str, &str, &str)] = &[
    ("a temporary table", "UnusableTable", "CREATE TEMP TABLE schema_migrations (version, name)"),
    (
        "a temporary view",
        "UnusableTable",
        "CREATE TEMP VIEW Schema_Migrations AS SELECT 1 AS version, 2 AS name",
    ),
    (
        "a temporary trigger",
        "UnusableTable",
        "CREATE TEMP TRIGGER g AFTER INSERT ON main.schema_migrations BEGIN DELETE FROM notes; END",
    ),
    (
        "another database attached",
        "Ok",
        "ATTACH ':memory:' AS other; CREATE TABLE other.schema_migrations (a)",
    ),
];

enum Open {
    Plainly,
    ReadOnly,
    With(&'static str),
}

struct Case {
    name: &'static str,
    files: Files,
    open: Open,
    expected: &'static str,
}

impl Case {
    fn of(name: &'static str, expected: &'static str, files: Files) -> Self {
        Self { name, files, open: Open::Plainly, expected }
    }
}

fn cases(start: &Start) -> Vec<Case> {
    let mut cases = Vec::new();
    for &(name, expected, sql) in IN_THE_FILE {
        cases.push(Case::of(name, expected, prepared(start, sql)));
    }
    for &(name, expected, columns) in COLUMNS {
        let sql = format!(
            "PRAGMA foreign_keys = OFF; ALTER TABLE schema_migrations RENAME TO before;
             CREATE TABLE schema_migrations {columns};
             INSERT INTO schema_migrations (version, name) SELECT version, name FROM before; DROP TABLE before"
        );
        cases.push(Case::of(name, expected, prepared(start, &sql)));
    }
    for &(name, expected, sql) in ON_THE_CONNECTION {
        let files = start.files.clone();
        cases.push(Case { name, files, open: Open::With(sql), expected });
    }
    cases.push(Case::of("a million rows", "NewerDatabase", prepared(start, A_MILLION_ROWS)));

    let file = |bytes: &[u8]| vec![(String::new(), bytes.to_vec())];
    cases.push(Case::of(
        "no database",
        "Sqlite NotADatabase",
        file(&b"a letter, and no database. ".repeat(99)),
    ));
    // SQLite takes what is too short for a header for a new database.
    cases.push(Case::of("one byte", "Ok", file(b"S")));
    cases.push(Case::of("no byte", "Ok", file(b"")));

    let hot = with_hot_journal(start);
    cases.push(Case::of("a hot journal", "Ok", hot.clone()));
    cases.push(Case {
        name: "a hot journal, read-only",
        files: hot,
        open: Open::ReadOnly,
        expected: "NeedsRecovery",
    });
    let files = start.files.clone();
    cases.push(Case { name: "a read-only connection", files, open: Open::ReadOnly, expected: "ReadOnly" });
    let log = with_log(start, "INSERT INTO notes (text) VALUES ('in the log')");
    let without: Files = log.iter().filter(|(suffix, _)| suffix.is_empty()).cloned().collect();
    cases.push(Case::of("a log", "Ok", log));
    cases.push(Case::of("a log that is gone", "Ok", without.clone()));
    // Nothing in a log says whose it is: SQLite takes its pages for the database's, which is then the other one.
    let other = with_log(&Start::fresh(), "CREATE TABLE other (a); INSERT INTO other VALUES (1)");
    let foreign = other.into_iter().filter(|(suffix, _)| suffix == "-wal");
    cases.push(Case::of("a log of another database", "Ok", without.into_iter().chain(foreign).collect()));
    cases
}

const A_MILLION_ROWS: &str = "
    DROP TABLE schema_migrations; CREATE TABLE schema_migrations (version TEXT, name TEXT);
    WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1001000)
    INSERT INTO schema_migrations SELECT i, 'step' FROM n";

fn prepared(start: &Start, sql: &str) -> Files {
    let folder = ladder::folder();
    let path = start.put(folder.path());
    let conn = Connection::open(&path).expect("a connection");
    conn.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    conn.close().map_err(|(_, error)| error).expect("it closes");
    taken(&path, &[""])
}

pub fn hostile() -> ExitCode {
    let tally = Tally::new("hostile");
    for case in cases(&Start::half_way()) {
        let _watched = Watched::new(case.name.to_owned());
        tally.count("cases", 1);
        inspect(&tally, &case);
    }
    #[cfg(unix)]
    protected(&tally, &Start::half_way());
    tally.finish(&[("cases", 47)])
}

/// Steps of SQLite's machine between two looks.
const STEPS: u32 = 1_000;

/// What a run may cost that is refused before it begins a migration.
const FEW: u64 = 50;

fn inspect(tally: &Tally, case: &Case) {
    let folder = ladder::folder();
    let path = ladder::put(&case.files, folder.path());
    let flags = if matches!(case.open, Open::ReadOnly) {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::default()
    };
    let mut conn = Connection::open_with_flags(&path, flags).expect("a connection");
    conn.execute_batch("PRAGMA busy_timeout = 77").expect("a setting");
    if let Open::With(sql) = case.open {
        conn.execute_batch(sql).expect("it can be prepared");
    }
    let looks = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&looks);
    let count = move || {
        counter.fetch_add(1, Ordering::Relaxed);
        false
    };
    let _ = conn.progress_handler(i32::try_from(STEPS).unwrap_or(i32::MAX), Some(count));
    let before = settings(&conn).expect("settings");
    let result = catch_unwind(AssertUnwindSafe(|| {
        let status = LADDER.status(&conn).err();
        (status, LADDER.runner().lock_timeout(Duration::from_millis(500)).run(&mut conn))
    }));
    let Ok((status, result)) = result else { return tally.violation(case.name, "it panics") };
    let looks = looks.load(Ordering::Relaxed);
    let end = ending(&result);
    if end != case.expected {
        tally.violation(case.name, format!("{} is expected: {result:?}", case.expected));
    }
    for told in status.iter().chain(result.as_ref().err()).map(ToString::to_string) {
        if !is_one_line(&told) || told.len() > 2_000 {
            tally.violation(case.name, format!("no line of text: {} bytes, {told:.200?}", told.len()));
        }
    }
    if result.is_err() && looks > FEW {
        tally.violation(case.name, format!("it is refused after {looks} thousand steps"));
    }
    match settings(&conn) {
        Ok(after) if after == before => {}
        after => tally.violation(case.name, format!("{before:?} became {after:?}")),
    }
    drop(conn);
    let after = taken(&path, &["", "-journal", "-wal"]);
    if result.is_err() {
        let (before, after) = (content(&case.files), content(&after));
        if before != after {
            tally.violation(case.name, format!("{before:?} became {after:?}"));
        }
    } else {
        let all = Connection::open(&path).map_err(|error| error.to_string());
        let all = all.and_then(|conn| ladder::recorded(&conn));
        if all != Ok(LADDER.len()) {
            tally.violation(case.name, format!("it succeeds with {all:?}"));
        }
    }
    tally.count(&end, 1);
}

/// What is in a database: its schema, and of each table how many rows, and a sum over them. SQLite's answer where it
/// cannot be read.
fn content(files: &Files) -> Result<Vec<(String, u64, u64)>, String> {
    let folder = ladder::folder();
    let conn = Connection::open(ladder::put(files, folder.path())).expect("a connection");
    let read = || -> rusqlite::Result<_> {
        let mut content = vec![table(&conn, "sqlite_master")?];
        let names: Vec<String> = conn
            .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for name in names {
            content.push(table(&conn, &name)?);
        }
        Ok(content)
    };
    read().map_err(|error| error.to_string())
}

fn table(conn: &Connection, name: &str) -> rusqlite::Result<(String, u64, u64)> {
    let mut statement = conn.prepare(&format!("SELECT * FROM \"{name}\""))?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let (mut count, mut sum) = (0, DefaultHasher::new());
    while let Some(row) = rows.next()? {
        count += 1;
        for column in 0..columns {
            match row.get_ref(column)? {
                ValueRef::Null => 0_u8.hash(&mut sum),
                ValueRef::Integer(number) => number.hash(&mut sum),
                ValueRef::Real(number) => number.to_bits().hash(&mut sum),
                ValueRef::Text(bytes) => ('t', bytes).hash(&mut sum),
                ValueRef::Blob(bytes) => ('b', bytes).hash(&mut sum),
            }
        }
    }
    Ok((name.to_owned(), count, sum.finish()))
}

/// A file, and then a folder, that may not be written.
#[cfg(unix)]
fn protected(tally: &Tally, start: &Start) {
    use std::os::unix::fs::PermissionsExt;

    for (name, of_the_folder, mode, expected) in [
        ("a read-only file", false, 0o444, "ReadOnly"),
        // Where a journal cannot be made, SQLite says so at the first write.
        ("a read-only folder", true, 0o555, "Failed"),
    ] {
        let folder = ladder::folder();
        let path = start.put(folder.path());
        let protected: &Path = if of_the_folder { folder.path() } else { &path };
        let permissions = |mode| fs::set_permissions(protected, fs::Permissions::from_mode(mode));
        permissions(mode).expect("permissions");
        let touched = if of_the_folder { &folder.path().join("other") } else { &path };
        let root = fs::OpenOptions::new().append(true).create(true).open(touched).is_ok();
        if root {
            println!("{name}: skipped, since to root nothing is read-only");
        } else {
            let mut conn = Connection::open(&path).expect("a connection");
            let result = LADDER.run(&mut conn);
            drop(conn);
            tally.count("cases", 1);
            tally.count(&ending(&result), 1);
            if ending(&result) != expected {
                tally.violation(name, format!("{expected} is expected: {result:?}"));
            }
            if taken(&path, &[""]) != start.files {
                tally.violation(name, "the file is another");
            }
        }
        permissions(0o755).expect("permissions");
    }
}
