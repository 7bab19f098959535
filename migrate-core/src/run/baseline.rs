//! A history for a database that was made without one, by hand or by another tool: it is given only where the schema is
//! what the migrations would have made.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::error::Error;
use super::pass::{read, waited};
use super::verify::{self, Verifier};
use super::wait::Wait;
use super::{connection, preflight};
use crate::live::history::History;
use crate::live::objects::{self, Id, Kind, Object, Objects};
use crate::live::row::{self, Answer, get};
use crate::model::set::Migrations;
use crate::sql::quote::{key, quoted};

impl Migrations {
    /// Records the migrations up to a version in a database that has none recorded, without running them, after it has
    /// checked that the schema is the one that they make.
    ///
    /// The same as [`verifier()`](Migrations::verifier)`.baseline(conn, version)`.
    ///
    /// # Errors
    ///
    /// See [`Verifier::baseline`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations, rusqlite::Connection};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut conn = Connection::open_in_memory()?;
    /// conn.execute_batch(
    ///     "CREATE TABLE users (
    ///        id         INTEGER PRIMARY KEY AUTOINCREMENT,
    ///        email      TEXT NOT NULL UNIQUE,
    ///        name       TEXT NOT NULL,
    ///        created_at TEXT NOT NULL DEFAULT (datetime('now'))
    ///      )",
    /// )?;
    ///
    /// MIGRATIONS.baseline(&mut conn, "001")?;
    /// assert_eq!(MIGRATIONS.run(&mut conn)?.applied().len(), 1); // 002_add_bio_to_users.sql
    /// # Ok(())
    /// # }
    /// ```
    pub fn baseline(&self, conn: &mut Connection, version: &str) -> Result<(), Error> {
        self.verifier().baseline(conn, version)
    }
}

impl Verifier<'_> {
    /// Records the migrations up to a version in a database that has none recorded, without running them.
    ///
    /// Under the write lock, the schema is compared with the one that the migrations make, as
    /// [`verify`](Verifier::verify) does; then the tracking table is created, and each file's own record is added, in one
    /// transaction. Where exactly these migrations are recorded already, as when two programs do this at once, it does
    /// nothing. `PRAGMA user_version` stays as it is, unless the set is `compatible`.
    ///
    /// # Errors
    ///
    /// Nothing is recorded then:
    ///
    /// - [`Error::Drift`]: the schema is another one. Tables of the tool that has made it are named to
    ///   [`ignoring`](Verifier::ignoring).
    /// - [`Error::UnusableTable`]: there is a history already, or a table of that name that another tool has made.
    /// - [`Error::UnknownTarget`], [`Error::InTransaction`], [`Error::ReadOnly`], [`Error::NoJournal`], [`Error::LockTimeout`],
    ///   [`Error::StaleBuild`], [`Error::NewerDatabase`], [`Error::Diverged`], [`Error::Sqlite`]: as for a
    ///   [run](super::Runner::run).
    /// - [`Error::InMemory`]: see [`verify`](Verifier::verify).
    pub fn baseline(&self, conn: &mut Connection, version: &str) -> Result<(), Error> {
        self.try_baseline(conn, version).map_err(|error| *error)
    }

    fn try_baseline(&self, conn: &mut Connection, version: &str) -> Result<(), Box<Error>> {
        if !conn.is_autocommit() {
            return Err(Error::InTransaction.into());
        }
        let migrations = self.migrations;
        preflight::supported(rusqlite::version_number())?;
        preflight::refuse_stale_build(migrations)?;
        let end = migrations.first(preflight::end(migrations, Some(version))?);
        let mut model = self.empty()?;
        let expected = self.run_to(end, &mut model)?;
        let conn = &*conn;
        let wait = Wait::new(self.lock_timeout);
        // Given back by its `Drop`, which also ends what is not committed.
        let mut loan = preflight::lend(conn, &wait)?;
        let read_only = waited(&wait, || connection::read_only(conn).map_err(Error::reading_schema))?;
        if let Some((query_only, migration)) = read_only.zip(end.first()) {
            return Err(Error::ReadOnly { migration, query_only }.into());
        }
        let journal = waited(&wait, || loan.ensure_journal().map_err(recording))?;
        if let Some(migration) = end.first().filter(|_| !journal) {
            return Err(Error::NoJournal { migration }.into());
        }
        waited(&wait, || {
            loan.end_transaction().and_then(|()| row::execute(conn, "BEGIN IMMEDIATE")).map_err(recording)
        })?;
        // Only what is seen under the lock counts.
        let standing = read(&History::new(migrations), conn, migrations)?;
        if let Some(database) = standing.newer {
            return Err(Error::NewerDatabase { database, binary: migrations.latest() }.into());
        }
        let found = objects::read(conn).map_err(Error::reading_schema)?;
        let same = |expected: &Objects| match self.differences(expected, &found) {
            none if none.is_empty() => Ok(()),
            // Nothing was edited after this database had run it: it has run nothing.
            some => Err(verify::drift(end, some, Vec::new())),
        };
        if standing.applied == end.len() {
            // Another process has been faster.
            return same(&expected);
        }
        let table = migrations.set().table;
        let is_tracking =
            |id: &Id, object: &Object| *id == (Kind::Table, key(table)) || key(&object.on) == key(table);
        if found.iter().any(|(id, object)| is_tracking(id, object)) {
            let reason =
                match standing.applied.checked_sub(1).and_then(|last| migrations.as_slice().get(last)) {
                    Some(last) => format!(
                        "records migrations up to {} already; a baseline is for a database without a history",
                        last.file_name()
                    ),
                    None => "is there already, without a record; drop it if no migration has run".to_owned(),
                };
            return Err(Error::UnusableTable { table, reason }.into());
        }
        let mut expected = expected;
        expected.retain(|id, object| !is_tracking(id, object));
        same(&expected)?;
        copy_history(&model, conn, table).map_err(recording)?;
        if migrations.set().compatible {
            copy_floor(&model, conn).map_err(recording)?;
        }
        waited(&wait, || row::execute(conn, "COMMIT").map_err(recording))
    }
}

/// Copies the tracking table with its rows, as the migrations have made them just now on a database of their own.
fn copy_history(model: &Connection, conn: &Connection, table: &str) -> Answer<()> {
    let mut texts = model.prepare(
        "SELECT sql FROM main.sqlite_master WHERE tbl_name = ?1 COLLATE NOCASE AND sql IS NOT NULL ORDER BY rowid",
    )?;
    let mut rows = texts.query([table])?;
    while let Some(row) = rows.next()? {
        conn.execute_batch(&get::<String>(row, 0)?)?;
    }
    let mut columns = model.prepare("SELECT name FROM pragma_table_xinfo(?1) WHERE hidden = 0")?;
    let columns: Vec<String> = columns
        .query_map([table], |row| Ok(quoted(&get::<String>(row, 0)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let (count, columns) = (columns.len(), columns.join(", "));
    let table = quoted(table);
    let values = vec!["?"; count].join(", ");
    let mut insert = conn.prepare(&format!("INSERT INTO main.{table} ({columns}) VALUES ({values})"))?;
    let mut records = model.prepare(&format!("SELECT {columns} FROM main.{table}"))?;
    let mut rows = records.raw_query();
    while let Some(row) = rows.next()? {
        let values: Vec<Value> = (0..count).map(|index| get(row, index)).collect::<rusqlite::Result<_>>()?;
        insert.execute(params_from_iter(values))?;
    }
    Ok(())
}

/// Copies what older builds are told by, where that is what the number is for.
fn copy_floor(model: &Connection, conn: &Connection) -> Answer<()> {
    let floor: i64 = row::value(model, "PRAGMA main.user_version")?;
    row::execute(conn, &format!("PRAGMA main.user_version = {floor}"))
}

fn recording(source: Box<rusqlite::Error>) -> Box<Error> {
    Error::sqlite("recording the baseline")(source)
}
