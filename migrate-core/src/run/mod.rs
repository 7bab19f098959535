//! Carries a plan out: applies to a database what it lacks.
//!
//! Runs the statements that were found at build time and decides nothing about their text. At any moment,
//! a crash included, the database holds a prefix of the history.

mod connection;
pub(crate) mod error;
pub(crate) mod wait;

use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, Statement};

use self::connection::{Loan, NotSet};
use self::error::{Cause, Error, Kept};
use self::wait::{Busy, Wait};
use crate::live::foreign_keys::{self, Violations};
use crate::live::history::History;
use crate::live::locate::locate;
use crate::model::migration::{Migration, Migrations};
use crate::model::plan;
use crate::model::problem::Place;
use crate::model::status::Status;
use crate::sql::token;

/// Waits this long for other connections unless [`Runner::lock_timeout`] says otherwise. SQLite's usual five
/// seconds are less than a migration of a large database takes in another process.
const LOCK_TIMEOUT: Duration = Duration::from_secs(60);

/// The first SQLite that says where in a statement an error is. What kind of table a table is, it says since 3.37.
const OLDEST_SQLITE: i32 = 3_038_000;

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
    ///         if let Event::Started { migration, position, total } = event {
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
        }
    }

    /// How far a database is. Writes nothing, and works on a read-only database and inside a transaction.
    ///
    /// # Errors
    ///
    /// - [`Error::NewerDatabase`], [`Error::Diverged`]: the history is not the beginning of this binary's.
    /// - [`Error::UnusableTable`]: the tracking table is a view, hidden by a temporary table, or another tool's.
    /// - [`Error::LockTimeout`]: another connection kept the database locked for 60 seconds.
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
        supported(rusqlite::version_number())?;
        let wait = Wait::new(LOCK_TIMEOUT);
        let loan = lend(conn, &wait)?;
        let history = History::new(*self);
        let applied = waited(&wait, || loan.snapshot(|| history.read(conn)))?;
        Ok(Status::new(*self, applied))
    }
}

/// What happens during a run.
///
/// # Examples
///
/// See [`Runner::on_event`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A migration is about to run.
    Started {
        /// The migration.
        migration: &'a Migration,
        /// Which one of this call it is, from 1.
        position: usize,
        /// How many this call has to apply.
        total: usize,
    },
    /// A migration is in the database for good. Migrations may share a transaction, so several can have
    /// started before the first of them is applied.
    Applied {
        /// The migration.
        migration: &'a Migration,
        /// How long its statements took, without the COMMIT.
        elapsed: Duration,
    },
}

type Listener<'a> = Option<Box<dyn FnMut(Event<'_>) + 'a>>;

/// What a run did.
///
/// # Examples
///
/// See [`Report::applied`].
#[derive(Clone, Debug, Default)]
pub struct Report {
    applied: Vec<&'static Migration>,
}

impl Report {
    /// The migrations that this call applied, in order. Those that another process applied meanwhile are not
    /// among them.
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations, rusqlite::Connection};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mut conn = Connection::open_in_memory()?;
    /// for migration in MIGRATIONS.run(&mut conn)?.applied() {
    ///     println!("applied {}", migration.file_name());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn applied(&self) -> &[&'static Migration] {
        &self.applied
    }
}

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
}

impl fmt::Debug for Runner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner")
            .field("migrations", &self.migrations)
            .field("lock_timeout", &self.lock_timeout)
            .field("target", &self.target)
            .field("all_or_nothing", &self.all_or_nothing)
            .finish_non_exhaustive()
    }
}

impl<'a> Runner<'a> {
    /// Is told of every migration that starts and that is applied.
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
    ///         Event::Applied { migration, elapsed } => println!("{} took {elapsed:?}", migration.version()),
    ///         _ => {}
    ///     })
    ///     .run(&mut conn)?;
    /// assert_eq!(lines[1], "Running migration: 001_create_users.sql");
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_event(mut self, on_event: impl FnMut(Event<'_>) + 'a) -> Self {
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

    /// Applies what the database lacks.
    ///
    /// With nothing pending it only reads, so it works on a read-only database. Otherwise each migration is
    /// applied whole or not at all, whatever happens; several processes may start at once, and each migration
    /// is applied by one of them. The connection comes back as it was: no open transaction, and foreign keys,
    /// legacy_alter_table, busy timeout and journal mode as before.
    ///
    /// # Errors
    ///
    /// Before anything is touched:
    ///
    /// - [`Error::InTransaction`]: the connection is in a transaction.
    /// - [`Error::UnsupportedSqlite`]: SQLite is older than 3.38.0.
    /// - [`Error::StaleBuild`]: a debug build lacks a migration that the folder holds.
    /// - [`Error::UnknownTarget`]: the target is no embedded version.
    /// - [`Error::NewerDatabase`]: a newer build has migrated the database.
    /// - [`Error::Diverged`]: the history is not the beginning of this binary's.
    /// - [`Error::UnusableTable`]: the tracking table is a view, hidden, another tool's, or has triggers.
    /// - [`Error::ReadOnly`], [`Error::NoJournal`]: the database cannot be written, or not rolled back.
    /// - [`Error::NeedsRecovery`]: a write was cut off, and the connection is read-only.
    /// - [`Error::SeveralTransactions`]: all or nothing was asked for and cannot be given.
    ///
    /// Later:
    ///
    /// - [`Error::LockTimeout`]: another connection held the database for too long.
    /// - [`Error::Failed`]: a migration failed and was rolled back; those before it stay.
    /// - [`Error::NotSet`]: a setting of the connection cannot become what a migration needs.
    /// - [`Error::NotRestored`]: a setting of the connection could not be put back.
    /// - [`Error::Sqlite`]: SQLite refused something else, such as to read a file that is no database.
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
    ///     Err(Error::Failed { migration, line, column, .. }) => {
    ///         assert_eq!((migration.version(), line, column), ("001", 3, 14));
    ///     }
    ///     other => panic!("{other:?}"),
    /// }
    /// // What came before it is kept.
    /// assert_eq!(MIGRATIONS.status(&conn)?.applied().len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn run(&mut self, conn: &mut Connection) -> Result<Report, Error> {
        if !conn.is_autocommit() {
            return Err(Error::InTransaction);
        }
        supported(rusqlite::version_number())?;
        self.refuse_stale_build()?;
        let end = self.end()?;
        let conn = &*conn;
        let wait = Wait::new(self.lock_timeout);
        let mut run = Run {
            conn,
            wait: &wait,
            loan: lend(conn, &wait)?,
            history: History::new(self.migrations),
            end: self.migrations.as_slice().get(..end).unwrap_or_default(),
            migrations: self.migrations,
            on_event: &mut self.on_event,
            all_or_nothing: self.all_or_nothing,
            report: Report::default(),
            applied: 0,
            total: 0,
        };
        let result = run.carry_out();
        let restored = run.loan.restore();
        result?;
        match restored {
            Ok(()) => Ok(run.report),
            Err(NotSet { setting, source }) => Err(Error::NotRestored { setting, kept: run.kept(), source }),
        }
    }

    /// How many migrations the database is to have in the end.
    fn end(&self) -> Result<usize, Error> {
        let Some(target) = &self.target else { return Ok(self.migrations.len()) };
        match self.migrations.index(target) {
            Some(index) => Ok(index + 1),
            None => Err(Error::UnknownTarget { target: target.clone(), latest: self.migrations.latest() }),
        }
    }

    /// Stable Rust does not tell a macro of new files, so a debug build looks for itself.
    fn refuse_stale_build(&self) -> Result<(), Error> {
        let Some([package, folder]) = self.migrations.set().folder else { return Ok(()) };
        // Moved to another machine, or no longer readable: nothing can be said.
        let Ok(entries) = std::fs::read_dir(Path::new(package).join(folder)) else { return Ok(()) };
        let missing = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|file_name| crate::model::name::parse(file_name).is_some())
            .filter(|file_name| self.migrations.iter().all(|migration| migration.file_name() != file_name))
            .min();
        match missing {
            Some(file_name) => Err(Error::StaleBuild { file_name, folder }),
            None => Ok(()),
        }
    }
}

fn supported(version_number: i32) -> Result<(), Error> {
    if version_number < OLDEST_SQLITE {
        return Err(Error::UnsupportedSqlite { found: rusqlite::version() });
    }
    Ok(())
}

/// Even the first PRAGMA has to be waited for: none can be prepared while a shared cache has its schema locked.
fn lend<'c>(conn: &'c Connection, wait: &'c Wait) -> Result<Loan<'c>, Error> {
    waited(wait, || {
        Loan::new(conn, wait).map_err(|source| Error::Sqlite { doing: "reading the busy timeout", source })
    })
}

/// Waits for other connections in a step that belongs to no migration yet.
fn waited<T>(wait: &Wait, step: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
    wait.retry(step).map_err(|error| timed_out(error, None, wait, Box::default))
}

/// The error of a step that was repeated for as long as the call may wait.
fn timed_out(
    error: Error,
    migration: Option<&'static Migration>,
    wait: &Wait,
    kept: impl FnOnce() -> Box<Kept>,
) -> Error {
    match error {
        Error::Sqlite { source, .. } if source.is_busy() => {
            Error::LockTimeout { migration, waited: wait.waited(), kept: kept(), source }
        }
        error => error,
    }
}

/// One call of [`Runner::run`], under way.
struct Run<'r, 'a> {
    conn: &'r Connection,
    wait: &'r Wait,
    loan: Loan<'r>,
    history: History,
    migrations: Migrations,
    /// The migrations that the database is to have in the end.
    end: &'static [Migration],
    on_event: &'r mut Listener<'a>,
    all_or_nothing: bool,
    report: Report,
    /// How many the database has.
    applied: usize,
    /// How many this call has to apply.
    total: usize,
}

/// A migration that has run in a transaction that is still open.
type Ran = (&'static Migration, Duration);

/// What stopped a migration, and where in its file.
struct Failure {
    offset: usize,
    statement: &'static str,
    cause: Cause,
}

impl Run<'_, '_> {
    fn carry_out(&mut self) -> Result<(), Error> {
        self.applied = waited(self.wait, || self.loan.snapshot(|| self.look()))?;
        let Some(first) = self.pending().first() else { return Ok(()) };
        self.total = self.pending().len();
        self.ensure_journal(first)?;
        while let Some(first) = self.pending().first() {
            if let Err(NotSet { setting, source }) = self.loan.set(first.settings()) {
                return Err(Error::NotSet { migration: first, setting, kept: self.kept(), source });
            }
            self.begin(first)?;
            self.segment(first)?;
        }
        Ok(())
    }

    fn pending(&self) -> &'static [Migration] {
        self.pending_after(self.applied)
    }

    fn pending_after(&self, applied: usize) -> &'static [Migration] {
        self.end.get(applied..).unwrap_or_default()
    }

    /// How many migrations are applied. Where that leaves some, everything in the database that would refuse the
    /// run is looked for as well: in the same snapshot, where nobody is in the way of a second look.
    fn look(&self) -> Result<usize, Error> {
        let applied = self.history.read(self.conn)?;
        let pending = self.pending_after(applied);
        let Some(first) = pending.first() else { return Ok(applied) };
        let checking = |source| Error::Sqlite { doing: "checking the database", source };
        self.history.refuse_triggers(self.conn)?;
        if let Some(query_only) = connection::read_only(self.conn).map_err(checking)? {
            return Err(Error::ReadOnly { migration: first, query_only });
        }
        if self.all_or_nothing {
            let deferred = foreign_keys::any_deferred(self.conn).map_err(checking)?;
            if let Some(migration) = pending.get(plan::segment(pending, deferred)) {
                return Err(Error::SeveralTransactions { migration });
            }
        }
        Ok(applied)
    }

    /// The last thing that would refuse the run. It is no part of the look, since the mode cannot change in
    /// a transaction.
    fn ensure_journal(&mut self, first: &'static Migration) -> Result<(), Error> {
        let doing = "checking the journal mode";
        let ensured = self
            .wait
            .retry(|| self.loan.ensure_journal().map_err(|source| Error::Sqlite { doing, source }))
            .map_err(|error| timed_out(error, Some(first), self.wait, || self.kept()))?;
        if ensured { Ok(()) } else { Err(Error::NoJournal { migration: first }) }
    }

    /// Takes the write lock first: a transaction that reads before it writes can be refused for good.
    fn begin(&self, first: &'static Migration) -> Result<(), Error> {
        let doing = "beginning a transaction";
        let begin = || self.conn.execute_batch("BEGIN IMMEDIATE");
        self.wait
            .retry(|| begin().map_err(|source| Error::Sqlite { doing, source }))
            .map_err(|error| timed_out(error, Some(first), self.wait, || self.kept()))
    }

    /// Runs the migrations that can share the transaction that is open, and commits.
    fn segment(&mut self, first: &'static Migration) -> Result<(), Error> {
        // Another process may have been faster between our reading and our lock.
        self.applied = self.history.read(self.conn)?;
        self.history.refuse_triggers(self.conn)?;
        let pending = self.pending();
        if pending.first().is_none_or(|pending| pending.settings() != first.settings()) {
            return self.roll_back("leaving the work to another process");
        }
        let reading = |source| Error::Sqlite { doing: "looking for deferred foreign keys", source };
        let deferred = foreign_keys::any_deferred(self.conn).map_err(reading)?;
        let together = plan::segment(pending, deferred);
        if self.all_or_nothing
            && let Some(migration) = pending.get(together)
        {
            return Err(Error::SeveralTransactions { migration });
        }
        let mut ran: Vec<Ran> = Vec::with_capacity(together);
        let mut violations = None;
        let preparing = |source| Error::Sqlite { doing: "preparing a savepoint", source };
        let mut savepoint = Savepoint::new(self.conn).map_err(preparing)?;
        for migration in pending.iter().take(together) {
            let before = self.applied + ran.len();
            // Another process may have done part of what this call set out to do.
            self.total = self.total.min(self.report.applied.len() + pending.len());
            let position = self.report.applied.len() + ran.len() + 1;
            self.tell(Event::Started { migration, position, total: self.total });
            let start = Instant::now();
            match self.apply(migration, before, &mut savepoint, &mut violations) {
                Ok(()) => ran.push((migration, start.elapsed())),
                Err(failure) => return Err(self.keep_what_ran(ran, migration, failure)),
            }
        }
        self.commit(ran)
    }

    /// One migration, inside a savepoint that it leaves open when it fails.
    fn apply(
        &self,
        migration: &'static Migration,
        before: usize,
        savepoint: &mut Savepoint<'_>,
        violations: &mut Option<Violations>,
    ) -> Result<(), Failure> {
        let conn = self.conn;
        let at_commit = |cause| Failure::at_commit(migration, cause);
        let sqlite = |source| at_commit(self.refused(source));
        // What one file leaves, the next one in the same transaction finds.
        let violations_before = match violations.take() {
            _ if migration.settings().foreign_keys => None,
            Some(known) => Some(known),
            None => Some(Violations::read(conn).map_err(sqlite)?),
        };
        let mut triggers = false;
        savepoint.open.raw_execute().map_err(sqlite)?;
        for (offset, statement) in migration.statements() {
            if let Err(source) = step(conn, statement) {
                let at = locate(statement, &source).start;
                return Err(Failure::new(offset, statement, Some(at), self.refused(source)));
            }
            if conn.is_autocommit() {
                return Err(Failure::new(offset, statement, None, Cause::TransactionEnded));
            }
            triggers |= may_leave_trigger(statement);
        }
        if let Err(found) = self.history.recorded(conn, migration, before).map_err(sqlite)? {
            return Err(at_commit(Cause::NotRecorded { found }));
        }
        // All of the schema is searched for one, so not after every migration.
        if triggers && let Some(name) = self.history.trigger(conn).map_err(sqlite)? {
            return Err(at_commit(Cause::Trigger { name }));
        }
        if let Some(before) = violations_before {
            let after = Violations::read(conn).map_err(sqlite)?;
            if let Some(cause) = after.new_since(&before).next() {
                return Err(at_commit(cause));
            }
            *violations = Some(after);
        }
        savepoint.release.raw_execute().map_err(sqlite)?;
        Ok(())
    }

    fn commit(&mut self, ran: Vec<Ran>) -> Result<(), Error> {
        let Some(&(last, _)) = ran.last() else { return self.roll_back("ending an empty transaction") };
        let conn = self.conn;
        // With a reader in the way the transaction stays open, and the same COMMIT may succeed later.
        let committed = self.wait.retry(|| conn.execute_batch("COMMIT"));
        let Err(source) = committed else {
            self.applied += ran.len();
            for (migration, elapsed) in ran {
                self.report.applied.push(migration);
                self.tell(Event::Applied { migration, elapsed });
            }
            return Ok(());
        };
        self.give_up();
        if source.is_busy() {
            let error = Error::Sqlite { doing: "committing", source };
            return Err(timed_out(error, Some(last), self.wait, || self.kept()));
        }
        let failure = Failure::at_commit(last, self.refused(source));
        Err(self.failed(last, failure))
    }

    /// After a failure: rolls the failing migration back and commits the ones before it, unless nothing is to
    /// be kept, or SQLite has rolled back everything itself. Which it has is asked, never guessed.
    fn keep_what_ran(&mut self, ran: Vec<Ran>, migration: &'static Migration, failure: Failure) -> Error {
        let keep = !self.all_or_nothing && !ran.is_empty() && !self.conn.is_autocommit();
        if keep && self.conn.execute_batch(ROLLBACK_TO).is_ok() && !self.conn.is_autocommit() {
            // A failure of its own changes what is kept, which is read back; the first one is what matters.
            let _ = self.commit(ran);
        }
        self.give_up();
        self.failed(migration, failure)
    }

    /// Ends whatever is still open.
    fn give_up(&self) {
        // If even this fails, `Loan::restore` tries again and the connection is reported.
        let _ = self.loan.end_transaction();
    }

    fn roll_back(&self, doing: &'static str) -> Result<(), Error> {
        self.loan.end_transaction().map_err(|source| Error::Sqlite { doing, source })
    }

    fn tell(&mut self, event: Event<'_>) {
        if let Some(on_event) = self.on_event {
            on_event(event);
        }
    }

    fn refused(&self, source: rusqlite::Error) -> Cause {
        let rehearsed_with = self.migrations.set().rehearsed_with;
        let older = rehearsed_with.filter(|version| older(rusqlite::version(), version));
        Cause::Sqlite { source, rehearsed_with: older }
    }

    fn failed(&mut self, migration: &'static Migration, failure: Failure) -> Error {
        let Failure { offset, statement, cause } = failure;
        let place = Place::new(migration.sql(), offset..offset);
        Error::Failed {
            migration,
            line: place.line,
            column: place.column,
            statement,
            kept: self.kept(),
            source: Box::new(cause),
        }
    }

    /// What the database holds now, read back from it. Whoever has to be told of a failure is to be told this
    /// too, so it is waited for.
    fn kept(&self) -> Box<Kept> {
        let read = self.wait.grace().retry(|| self.loan.snapshot(|| self.history.read(self.conn)));
        let database = read.as_ref().ok().and_then(|applied| applied.checked_sub(1));
        Box::new(Kept {
            applied: self.report.applied.clone(),
            database: database.and_then(|last| self.migrations.as_slice().get(last)),
            known: read.is_ok(),
        })
    }
}

impl Failure {
    fn at_commit(migration: &'static Migration, cause: Cause) -> Self {
        let (offset, statement) = migration.commit();
        Self::new(offset, statement, None, cause)
    }

    /// `offset` is where the statement begins in its file; `at` is the place in the statement, and its first
    /// token where there is none.
    fn new(offset: usize, statement: &'static str, at: Option<usize>, cause: Cause) -> Self {
        let first = token::significant(statement).next().map_or(0, |token| token.start);
        let text = statement.get(first..).unwrap_or_default();
        Self { offset: offset + at.unwrap_or(first), statement: text, cause }
    }
}

/// What a migration stands in, so that it alone can be rolled back. Prepared once, since every migration needs it.
struct Savepoint<'c> {
    open: Statement<'c>,
    release: Statement<'c>,
}

impl<'c> Savepoint<'c> {
    fn new(conn: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self { open: conn.prepare("SAVEPOINT migrate")?, release: conn.prepare("RELEASE migrate")? })
    }
}

const ROLLBACK_TO: &str = "ROLLBACK TO migrate";

/// Runs a statement to its last row: one step would run a SELECT only as far as its first.
fn step(conn: &Connection, statement: &str) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(statement)?;
    let mut rows = statement.raw_query();
    while rows.next()?.is_some() {}
    Ok(())
}

/// Whether a statement is of the two kinds after which a table can have another trigger than before: one creates
/// it, the other gives its table this name. `CREATE TEMP TRIGGER`, `ALTER TABLE main.t RENAME`: the word that
/// tells is among the first.
fn may_leave_trigger(statement: &str) -> bool {
    let mut words = token::significant(statement);
    let Some(verb) = words.next() else { return false };
    let tells = if verb.is_word("create") {
        "trigger"
    } else if verb.is_word("alter") {
        "rename"
    } else {
        return false;
    };
    words.take(5).any(|word| word.is_word(tells))
}

/// Whether SQLite version `a` is older than `b`.
fn older(a: &str, b: &str) -> bool {
    let parts =
        |version: &str| -> Vec<u32> { version.split('.').map_while(|part| part.parse().ok()).collect() };
    parts(a) < parts(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::migration::Set;

    #[test]
    fn a_sqlite_before_3_38_is_refused() {
        for (version_number, old) in
            [(3_037_000, true), (3_037_999, true), (3_038_000, false), (3_054_001, false)]
        {
            let result = supported(version_number);
            assert_eq!(matches!(result, Err(Error::UnsupportedSqlite { .. })), old, "{version_number}");
        }
    }

    #[test]
    fn a_migration_that_only_the_folder_holds_is_named() {
        static ALL: [Migration; 3] = [
            Migration::__new("000_create_schema_migrations.sql", 3, "", &[], [true, false, false]),
            Migration::__new("001_create_users.sql", 3, "", &[], [true, false, false]),
            Migration::__new("002_add_bio_to_users.sql", 3, "", &[], [true, false, false]),
        ];
        const MIGRATIONS: [&str; 2] = [env!("CARGO_MANIFEST_DIR"), "../migrations"];
        const NOWHERE: [&str; 2] = [env!("CARGO_MANIFEST_DIR"), "nowhere"];
        for (embedded, folder, missing) in [
            (&ALL[..], Some(MIGRATIONS), None),
            (&ALL[..2], Some(MIGRATIONS), Some("002_add_bio_to_users.sql")),
            (&ALL[..1], Some(MIGRATIONS), Some("001_create_users.sql")),
            (&ALL[..1], Some(NOWHERE), None),
            (&ALL[..1], None, None),
        ] {
            let set = Set { migrations: embedded, table: "t", rehearsed_with: None, folder };
            let found = match Migrations::__new(Box::leak(Box::new(set))).runner().refuse_stale_build() {
                Ok(()) => None,
                Err(Error::StaleBuild { file_name, folder: "../migrations" }) => Some(file_name),
                Err(other) => panic!("{other:?}"),
            };
            assert_eq!(found.as_deref(), missing, "{embedded:?} {folder:?}");
        }
    }

    #[test]
    fn a_trigger_is_looked_for_only_where_one_may_be_left() {
        for (statement, may) in [
            ("CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;", true),
            ("/* a */ create temp trigger if not exists g DELETE ON t BEGIN SELECT 1; END;", true),
            ("ALTER TABLE new RENAME TO t;", true),
            ("ALTER TABLE main.new RENAME TO t;", true),
            ("CREATE TABLE t (a, b, c, d, trigger_of);", false),
            ("ALTER TABLE t ADD COLUMN a;", false),
            ("INSERT INTO t SELECT 'create trigger';", false),
            ("DROP TRIGGER g;", false),
            (";", false),
            ("", false),
        ] {
            assert_eq!(may_leave_trigger(statement), may, "{statement}");
        }
    }

    #[test]
    fn versions_of_sqlite_are_numbers() {
        assert!(older("3.9.2", "3.54.1"));
        assert!(!older("3.54.1", "3.54.1"));
        assert!(older("3.54", "3.54.1"));
    }
}
