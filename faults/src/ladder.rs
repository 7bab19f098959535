//! The migrations that every fault is tried on, the databases that they start from, and what each database is
//! after so many of them where nothing goes wrong.

use std::fs;
use std::path::{Path, PathBuf};

use embed_migrations::{Migrations, embed_migrations};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use tempfile::TempDir;

/// Data steps, two rebuilds with foreign keys off, a view, a trigger, FTS5, indexes, deferred foreign keys, a step in Rust.
pub static LADDER: Migrations = embed_migrations!("ladder", steps = [count_words]);

/// What the step says to SQLite, by which a trace knows where it runs.
pub(crate) const OF_THE_STEP: [&str; 2] =
    ["SELECT id, length(title) FROM books", "UPDATE books SET words = ?1 WHERE id = ?2"];

/// Guesses how many words a title has. In numbers: without memory, rusqlite cannot read a text.
fn count_words(conn: &Connection) -> rusqlite::Result<()> {
    let [titles, update] = OF_THE_STEP;
    let titles: Vec<(i64, i64)> = conn
        .prepare(titles)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut update = conn.prepare(update)?;
    titles.iter().try_for_each(|(id, length)| update.execute((length / 6 + 1, id)).map(drop))
}

/// The migrations that a database half-way has, and a user's rows with them.
const HALF_WAY: &str = "002";

const USER_ROWS: &str = "
    INSERT INTO authors (name) VALUES ('Mine'), ('mine'), ('My second');
    INSERT INTO books (author_id, title, body)
        SELECT id, 'Book of ' || name, 'It was mine' FROM authors WHERE name LIKE 'm%';
    INSERT INTO notes (text) VALUES ('one'), ('two'), ('three, which is longer');";

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Journal {
    Delete,
    Truncate,
    Persist,
    Wal,
}

impl Journal {
    pub const ALL: [Self; 4] = [Self::Delete, Self::Truncate, Self::Persist, Self::Wal];

    pub fn name(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Truncate => "truncate",
            Self::Persist => "persist",
            Self::Wal => "wal",
        }
    }

    pub fn set(self, conn: &Connection) -> rusqlite::Result<()> {
        let sql = format!("PRAGMA journal_mode = {}", self.name());
        let set: String = conn.query_row(&sql, [], |row| row.get(0))?;
        assert_eq!(set, self.name(), "the journal mode can be set");
        Ok(())
    }
}

/// Everything in a database but the time of day: its schema and the rows of each table, a line each.
pub type State = Vec<String>;

/// What stands after the path of a database, such as `-journal`, and what is in the file.
pub type Files = Vec<(String, Vec<u8>)>;

/// A database that migrations start from.
#[derive(Clone)]
pub struct Start {
    pub name: String,
    pub files: Files,
    /// How many migrations it has at least. A start that a power cut has left may have more.
    pub applied: usize,
    /// Whether a crash has left it, so that whoever opens it has to mend it first.
    pub crashed: bool,
    /// What it is after so many migrations where nothing goes wrong, from `applied` on.
    pub states: Vec<State>,
}

impl Start {
    /// No file at all.
    pub fn fresh() -> Self {
        Self { name: "fresh".to_owned(), files: Vec::new(), applied: 0, crashed: false, states: Vec::new() }
            .with_states()
    }

    /// Three migrations, and a user's rows.
    pub fn half_way() -> Self {
        let folder = folder();
        let path = folder.path().join("app.db");
        let mut conn = Connection::open(&path).expect("a connection");
        let report = LADDER.runner().target(HALF_WAY).run(&mut conn).expect("nothing is in the way");
        let applied = report.applied().len();
        conn.execute_batch(USER_ROWS).expect("rows");
        conn.close().map_err(|(_, error)| error).expect("it closes");
        let files = taken(&path, &[""]);
        Self { name: "half-way".to_owned(), files, applied, crashed: false, states: Vec::new() }.with_states()
    }

    /// What a crash has left of a run that started here, at least so many migrations in.
    pub fn crashed(&self, name: String, files: Files) -> Self {
        Self { name, files, crashed: true, ..self.clone() }
    }

    fn with_states(mut self) -> Self {
        let folder = folder();
        let path = self.put(folder.path());
        let mut conn = Connection::open(path).expect("a connection");
        self.states = (self.applied..=LADDER.len())
            .map(|count| {
                if let Some(last) = count.checked_sub(1).and_then(|last| LADDER.iter().nth(last)) {
                    LADDER.runner().target(last.version()).run(&mut conn).expect("nothing is in the way");
                }
                state(&conn).expect("it can be read")
            })
            .collect();
        self
    }

    /// Writes its files into a folder: the path of the database.
    pub fn put(&self, folder: &Path) -> PathBuf {
        put(&self.files, folder)
    }

    /// What it is with so many migrations.
    pub fn with(&self, count: usize) -> Option<&State> {
        self.states.get(count.checked_sub(self.applied)?)
    }
}

/// Writes files into a folder: the path of the database.
pub fn put(files: &Files, folder: &Path) -> PathBuf {
    let path = folder.join("app.db");
    for (suffix, bytes) in files {
        fs::write(beside(&path, suffix), bytes).expect("a file");
    }
    path
}

/// Reads the files of a database. Ends the locks that this process has on them.
pub fn taken(path: &Path, suffixes: &[&str]) -> Files {
    let read = |suffix: &&str| Some(((*suffix).to_owned(), fs::read(beside(path, suffix)).ok()?));
    suffixes.iter().filter_map(read).collect()
}

pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}

/// A folder of a point's own: in memory where the system has such a place, since nobody cuts the power here.
pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    tempfile::Builder::new().prefix("faults-").tempdir_in(place).expect("a temporary folder")
}

/// How many migrations a database records, without the library. An error in words where they are no beginning of
/// the ladder, each once.
pub fn recorded(conn: &Connection) -> Result<usize, String> {
    let told = |error: rusqlite::Error| error.to_string();
    let there = "SELECT count(*) FROM sqlite_master WHERE name = 'schema_migrations'";
    if conn.query_row(there, [], |row| row.get::<_, i64>(0)).map_err(told)? == 0 {
        return Ok(0);
    }
    let mut statement =
        conn.prepare("SELECT version, name FROM schema_migrations ORDER BY version").map_err(told)?;
    let rows: Vec<(String, String)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .and_then(Iterator::collect)
        .map_err(told)?;
    let expected = LADDER.iter().map(|migration| (migration.version(), migration.name()));
    let same =
        rows.iter().map(|(version, name)| (version.as_str(), name.as_str())).eq(expected.take(rows.len()));
    if same { Ok(rows.len()) } else { Err(format!("it records {rows:?}")) }
}

/// Reads a [`State`].
pub fn state(conn: &Connection) -> rusqlite::Result<State> {
    let mut state = Vec::new();
    let mut read = |prefix: &str, sql: &str| -> rusqlite::Result<()> {
        let mut statement = conn.prepare(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        let first = state.len();
        while let Some(row) = rows.next()? {
            let mut line = prefix.to_owned();
            for column in 0..columns {
                line.push('|');
                match row.get_ref(column)? {
                    ValueRef::Null => line.push_str("NULL"),
                    ValueRef::Integer(number) => line.push_str(&number.to_string()),
                    ValueRef::Real(number) => line.push_str(&number.to_string()),
                    ValueRef::Text(text) => line.push_str(&String::from_utf8_lossy(text)),
                    ValueRef::Blob(bytes) => line.push_str(&format!("{bytes:x?}")),
                }
            }
            state.push(line);
        }
        state.get_mut(first..).unwrap_or_default().sort_unstable();
        Ok(())
    };
    // How FTS5 lays out its own tables depends on when it was committed; what it holds and finds does not.
    const SHADOW: &str = "name IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')";
    read("schema", &format!("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE NOT {SHADOW}"))?;
    let tables: Vec<String> = conn
        .prepare(&format!(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND NOT {SHADOW} ORDER BY name"
        ))?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for table in tables {
        match table.as_str() {
            "schema_migrations" => read(&table, "SELECT version, name FROM schema_migrations")?,
            "search" => {
                read(&table, "SELECT rowid, * FROM search")?;
                read("found", "SELECT rowid FROM search WHERE search MATCH 'author AND 1*'")?;
            }
            _ => read(&table, &format!("SELECT rowid, * FROM \"{table}\""))?,
        }
    }
    let views: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for view in views {
        read(&view, &format!("SELECT * FROM \"{view}\""))?;
    }
    Ok(state)
}
