//! The tracking table of a database. The only file that holds its SQL.
//!
//! Reads it, always from `main`, and writes nothing: the migrations record themselves.

use rusqlite::Connection;
use rusqlite::types::{Type, ValueRef};

use super::locate::is_generic;
use super::row::{self, Answer, get};
use super::temporary;
use crate::model::digest::Digest;
use crate::model::divergence::{Divergence, Mismatch};
use crate::model::migration::Migration;
use crate::model::plan::{Progress, Standing};
use crate::model::set::Migrations;
use crate::sql::quote::quoted;

/// The name under which a version is recorded, if a run would take that row for a record: both must be stored
/// as text, where a column can make '000' the number 0. `table` is quoted.
pub(crate) fn recorded_name(conn: &Connection, table: &str, version: &str) -> Answer<Option<String>> {
    let sql = format!("SELECT version, name FROM main.{table} WHERE version = ?1");
    let name = row::first(conn, &sql, &[version], |row| {
        Ok(match (row.get_ref(0)?, row.get_ref(1)?) {
            (ValueRef::Text(stored), name @ ValueRef::Text(_)) if stored == version.as_bytes() => {
                Some(shown(name))
            }
            _ => None,
        })
    })?;
    Ok(name.flatten())
}

/// A value that should be text, as a message shows it. Writes no floating point, which takes much of a binary.
pub(crate) fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(_) => "a REAL".to_owned(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Why a history could not be read.
pub(crate) enum Unread {
    /// SQLite's answer.
    Sqlite(Box<rusqlite::Error>),
    /// The tracking table is not one that can be trusted, and what is wrong with it.
    Unusable(String),
    /// It is not the beginning of the embedded one.
    Mismatch(Mismatch),
}

impl From<Box<rusqlite::Error>> for Unread {
    fn from(error: Box<rusqlite::Error>) -> Self {
        Self::Sqlite(error)
    }
}

impl From<Divergence> for Unread {
    fn from(divergence: Divergence) -> Self {
        Self::Mismatch(divergence.into())
    }
}

impl From<Mismatch> for Unread {
    fn from(mismatch: Mismatch) -> Self {
        Self::Mismatch(mismatch)
    }
}

/// Rows beyond the embedded ones that are read to find out how much newer a database is. A hostile table
/// may hold millions.
const BEYOND: usize = 1000;

pub(crate) struct History {
    migrations: Migrations,
    /// Quoted.
    table: String,
}

impl History {
    pub(crate) fn new(migrations: Migrations) -> Self {
        Self { migrations, table: quoted(migrations.set().table) }
    }

    /// How far the database is. Reads the catalog and the table, which is one state only inside of a transaction.
    pub(crate) fn read(&self, conn: &Connection) -> Result<Standing, Unread> {
        if !self.exists(conn)? {
            return Ok(Standing { applied: 0, newer: None });
        }
        self.rows(conn)
    }

    /// Whether all migrations are recorded, each once, and in order: the usual case, known without a transaction and without
    /// a look at any migration. A look at one index is enough to trust the table: the statement that has found it is not
    /// finished before the rows are read, and so keeps what it has seen as it is.
    pub(crate) fn is_complete(&self, conn: &Connection) -> Result<bool, Unread> {
        self.refuse_hidden(conn)?;
        let (mut rows, mut digest) = (0, Digest::EMPTY);
        let mut add = |version: ValueRef<'_>, name: ValueRef<'_>| {
            let (ValueRef::Text(version), ValueRef::Text(name)) = (version, name) else { return false };
            digest.add(version, name);
            rows += 1;
            rows <= self.migrations.len()
        };
        let found = row::first(conn, &self.indexes(), &[], |_| Ok(self.select(conn, &mut add)))?;
        found.transpose()?;
        Ok(self.migrations.set().digest == Some(digest))
    }

    /// Shows version and name of each row to `look` for as long as that wants another one.
    fn select(
        &self,
        conn: &Connection,
        mut look: impl FnMut(ValueRef<'_>, ValueRef<'_>) -> bool,
    ) -> Result<(), Unread> {
        let sql = ["SELECT version, name FROM main.", &self.table].concat();
        row::ask(conn, &sql, &[], &mut |row| Ok(look(row.get_ref(0)?, row.get_ref(1)?)))
            .map_err(|error| self.unreadable(conn, error))
    }

    fn rows(&self, conn: &Connection) -> Result<Standing, Unread> {
        let mut progress = Progress::new(self.migrations);
        // Not a LIMIT, which would cost every run more than this count does.
        let mut left = self.migrations.len().saturating_add(BEYOND);
        let mut entered = Ok(());
        self.select(conn, |version, name| {
            entered = enter(&mut progress, version, name);
            left -= 1;
            left > 0 && entered.is_ok()
        })?;
        entered?;
        match progress.finish() {
            Ok(applied) => Ok(Standing { applied, newer: None }),
            Err(mismatch) if self.migrations.set().compatible => {
                let floor = row::value(conn, "PRAGMA main.user_version")?;
                Ok(Standing::with_floor(mismatch, self.migrations, floor)?)
            }
            Err(mismatch) => Err(mismatch.into()),
        }
    }

    /// Whether the table is there. Anything but an ordinary table of `main` would run somebody else's code,
    /// or send the records elsewhere.
    fn exists(&self, conn: &Connection) -> Result<bool, Unread> {
        self.refuse_hidden(conn)?;
        if row::any(conn, &self.indexes())? {
            return Ok(true);
        }
        let kind = match self.kind(conn, "main")?.as_deref() {
            None => return Ok(false),
            Some("table") => return Ok(true),
            Some("view") => "view".to_owned(),
            Some(kind) => format!("{kind} table"),
        };
        Err(Unread::Unusable(format!("is a {kind} in this database; it must be an ordinary table")))
    }

    fn refuse_hidden(&self, conn: &Connection) -> Result<(), Unread> {
        if temporary::is_there(conn) && self.kind(conn, "temp")?.is_some() {
            let reason = "is hidden by a temporary table or view of that name; drop that one";
            return Err(Unread::Unusable(reason.to_owned()));
        }
        Ok(())
    }

    /// Its indexes, as its primary key makes one. Views have none, and neither have virtual tables, unless their module declares
    /// a key. Unlike the kind of a table this is looked up without a walk over all of the schema.
    /// (`sqlite3_table_column_metadata` crashes on a virtual table that the connection has not used yet.)
    fn indexes(&self) -> String {
        ["PRAGMA main.index_list(", &self.table, ")"].concat()
    }

    /// The kind of table that SQLite takes the name for, by <https://sqlite.org/pragma.html#pragma_table_list>.
    fn kind(&self, conn: &Connection, schema: &str) -> Answer<Option<String>> {
        row::first(conn, &format!("PRAGMA {schema}.table_list({})", self.table), &[], |row| get(row, 2))
    }

    /// Refuses a table with triggers: they would run on the record of each migration.
    pub(crate) fn refuse_triggers(&self, conn: &Connection) -> Result<(), Unread> {
        match self.trigger(conn)? {
            Some(trigger) => Err(Unread::Unusable(format!("has the trigger {trigger}; drop it"))),
            None => Ok(()),
        }
    }

    /// A trigger of the table.
    pub(crate) fn trigger(&self, conn: &Connection) -> Answer<Option<String>> {
        let temp = temporary::is_there(conn).then_some("temp");
        for schema in std::iter::once("main").chain(temp) {
            let sql = format!(
                "SELECT name FROM {schema}.sqlite_master WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE"
            );
            let table = self.migrations.set().table;
            let trigger = row::first(conn, &sql, &[table], |row| Ok(shown(row.get_ref(0)?)))?;
            if trigger.is_some() {
                return Ok(trigger);
            }
        }
        Ok(None)
    }

    /// Whether the last change to the table was one new row, for this migration. If not: what was found. Where somebody
    /// reads all rows before anything is committed, one new row is enough.
    pub(crate) fn recorded(
        &self,
        conn: &Connection,
        migration: &Migration,
        before: usize,
        closely: bool,
    ) -> Answer<Result<(), String>> {
        let version = migration.version();
        // Two simple statements: preparing one that asks both costs SQLite several times as much.
        let count = format!("SELECT count(*) FROM main.{}", self.table);
        let rows: i64 = row::value(conn, &count)?;
        let rows = usize::try_from(rows).unwrap_or_default();
        if rows == before + 1 && !closely {
            return Ok(Ok(()));
        }
        let name = recorded_name(conn, &self.table, version)?;
        Ok(match name {
            Some(name) if rows == before + 1 && name == migration.name() => Ok(()),
            Some(name) if name != migration.name() => {
                Err(format!("it recorded version {version} as `{name}`, not as `{}`", migration.name()))
            }
            Some(_) => Err(format!("the number of its rows went from {before} to {rows}")),
            None => Err(match self.stored(conn, version)? {
                Some([stored, name]) => format!(
                    "the row for version {version} holds {stored} as version and {name} as name, and both must be \
                     that very TEXT"
                ),
                None => format!("there is no row for version {version}"),
            }),
        })
    }

    /// As what the row of a version is stored, where it is no record. SQLite puts it into words.
    fn stored(&self, conn: &Connection, version: &str) -> Answer<Option<[String; 2]>> {
        let sql = format!(
            "SELECT upper(typeof(version)), CAST(version AS TEXT), upper(typeof(name)), CAST(name AS TEXT) FROM main.{} \
             WHERE version = ?1",
            self.table
        );
        let stored = |kind: ValueRef<'_>, text: ValueRef<'_>| match (shown(kind).as_str(), shown(text)) {
            ("NULL", _) => "NULL".to_owned(),
            ("TEXT", text) => format!("the TEXT `{text}`"),
            (kind, text) => format!("the {kind} {text}"),
        };
        row::first(conn, &sql, &[version], |row| {
            Ok([stored(row.get_ref(0)?, row.get_ref(1)?), stored(row.get_ref(2)?, row.get_ref(3)?)])
        })
    }

    /// A table without the columns is not ours.
    fn unreadable(&self, conn: &Connection, error: Box<rusqlite::Error>) -> Unread {
        if is_generic(&error) && self.has_columns(conn).is_ok_and(|has| !has) {
            return Unread::Unusable(
                "has no columns version and name, so another tool may have made it".to_owned(),
            );
        }
        error.into()
    }

    fn has_columns(&self, conn: &Connection) -> Answer<bool> {
        let mut found = 0;
        row::ask(conn, &format!("PRAGMA main.table_info({})", self.table), &[], &mut |row| {
            let name: String = get(row, 1)?;
            found += usize::from(name.eq_ignore_ascii_case("version") || name.eq_ignore_ascii_case("name"));
            Ok(true)
        })?;
        Ok(found == 2)
    }
}

/// Enters a row.
fn enter(progress: &mut Progress, version: ValueRef<'_>, name: ValueRef<'_>) -> Result<(), Divergence> {
    if let (ValueRef::Text(version), ValueRef::Text(name)) = (version, name)
        && progress.enter_next(version, name)
    {
        return Ok(());
    }
    progress.enter(text(version, "version")?, text(name, "name")?)
}

fn text<'row>(value: ValueRef<'row>, column: &'static str) -> Result<&'row str, Divergence> {
    if let ValueRef::Text(bytes) = value
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Ok(text);
    }
    let found = match value.data_type() {
        Type::Null => "NULL",
        Type::Integer => "INTEGER",
        Type::Real => "REAL",
        Type::Text => "not UTF-8",
        Type::Blob => "BLOB",
    };
    Err(Divergence::NotText { column, found })
}
