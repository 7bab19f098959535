//! From a path to a connection that is ready. In an order that writes nothing to a database that this program cannot use:
//! the switch to WAL already changes the file.

use std::path::Path;

use rusqlite::{Connection, ErrorCode};

use super::connection::{self, Loan};
use super::error::Error;
use super::pass::{reached, read, timed_out, waited};
use super::wait::Wait;
use super::{Runner, preflight, trace};
use crate::live::history::History;
use crate::live::locate::failure;
use crate::live::row::{self, Answer};
use crate::model::plan::Standing;
use crate::model::report::{Kept, Report};
use crate::model::set::Migrations;

impl Migrations {
    /// Opens a database, creates it where there is none, and applies what it lacks. The connection has foreign keys on, and
    /// the database is in WAL mode.
    ///
    /// Any number of processes may do this at once. A database that is read-only is opened where nothing is pending, and
    /// keeps its journal mode, as one does that cannot use WAL. `PRAGMA synchronous` is left alone.
    ///
    /// # Errors
    ///
    /// See [`Runner::open_with`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = std::env::temp_dir().join(format!("migrate-open-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # let path = folder.join("app.db");
    /// let conn = MIGRATIONS.open(&path)?;
    /// conn.execute("INSERT INTO users (email, name) VALUES ('a@example.org', 'A')", [])?;
    /// # drop(conn);
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Connection, Error> {
        self.open_with(path, |_| Ok(()))
    }

    /// Does what [`open`](Migrations::open) does after `setup` has prepared the connection: with functions and collations
    /// that migrations need, a key, a busy timeout.
    ///
    /// # Errors
    ///
    /// See [`Runner::open_with`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let conn = MIGRATIONS.open_with(":memory:", |conn| conn.pragma_update(None, "cache_size", -64_000))?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn open_with(
        &self,
        path: impl AsRef<Path>,
        setup: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<Connection, Error> {
        self.runner().open_with(path, setup).map(|(conn, _)| conn)
    }
}

impl Runner<'_> {
    /// Opens a database as [`Migrations::open_with`] does, with the options of this run, and gives the report of the run as
    /// well. [`lock_timeout`](Runner::lock_timeout) bounds all of it.
    ///
    /// In this order: the database is opened, `setup` is called, the history is read, the journal mode becomes WAL, foreign
    /// keys are turned on, and what is pending is applied. Nothing is written to a database that is newer, or not ours.
    ///
    /// # Errors
    ///
    /// - [`Error::Sqlite`]: the database cannot be opened, or `setup` failed.
    /// - [`Error::ReadOnlyFolder`]: something is pending, and SQLite cannot create its journal.
    /// - Those of [`Runner::run`]. The connection is closed with any of them.
    ///
    /// # Examples
    ///
    /// ```
    /// # use embed_migrations::{Event, Migrations, embed_migrations};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (conn, report) = MIGRATIONS
    ///     .runner()
    ///     .on_event(|event| {
    ///         if let Event::Applied { migration, .. } = event {
    ///             eprintln!("applied {}", migration.file_name());
    ///         }
    ///     })
    ///     .open_with(":memory:", |_| Ok(()))?;
    /// assert_eq!(report.applied().len(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn open_with(
        &mut self,
        path: impl AsRef<Path>,
        setup: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<(Connection, Report), Error> {
        trace::run(|| self.try_open(path.as_ref(), setup))
    }

    fn try_open(
        &mut self,
        path: &Path,
        setup: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<(Connection, Report), Box<Error>> {
        self.check()?;
        let wait = Wait::new(self.lock_timeout);
        let mut conn = Connection::open(path).map_err(Error::sqlite("opening the database"))?;
        setup(&conn).map_err(Error::setting_up)?;
        if !conn.is_autocommit() {
            return Err(Error::InTransaction.into());
        }
        self.prepare(&conn, &wait)?;
        // Not before: while a connection is on loan, its settings are put back.
        conn.execute_batch("PRAGMA foreign_keys = ON").map_err(Error::setting_up)?;
        let report = self.run_within(&mut conn, &wait)?;
        Ok((conn, report))
    }

    /// Switches to WAL, if the database is one that this program can use.
    fn prepare(&self, conn: &Connection, wait: &Wait) -> Result<(), Box<Error>> {
        let loan = preflight::lend(conn, wait)?;
        let history = History::new(self.migrations);
        let Standing { applied, newer } =
            waited(wait, || loan.snapshot(|| read(&history, conn, self.migrations)))?;
        // It is the newer build's to say which mode it has.
        if newer.is_some() {
            return Ok(());
        }
        let end = preflight::end(self.migrations, self.target.as_deref())?;
        let pending = if applied < end { self.migrations.as_slice().get(applied) } else { None };
        match switch_to_wal(&loan, wait) {
            Ok(()) => Ok(()),
            // What a run would meet too, but only in the middle of a migration.
            Err(source) if cannot_write(&source) => match pending {
                Some(migration) => Err(Error::ReadOnlyFolder { migration, source: *source }.into()),
                None => Ok(()),
            },
            Err(source) => {
                let database = reached(self.migrations, applied);
                let kept = || Box::new(Kept { applied: Vec::new(), database });
                Err(timed_out(Error::sqlite("switching to WAL")(source), pending, wait, kept))
            }
        }
    }
}

/// Where WAL is not possible, SQLite answers with the mode that stays. While another connection is at work it is BUSY, and
/// asks no busy handler.
fn switch_to_wal(loan: &Loan<'_>, wait: &Wait) -> Answer<()> {
    let conn = loan.conn;
    wait.retry(|| {
        let mode: String = row::value(conn, "PRAGMA main.journal_mode")?;
        if mode == "wal" || connection::read_only(conn)?.is_some() {
            return Ok(());
        }
        row::first(conn, "PRAGMA main.journal_mode = WAL", &[], |_| Ok(())).map(drop)
    })
}

fn cannot_write(error: &rusqlite::Error) -> bool {
    failure(error).is_some_and(|error| {
        matches!(error.code, ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied)
    })
}
