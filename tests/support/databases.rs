//! What the tests of the run share: sets of migrations that a test writes itself, databases on disk, and the
//! state of a connection. Black box, through the facade only.
#![allow(dead_code, reason = "each test crate uses a part of it")]

use std::path::PathBuf;
use std::time::Duration;

use embed_migrations::rusqlite::types::Value;
use embed_migrations::rusqlite::{self, Connection, OpenFlags};
use embed_migrations::{Cause, Error, Kept, Migration, Migrations, Reached};
use include_dir::{Dir, DirEntry, File};
use tempfile::TempDir;

pub(crate) const FIRST: &str = "\
BEGIN;
CREATE TABLE schema_migrations (
    version    TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    applied_at TEXT NOT NULL DEFAULT (datetime('now'))
);
INSERT INTO schema_migrations (version, name) VALUES ('000', 'create_schema_migrations');
COMMIT;
";

/// A folder that lives as long as the tests, as one embedded with `include_dir!` does.
pub(crate) fn folder(files: &[(&str, &[u8])]) -> &'static Dir<'static> {
    let leak = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    let files: Vec<_> = files
        .iter()
        .map(|(name, bytes)| {
            DirEntry::File(File::new(leak(name), Box::leak(bytes.to_vec().into_boxed_slice())))
        })
        .collect();
    Box::leak(Box::new(Dir::new("migrations", files.leak())))
}

/// What stands in a file after the first, as [`history`] writes it.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Statements with foreign keys on; the frame and the record are added.
    On(String),
    /// The same with foreign keys off.
    Off(String),
    /// The whole file.
    Whole(String),
}

pub(crate) fn on(body: impl Into<String>) -> Step {
    Step::On(body.into())
}

pub(crate) fn off(body: impl Into<String>) -> Step {
    Step::Off(body.into())
}

pub(crate) fn whole(text: impl Into<String>) -> Step {
    Step::Whole(text.into())
}

impl Step {
    fn text(&self, version: usize) -> String {
        let record =
            format!("INSERT INTO schema_migrations (version, name) VALUES ('{version:03}', 'step');");
        match self {
            Self::On(body) => format!("BEGIN;\n{body}\n{record}\nCOMMIT;\n"),
            Self::Off(body) => format!(
                "PRAGMA foreign_keys = OFF;\nBEGIN;\n{body}\n{record}\nCOMMIT;\nPRAGMA foreign_keys = ON;\n"
            ),
            Self::Whole(text) => text.clone(),
        }
    }
}

/// The files of a history: the usual first one, then `001_step.sql`, `002_step.sql` …
pub(crate) fn files(steps: &[Step]) -> Vec<(String, String)> {
    let first = ("000_create_schema_migrations.sql".to_owned(), FIRST.to_owned());
    let steps = (1..).zip(steps);
    let steps = steps.map(|(version, step)| (format!("{version:03}_step.sql"), step.text(version)));
    [first].into_iter().chain(steps).collect()
}

pub(crate) fn history(steps: &[Step]) -> Migrations {
    let files = files(steps);
    let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    Migrations::from_dir(folder(&files)).unwrap_or_else(|error| panic!("{error:?}"))
}

/// A database file of a test's own.
pub(crate) struct Db {
    _folder: TempDir,
    pub(crate) path: PathBuf,
    /// Of every connection; the file itself remembers only WAL.
    journal_mode: Option<&'static str>,
}

impl Db {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("app.db");
        Self { _folder: folder, path, journal_mode: None }
    }

    /// A database that exists already, in this journal mode.
    pub(crate) fn in_mode(journal_mode: &'static str) -> Self {
        let mut db = Self::new();
        let conn = db.open();
        set_mode(&conn, journal_mode);
        // An empty file has no mode to remember.
        conn.execute_batch("PRAGMA user_version = 7").expect("a page");
        if journal_mode != "wal" {
            db.journal_mode = Some(journal_mode);
        }
        db
    }

    pub(crate) fn open(&self) -> Connection {
        let conn = Connection::open(&self.path).expect("a connection");
        // The default would have to read the database first, which may be locked.
        if let Some(mode) = self.journal_mode.filter(|mode| *mode != "delete") {
            set_mode(&conn, mode);
        }
        conn
    }

    pub(crate) fn open_read_only(&self) -> Connection {
        Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a connection")
    }

    /// Opens with foreign keys on, off, or as this SQLite has them by default.
    pub(crate) fn open_with(&self, foreign_keys: Option<bool>) -> Connection {
        let conn = self.open();
        if let Some(on) = foreign_keys {
            conn.pragma_update(None, "foreign_keys", on).expect("a pragma");
        }
        conn
    }

    /// Only without a connection of this process: closing the file would drop its locks.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.path).expect("the database file")
    }

    pub(crate) fn beside(&self, suffix: &str) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(suffix);
        path.into()
    }
}

fn set_mode(conn: &Connection, mode: &str) {
    let set: String = one(conn, &format!("PRAGMA journal_mode = {mode}"));
    assert_eq!(set, mode);
}

pub(crate) fn memory() -> Connection {
    Connection::open_in_memory().expect("a connection")
}

/// What a run has to put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) foreign_keys: bool,
    pub(crate) legacy_alter_table: bool,
    pub(crate) busy_timeout: i64,
    pub(crate) journal_mode: String,
    pub(crate) autocommit: bool,
}

pub(crate) fn state(conn: &Connection) -> State {
    State {
        foreign_keys: one(conn, "PRAGMA foreign_keys"),
        legacy_alter_table: one(conn, "PRAGMA legacy_alter_table"),
        busy_timeout: one(conn, "PRAGMA busy_timeout"),
        journal_mode: one(conn, "PRAGMA main.journal_mode"),
        autocommit: conn.is_autocommit(),
    }
}

/// The single value of a query.
pub(crate) fn one<T: embed_migrations::rusqlite::types::FromSql>(conn: &Connection, sql: &str) -> T {
    conn.query_row(sql, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// All rows of a query.
pub(crate) fn rows(conn: &Connection, sql: &str) -> Vec<Vec<Value>> {
    let mut statement = conn.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let columns = statement.column_count();
    statement
        .query_map([], |row| (0..columns).map(|index| row.get(index)).collect())
        .and_then(Iterator::collect)
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// The rows of a query as text, values joined by `|`.
pub(crate) fn shown(conn: &Connection, sql: &str) -> Vec<String> {
    let show = |value: &Value| match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Blob(bytes) => format!("{bytes:?}"),
    };
    rows(conn, sql).iter().map(|row| row.iter().map(show).collect::<Vec<_>>().join("|")).collect()
}

pub(crate) fn tables(conn: &Connection) -> Vec<String> {
    shown(conn, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
}

/// The schema, and the rows of every table, by name; when a migration was applied is left out.
pub(crate) fn dump(conn: &Connection) -> Vec<(String, Vec<String>)> {
    let schema = shown(conn, "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name");
    let rows = tables(conn).into_iter().map(|table| {
        let quoted = table.replace('"', "\"\"");
        let columns = match table.as_str() {
            "schema_migrations" => "version, name",
            _ => "*",
        };
        let mut rows = shown(conn, &format!("SELECT {columns} FROM \"{quoted}\""));
        rows.sort_unstable();
        (table, rows)
    });
    [("schema".to_owned(), schema)].into_iter().chain(rows).collect()
}

/// The recorded versions, read without the library.
pub(crate) fn recorded(conn: &Connection) -> Vec<String> {
    if tables(conn).iter().any(|table| table == "schema_migrations") {
        shown(conn, "SELECT version FROM schema_migrations ORDER BY version")
    } else {
        Vec::new()
    }
}

pub(crate) fn versions<'a>(
    migrations: impl IntoIterator<Item = &'a &'static Migration>,
) -> Vec<&'static str> {
    migrations.into_iter().map(|migration| migration.version()).collect()
}

/// What a failed migration tells: its version, line and column, the cause, and how far the database is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) version: &'static str,
    pub(crate) place: (usize, usize),
    pub(crate) cause: String,
    pub(crate) applied: Vec<&'static str>,
    pub(crate) database: Option<&'static str>,
}

pub(crate) fn told(result: Result<embed_migrations::Report, Error>) -> Told {
    match result {
        Err(Error::Failed { migration, place, kept, source, .. }) => Told {
            version: migration.version(),
            place: (place.line, place.column),
            cause: match &*source {
                Cause::Sqlite { source, .. } => answer(source),
                cause => cause.to_string(),
            },
            applied: versions(&kept.applied),
            database: reached(&kept),
        },
        other => panic!("a migration was to fail: {other:?}"),
    }
}

/// What SQLite says, without what rusqlite adds to it.
pub(crate) fn answer(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

/// The last version in a database that could be read back.
#[track_caller]
pub(crate) fn reached(kept: &Kept) -> Option<&'static str> {
    match kept.database {
        Reached::Nothing => None,
        Reached::Migration(last) => Some(last.version()),
        other => panic!("the database could not be read back: {other:?}"),
    }
}

/// The code of SQLite's answer below an error.
pub(crate) fn extended_code(error: &Error) -> Option<i32> {
    let source = match error {
        Error::Failed { source, .. } => match &**source {
            Cause::Sqlite { source, .. } => source,
            _ => return None,
        },
        Error::SettingNotApplied { source, .. } => source.as_ref()?,
        Error::SettingNotRestored { answer, .. } => answer.as_ref()?,
        Error::Sqlite { source, .. } | Error::LockTimeout { source, .. } => source,
        _ => return None,
    };
    match source {
        rusqlite::Error::SqliteFailure(error, _) | rusqlite::Error::SqlInputError { error, .. } => {
            Some(error.extended_code)
        }
        _ => None,
    }
}

/// Long enough for anything that ends, short enough for a test that has gone wrong.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) const MOMENT: Duration = Duration::from_millis(30);
