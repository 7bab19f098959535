//! The tracking table of a database. The only file that holds its SQL.
//!
//! Reads it, always from `main`, and writes nothing: the migrations record themselves.

use rusqlite::types::{Type, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::live::row::get;
use crate::model::migration::{Migration, Migrations};
use crate::model::plan::Ledger;
use crate::run::error::{Divergence, Error};
use crate::sql::quote::quoted;

/// The name under which a version is recorded, if a run would take that row for a record: both must be stored
/// as text, where a column can make '000' the number 0. `table` is quoted.
pub(crate) fn recorded_name(
    conn: &Connection,
    table: &str,
    version: &str,
) -> rusqlite::Result<Option<String>> {
    let name = conn
        .prepare(&format!("SELECT version, name FROM main.{table} WHERE version = ?1"))?
        .query_row([version], |row| {
            Ok(match (row.get_ref(0)?, row.get_ref(1)?) {
                (ValueRef::Text(stored), name @ ValueRef::Text(_)) if stored == version.as_bytes() => {
                    Some(shown(name))
                }
                _ => None,
            })
        })
        .optional()?;
    Ok(name.flatten())
}

/// A value that should be text, as a message shows it.
pub(crate) fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
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

    /// How many migrations are applied. Reads the catalog and the table, which is one state only inside of
    /// a transaction.
    pub(crate) fn read(&self, conn: &Connection) -> Result<usize, Error> {
        if !self.exists(conn)? {
            return Ok(0);
        }
        let mut ledger = Ledger::new(self.migrations);
        let sql = format!("SELECT version, name FROM main.{}", self.table);
        let mut statement = conn.prepare(&sql).map_err(|error| self.unreadable(error))?;
        let mut rows = statement.raw_query();
        // Not a LIMIT, which would cost every run more than this count does.
        let mut left = self.migrations.len().saturating_add(BEYOND);
        while let Some(row) = rows.next().map_err(Error::reading)? {
            if left == 0 {
                break;
            }
            left -= 1;
            if let (Ok(ValueRef::Text(version)), Ok(ValueRef::Text(name))) = (row.get_ref(0), row.get_ref(1))
                && ledger.enter_next(version, name)
            {
                continue;
            }
            ledger.enter(self.text(row, 0, "version")?, self.text(row, 1, "name")?)?;
        }
        ledger.applied()
    }

    /// Whether the table is there. Anything but an ordinary table of `main` would run somebody else's code,
    /// or send the records elsewhere.
    fn exists(&self, conn: &Connection) -> Result<bool, Error> {
        if has_temp(conn).map_err(Error::reading)?
            && self.kind(conn, "temp").map_err(Error::reading)?.is_some()
        {
            return Err(self.unusable("is hidden by a temporary table or view of that name; drop that one"));
        }
        if self.has_index(conn).map_err(Error::reading)? {
            return Ok(true);
        }
        let kind = match self.kind(conn, "main").map_err(Error::reading)?.as_deref() {
            None => return Ok(false),
            Some("table") => return Ok(true),
            Some("view") => "view".to_owned(),
            Some(kind) => format!("{kind} table"),
        };
        Err(self.unusable(&format!("is a {kind} in this database, and must be an ordinary table")))
    }

    /// Whether it has an index, as its primary key makes one. Views and virtual tables have none, and unlike
    /// the kind of a table this is looked up without a walk over all of the schema.
    fn has_index(&self, conn: &Connection) -> rusqlite::Result<bool> {
        conn.prepare(&format!("PRAGMA main.index_list({})", self.table))?
            .raw_query()
            .next()
            .map(|row| row.is_some())
    }

    /// The kind of table that SQLite takes the name for, by <https://sqlite.org/pragma.html#pragma_table_list>.
    fn kind(&self, conn: &Connection, schema: &str) -> rusqlite::Result<Option<String>> {
        let mut statement = conn.prepare(&format!("PRAGMA {schema}.table_list({})", self.table))?;
        let mut rows = statement.raw_query();
        rows.next()?.map(|row| get(row, 2)).transpose()
    }

    /// Refuses a table with triggers: they would run on the record of each migration.
    pub(crate) fn refuse_triggers(&self, conn: &Connection) -> Result<(), Error> {
        match self.trigger(conn).map_err(Error::reading)? {
            Some(trigger) => Err(self.unusable(&format!("has the trigger {trigger}; drop it"))),
            None => Ok(()),
        }
    }

    /// A trigger of the table.
    pub(crate) fn trigger(&self, conn: &Connection) -> rusqlite::Result<Option<String>> {
        let temp = has_temp(conn)?.then_some("temp");
        for schema in std::iter::once("main").chain(temp) {
            let sql = format!(
                "SELECT name FROM {schema}.sqlite_master WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE"
            );
            let mut statement = conn.prepare(&sql)?;
            let mut rows = statement.query([self.migrations.set().table])?;
            if let Some(row) = rows.next()? {
                return Ok(Some(shown(row.get_ref(0)?)));
            }
        }
        Ok(None)
    }

    /// Whether the last change to the table was one new row, for this migration. If not: what was found.
    pub(crate) fn recorded(
        &self,
        conn: &Connection,
        migration: &Migration,
        before: usize,
    ) -> rusqlite::Result<Result<(), String>> {
        let version = migration.version();
        // Two simple statements: preparing one that asks both costs SQLite several times as much.
        let count = format!("SELECT count(*) FROM main.{}", self.table);
        let rows: i64 = conn.query_row(&count, [], |row| get(row, 0))?;
        let rows = usize::try_from(rows).unwrap_or_default();
        let name = recorded_name(conn, &self.table, version)?;
        Ok(match name {
            Some(name) if rows == before + 1 && name == migration.name() => Ok(()),
            Some(name) if name != migration.name() => {
                Err(format!("it recorded version {version} as `{name}`, not as `{}`", migration.name()))
            }
            Some(_) => Err(format!("{before} rows before have become {rows}")),
            None => Err(match self.stored(conn, version)? {
                Some([stored, name]) => format!(
                    "the row for version {version} holds {stored} as version and {name} as name, and both must be \
                     that very TEXT"
                ),
                None => format!("there is no row for version {version}"),
            }),
        })
    }

    /// As what the row of a version is stored, where it is no record.
    fn stored(&self, conn: &Connection, version: &str) -> rusqlite::Result<Option<[String; 2]>> {
        let sql = format!("SELECT version, name FROM main.{} WHERE version = ?1", self.table);
        let stored = |value: ValueRef<'_>| match value {
            ValueRef::Text(_) => format!("the TEXT `{}`", shown(value)),
            ValueRef::Null => "NULL".to_owned(),
            _ => format!("the {} {}", value.data_type().to_string().to_uppercase(), shown(value)),
        };
        conn.prepare(&sql)?
            .query_row([version], |row| Ok([stored(row.get_ref(0)?), stored(row.get_ref(1)?)]))
            .optional()
    }

    fn text<'row>(&self, row: &'row Row<'_>, index: usize, column: &'static str) -> Result<&'row str, Error> {
        let value = row.get_ref(index).map_err(Error::reading)?;
        if let ValueRef::Text(bytes) = value
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            return Ok(text);
        }
        let found = match value.data_type() {
            Type::Null => "NULL",
            Type::Integer => "INTEGER",
            Type::Real => "REAL",
            Type::Text => "no UTF-8",
            Type::Blob => "BLOB",
        };
        Err(Error::Diverged {
            table: self.migrations.set().table,
            divergence: Divergence::NotText { column, found },
        })
    }

    fn unusable(&self, reason: &str) -> Error {
        Error::UnusableTable { table: self.migrations.set().table, reason: reason.to_owned() }
    }

    /// SQLite says "no such column" of a table that is not ours.
    fn unreadable(&self, error: rusqlite::Error) -> Error {
        let message = error.to_string();
        if message.contains("no such column") {
            return self.unusable("has no columns version and name, so another tool may have made it");
        }
        Error::reading(error)
    }
}

/// Whether the connection has a temporary database. Naming it in a statement would create it, which costs more
/// than all that a run with nothing pending does.
fn has_temp(conn: &Connection) -> rusqlite::Result<bool> {
    let mut statement = conn.prepare("PRAGMA database_list")?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        if row.get_ref(1)?.as_bytes()? == b"temp" {
            return Ok(true);
        }
    }
    Ok(false)
}
