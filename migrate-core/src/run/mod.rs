//! Applies to a database what it lacks: what a caller sees of it.
//!
//! `preflight` refuses what cannot work, `pass` carries the plan out, `apply` runs one migration. None of them decides
//! anything about a text, and at any moment, a crash included, the database holds a prefix of the history.

mod apply;
pub(crate) mod backup;
mod baseline;
mod clock;
mod connection;
pub(crate) mod drift;
pub(crate) mod error;
mod in_memory;
mod open;
mod pass;
mod preflight;
mod step;
mod trace;
pub(crate) mod verify;
pub(crate) mod wait;
mod words;

use std::fmt;
use std::time::Duration;

use rusqlite::Connection;

use self::backup::{Backup, Begin, begin};
use self::connection::SettingFailed;
use self::error::Error;
use self::pass::{Pass, read, waited};
use self::wait::Wait;
use crate::live::history::History;
use crate::model::event::Event;
use crate::model::report::Report;
use crate::model::set::Migrations;
use crate::model::status::Status;

/// Waits this long for other connections unless [`Runner::lock_timeout`] says otherwise. SQLite's usual five
/// seconds are less than a migration of a large database takes in another process.
const LOCK_TIMEOUT: Duration = Duration::from_secs(60);

impl Migrations {
    /// Applies what the database lacks, and does nothing the second time.
    ///
    /// The same as [`runner()`](Migrations::runner)`.run(conn)`.
    ///
    /// # Errors
    ///
    /// See [`Runner::run`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations, rusqlite::Connection};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut conn = Connection::open_in_memory()?;
    /// let report = MIGRATIONS.run(&mut conn)?;
    /// assert_eq!(report.applied().len(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn run(&self, conn: &mut Connection) -> Result<Report, Error> {
        self.runner().run(conn)
    }

    /// A run with options.
    ///
    /// ```
    /// # use embed_migrations::{Event, Migrations, embed_migrations, rusqlite::Connection};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mut conn = Connection::open_in_memory()?;
    /// MIGRATIONS
    ///     .runner()
    ///     .on_event(|event| {
    ///         if let Event::Started { migration, position, total, .. } = event {
    ///             println!("{position}/{total} {}", migration.file_name());
    ///         }
    ///     })
    ///     .run(&mut conn)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn runner<'a>(&self) -> Runner<'a> {
        Runner {
            migrations: *self,
            on_event: None,
            lock_timeout: LOCK_TIMEOUT,
            target: None,
            all_or_nothing: false,
            backup: None,
            without_steps: false,
        }
    }

    /// How far a database is. Writes nothing, and works on a read-only database and inside a transaction.
    ///
    /// # Errors
    ///
    /// - [`Error::NewerDatabase`], [`Error::Diverged`]: the history is not the beginning of this binary's.
    /// - [`Error::UnusableTable`]: the tracking table is a view, hidden by a temporary table, or another tool's.
    /// - [`Error::LockTimeout`]: another connection kept the database locked for 60 seconds ([`Runner::status`] waits for
    ///   as long as it is told).
    /// - [`Error::NeedsRecovery`]: a write was cut off, and the connection is read-only.
    /// - [`Error::UnsupportedSqlite`], [`Error::Sqlite`]: SQLite is too old, or cannot read the database.
    ///
    /// # Examples
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations, rusqlite::Connection};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let conn = Connection::open_in_memory()?;
    /// assert_eq!(MIGRATIONS.status(&conn)?.pending().len(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn status(&self, conn: &Connection) -> Result<Status, Error> {
        self.runner().status(conn)
    }
}

type Listener<'a> = Option<Box<dyn FnMut(Event) + 'a>>;

/// A run with options, made by [`Migrations::runner`].
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// # use embed_migrations::{Migrations, embed_migrations, rusqlite::Connection};
/// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let mut conn = Connection::open_in_memory()?;
/// let report = MIGRATIONS
///     .runner()
///     .lock_timeout(Duration::from_secs(5))
///     .target("001")
///     .all_or_nothing()
///     .run(&mut conn)?;
/// assert_eq!(report.applied().len(), 2);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing happens before `run`"]
pub struct Runner<'a> {
    migrations: Migrations,
    on_event: Listener<'a>,
    lock_timeout: Duration,
    target: Option<String>,
    all_or_nothing: bool,
    backup: Option<(Backup<'a>, Begin)>,
    without_steps: bool,
}

impl fmt::Debug for Runner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner")
            .field("migrations", &self.migrations)
            .field("lock_timeout", &self.lock_timeout)
            .field("target", &self.target)
            .field("all_or_nothing", &self.all_or_nothing)
            .field("backup", &self.backup.as_ref().map(|(backup, _)| backup))
            .finish_non_exhaustive()
    }
}

impl<'a> Runner<'a> {
    /// Is told of every migration that starts, of every statement of it that has run, and of every migration that is
    /// applied.
    ///
    /// Where records turn out to be wrong before a COMMIT, its files are rolled back and run once more to find out whose they
    /// are, and what starts is told again. What is applied never is.
    ///
    /// ```
    /// # use embed_migrations::{Event, Migrations, embed_migrations, rusqlite::Connection};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mut conn = Connection::open_in_memory()?;
    /// let mut lines = Vec::new();
    /// MIGRATIONS
    ///     .runner()
    ///     .on_event(|event| match event {
    ///         Event::Started { migration, .. } => {
    ///             lines.push(format!("Running migration: {}", migration.file_name()));
    ///         }
    ///         Event::Step { migration, statement, of, .. } => {
    ///             println!("{}: {statement} of {of}", migration.version());
    ///         }
    ///         Event::Applied { migration, elapsed, .. } => println!("{} took {elapsed:?}", migration.version()),
    ///         _ => {}
    ///     })
    ///     .run(&mut conn)?;
    /// assert_eq!(lines[1], "Running migration: 001_create_users.sql");
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_event(mut self, on_event: impl FnMut(Event) + 'a) -> Self {
        self.on_event = Some(Box::new(on_event));
        self
    }

    /// How long this call may wait for other connections in all; 60 seconds unless set. Zero does not wait.
    ///
    /// After a failure, reading back what was kept may take a moment more. The connection's own busy timeout is
    /// not used meanwhile. A custom busy handler is left in place, and may wait longer.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use embed_migrations::{Error, Migrations, embed_migrations, rusqlite::Connection};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = std::env::temp_dir().join(format!("migrate-doc-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # let path = folder.join("app.db");
    /// let other = Connection::open(&path)?;
    /// other.execute_batch("BEGIN IMMEDIATE")?;
    ///
    /// let mut conn = Connection::open(&path)?;
    /// let result = MIGRATIONS.runner().lock_timeout(Duration::from_millis(10)).run(&mut conn);
    /// assert!(matches!(result, Err(Error::LockTimeout { .. })));
    /// # drop((conn, other));
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn lock_timeout(mut self, lock_timeout: Duration) -> Self {
        self.lock_timeout = lock_timeout;
        self
    }

    /// Stops after this version, which is compared as a number. One at or below what is applied does nothing:
    /// there is no way back.
    ///
    /// ```
    /// # use embed_migrations::{Error, Migrations, embed_migrations, rusqlite::Connection};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mut conn = Connection::open_in_memory()?;
    /// MIGRATIONS.runner().target("001").run(&mut conn)?;
    /// assert_eq!(MIGRATIONS.status(&conn)?.applied().len(), 2);
    ///
    /// let beyond = MIGRATIONS.runner().target("007").run(&mut conn);
    /// assert!(matches!(beyond, Err(Error::UnknownTarget { .. })));
    /// # Ok(())
    /// # }
    /// ```
    pub fn target(mut self, version: impl Into<String>) -> Self {
        self.target = Some(version.into());
        self
    }

    /// Keeps nothing of this call when a migration fails. Without it, the migrations before the failing one
    /// stay.
    ///
    /// All pending migrations then share one transaction. Where they cannot (one of them turns foreign keys
    /// off, say), the run is refused before anything is touched.
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations, rusqlite::Connection};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut conn = Connection::open_in_memory()?;
    /// conn.execute_batch("CREATE TABLE users (id)")?; // in the way of 001_create_users.sql
    ///
    /// assert!(MIGRATIONS.runner().all_or_nothing().run(&mut conn).is_err());
    /// assert!(MIGRATIONS.status(&conn)?.applied().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn all_or_nothing(mut self) -> Self {
        self.all_or_nothing = true;
        self
    }

    /// Copies the database before anything in it changes, if something is pending. Other connections wait meanwhile, for
    /// [as long as they may](Runner::lock_timeout).
    ///
    /// A run that fails and has changed nothing removes its copy.
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations, rusqlite::Connection};
    /// use embed_migrations::Backup;
    ///
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mut conn = Connection::open_in_memory()?;
    /// let report = MIGRATIONS.runner().backup(Backup::beside_database().keep(3)).run(&mut conn)?;
    /// assert_eq!(report.backup(), None); // a database in memory has no file
    /// # Ok(())
    /// # }
    /// ```
    pub fn backup(mut self, backup: Backup<'a>) -> Self {
        self.backup = Some((backup, begin));
        self
    }

    /// Leaves steps in Rust out: for a schema without rows, which they would not change.
    pub(crate) fn without_steps(mut self) -> Self {
        self.without_steps = true;
        self
    }

    /// Applies what the database lacks.
    ///
    /// With nothing pending it only reads, so it works on a read-only database. Otherwise each migration is
    /// applied whole or not at all, whatever happens; several processes may start at once, and each migration
    /// is applied by one of them. The connection comes back as it was: no open transaction, and foreign keys,
    /// legacy_alter_table, busy timeout and journal mode as before.
    ///
    /// # Tracing
    ///
    /// With the feature `tracing`, a run is a span `migrate` (INFO) with events in it, all with the target
    /// `embed_migrations`. These names and fields stay as they are:
    ///
    /// - INFO for each migration that is in the database for good: `version`, `name`, `elapsed_ms`;
    /// - DEBUG for each time that the run had to wait for another connection: `waited_ms`;
    /// - ERROR where it fails, with the error as its message; and where a migration failed, `file`, `line`, `column` and
    ///   `cause`.
    ///
    /// # Errors
    ///
    /// Before anything is touched:
    ///
    /// - [`Error::InTransaction`]: the connection is in a transaction.
    /// - [`Error::UnsupportedSqlite`]: SQLite is older than 3.38.0.
    /// - [`Error::StaleBuild`]: a debug build lacks a migration that the folder holds.
    /// - [`Error::UnknownTarget`]: the target is not an embedded version.
    /// - [`Error::NewerDatabase`]: a newer build has migrated the database.
    /// - [`Error::Diverged`]: the history is not the beginning of this binary's.
    /// - [`Error::UnusableTable`]: the tracking table is a view, hidden, another tool's, or has triggers.
    /// - [`Error::Hidden`]: a temporary object hides one of the database that the migrations may be about.
    /// - [`Error::ReadOnly`], [`Error::NoJournal`]: the database cannot be written, or not rolled back.
    /// - [`Error::NeedsRecovery`]: a write was cut off, and the connection is read-only.
    /// - [`Error::SeveralTransactions`]: all or nothing was asked for and cannot be given.
    /// - [`Error::Backup`]: a [backup](Runner::backup) was asked for and cannot be made.
    ///
    /// Later:
    ///
    /// - [`Error::LockTimeout`]: another connection held the database for too long.
    /// - [`Error::Failed`]: a migration failed and was rolled back; those before it stay.
    /// - [`Error::SettingNotApplied`]: a setting of the connection cannot become what a migration needs.
    /// - [`Error::SettingNotRestored`]: a setting of the connection could not be put back, whether the run had failed
    ///   before or not.
    /// - [`Error::Sqlite`]: SQLite refused something else, such as reading a file that is not a database.
    ///
    /// # Examples
    ///
    /// ```
    /// # use embed_migrations::{Error, Migrations, embed_migrations, rusqlite::Connection};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut conn = Connection::open_in_memory()?;
    /// conn.execute_batch("CREATE TABLE users (id)")?; // in the way of 001_create_users.sql
    ///
    /// match MIGRATIONS.run(&mut conn) {
    ///     Err(Error::Failed { migration, place, .. }) => {
    ///         assert_eq!((migration.version(), place.line, place.column), ("001", 3, 14));
    ///     }
    ///     other => panic!("{other:?}"),
    /// }
    /// // What came before it is kept.
    /// assert_eq!(MIGRATIONS.status(&conn)?.applied().len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn run(&mut self, conn: &mut Connection) -> Result<Report, Error> {
        trace::run(|| self.try_run(conn))
    }

    fn try_run(&mut self, conn: &mut Connection) -> Result<Report, Box<Error>> {
        if !conn.is_autocommit() {
            return Err(Error::InTransaction.into());
        }
        self.check()?;
        self.run_within(conn, &Wait::new(self.lock_timeout))
    }

    /// What can be refused without a database.
    fn check(&self) -> Result<(), Box<Error>> {
        preflight::supported(rusqlite::version_number())?;
        preflight::refuse_stale_build(self.migrations)?;
        preflight::end(self.migrations, self.target.as_deref()).map(drop)
    }

    fn run_within(&mut self, conn: &mut Connection, wait: &Wait) -> Result<Report, Box<Error>> {
        let end = preflight::end(self.migrations, self.target.as_deref())?;
        let conn = &*conn;
        let mut pass = Pass {
            conn,
            wait,
            loan: preflight::lend(conn, wait)?,
            history: History::new(self.migrations),
            migrations: self.migrations,
            end,
            on_event: self.on_event.as_deref_mut(),
            all_or_nothing: self.all_or_nothing,
            // A backup is made once, and what it is a copy of must not change before the first COMMIT.
            closely: self.backup.is_some(),
            backup: self.backup.as_ref().map(|(backup, begin)| begin(backup)),
            without_steps: self.without_steps,
            report: Report::default(),
            applied: 0,
            total: 0,
        };
        let result = pass.carry_out();
        let restored = pass.loan.restore();
        match (result, restored) {
            (Ok(()), Ok(())) => Ok(pass.report),
            (Err(error), Ok(())) => Err(error),
            (result, Err(SettingFailed { setting, source: answer })) => {
                Err(Error::SettingNotRestored { setting, kept: pass.kept(), answer, failure: result.err() }
                    .into())
            }
        }
    }

    /// How far a database is. Writes nothing, and works on a read-only database and inside a transaction. Waits for as
    /// long as [`lock_timeout`](Runner::lock_timeout) says.
    ///
    /// # Errors
    ///
    /// See [`Migrations::status`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use embed_migrations::{Migrations, embed_migrations, rusqlite::Connection};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let conn = Connection::open_in_memory()?;
    /// let status = MIGRATIONS.runner().lock_timeout(Duration::ZERO).status(&conn)?;
    /// assert!(status.applied().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn status(&self, conn: &Connection) -> Result<Status, Error> {
        self.try_status(conn).map_err(|error| *error)
    }

    fn try_status(&self, conn: &Connection) -> Result<Status, Box<Error>> {
        preflight::supported(rusqlite::version_number())?;
        let wait = Wait::new(self.lock_timeout);
        let loan = preflight::lend(conn, &wait)?;
        let history = History::new(self.migrations);
        let standing = waited(&wait, || loan.snapshot(|| read(&history, conn, self.migrations)))?;
        Ok(Status::new(self.migrations, standing))
    }
}
