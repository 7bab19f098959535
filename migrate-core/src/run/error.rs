//! What can stop a run, as a caller can act on it. How it is worded is told in `words`.

use std::path::PathBuf;
use std::time::Duration;

use rusqlite::ffi;

use super::wait::Busy;
use crate::live::foreign_keys::Violation;
use crate::live::history::Unread;
use crate::live::locate::failure;
use crate::model::divergence::{Divergence, Mismatch};
use crate::model::migration::Migration;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::report::Kept;
use crate::model::set::Migrations;

/// Why the migrations did not run, or did not all run.
///
/// `Display` is one line without the cause. [`source`](std::error::Error::source) has the cause: a [`Cause`] where a
/// migration failed, and below it, or directly, SQLite's own [`rusqlite::Error`]; each can be had by `downcast_ref`.
/// `Debug`, which is what `fn main() -> Result` prints, tells the whole story over several lines.
///
/// # Examples
///
/// A program that was started after a newer build of it has migrated the database:
///
/// ```
/// use embed_migrations::{Error, Migrations, rusqlite::Connection};
///
/// fn open(migrations: Migrations, conn: &mut Connection) -> Result<(), String> {
///     match migrations.run(conn) {
///         Ok(_) => Ok(()),
///         Err(Error::NewerDatabase { database, .. }) => {
///             Err(format!("this data is at version {database}: please install the newest release"))
///         }
///         Err(error) => Err(format!("{error:?}")),
///     }
/// }
/// ```
#[non_exhaustive]
pub enum Error {
    /// The connection is in a transaction already. Nothing was touched.
    InTransaction,
    /// SQLite is older than 3.38.0, the first version that says where in a statement an error is. Nothing was
    /// touched.
    #[non_exhaustive]
    UnsupportedSqlite {
        /// The version in use.
        found: &'static str,
    },
    /// The folder holds a migration that this debug build does not. Nothing was touched.
    #[non_exhaustive]
    StaleBuild {
        /// The file that is not embedded.
        file_name: String,
        /// The folder that it is in, relative to Cargo.toml.
        folder: &'static str,
    },
    /// The target is not an embedded version. Nothing was touched.
    #[non_exhaustive]
    UnknownTarget {
        /// What was asked for.
        target: String,
        /// The last version that could be.
        latest: &'static Migration,
    },
    /// The database was migrated by a newer build than this one. Nothing was touched.
    #[non_exhaustive]
    NewerDatabase {
        /// The highest version in the database.
        database: String,
        /// The highest version in this program.
        binary: &'static Migration,
    },
    /// The database's history is not the beginning of this program's. Nothing was touched by this step.
    #[non_exhaustive]
    Diverged {
        /// The tracking table.
        table: &'static str,
        /// How they differ.
        divergence: Divergence,
    },
    /// The tracking table is not one that can be trusted. Nothing was touched.
    #[non_exhaustive]
    UnusableTable {
        /// The tracking table.
        table: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// There are migrations to apply, and a temporary object of the connection hides one of the database's, which they would
    /// leave as it is. Nothing was touched.
    #[non_exhaustive]
    Hidden {
        /// The first migration that is pending.
        migration: &'static Migration,
        /// The table, view, index or trigger that is hidden.
        name: String,
    },
    /// There are migrations to apply, and the database cannot be written. Nothing was touched.
    #[non_exhaustive]
    ReadOnly {
        /// The first migration that is pending.
        migration: &'static Migration,
        /// `true` where `PRAGMA query_only` says so, `false` where the file or the connection is read-only.
        query_only: bool,
    },
    /// A write was cut off, by a crash or a power cut, and a connection that is read-only cannot undo or finish
    /// it. Nothing was touched.
    #[non_exhaustive]
    NeedsRecovery {
        /// SQLite's answer.
        source: rusqlite::Error,
    },
    /// The database is in memory with `journal_mode = OFF`, where SQLite cannot roll back. Nothing was touched.
    #[non_exhaustive]
    NoJournal {
        /// The first migration that is pending.
        migration: &'static Migration,
    },
    /// All or nothing was asked for, and the pending migrations need several transactions. Nothing was touched.
    #[non_exhaustive]
    SeveralTransactions {
        /// The first migration that cannot share the transaction of those before it.
        migration: &'static Migration,
    },
    /// Another connection held the database for longer than the lock timeout.
    #[non_exhaustive]
    LockTimeout {
        /// The migration that was about to run or to be committed; absent while the history was read, and where nothing was
        /// pending and [`open`](crate::Migrations::open) was about to switch to WAL.
        migration: Option<&'static Migration>,
        /// How long this call has waited in all.
        waited: Duration,
        /// What was applied, and how far the database is.
        kept: Box<Kept>,
        /// SQLite's last answer.
        source: rusqlite::Error,
    },
    /// A migration failed, and was rolled back.
    #[non_exhaustive]
    Failed {
        /// The migration.
        migration: &'static Migration,
        /// Where in its file it failed.
        place: Place,
        /// The statement.
        statement: &'static str,
        /// What was applied before, and how far the database is.
        kept: Box<Kept>,
        /// What went wrong.
        source: Box<Cause>,
    },
    /// A setting of the connection could not become what a migration needs: SQLite was built without it, or an
    /// authorizer denies it. The migration was not begun.
    #[non_exhaustive]
    SettingNotApplied {
        /// The first migration that needs it.
        migration: &'static Migration,
        /// The setting.
        setting: &'static str,
        /// What was applied, and how far the database is.
        kept: Box<Kept>,
        /// SQLite's answer, where it gave one.
        source: Option<rusqlite::Error>,
    },
    /// The migrations are as [`kept`](Error::kept) says, but the connection could not be put back as it was. Close it.
    #[non_exhaustive]
    SettingNotRestored {
        /// The setting that differs now.
        setting: &'static str,
        /// What was applied, and how far the database is.
        kept: Box<Kept>,
        /// SQLite's answer, where it gave one.
        answer: Option<Box<rusqlite::Error>>,
        /// Why the run had failed before, if it had.
        failure: Option<Box<Error>>,
    },
    /// The schema of the database is not what the migrations make.
    #[non_exhaustive]
    Drift {
        /// The newest migration that the database has, which both schemas are compared at.
        at: Option<&'static Migration>,
        /// Each difference in a line, such as `table users: column bio is missing`.
        differences: Vec<String>,
        /// The files that are not in `migrations.lock` and explain all of them, if some do: they may have been edited after
        /// they were applied.
        edited: Vec<&'static Migration>,
    },
    /// The migrations could not be run on an empty database in memory.
    #[non_exhaustive]
    InMemory {
        /// Why not. What it says of a database is said of the one in memory.
        source: Box<Error>,
    },
    /// The database could not be backed up, so no migration was run. Nothing was touched.
    #[non_exhaustive]
    Backup {
        /// Where the copy was to be, if that was known yet.
        path: Option<PathBuf>,
        /// What was being done, or what is in the way.
        reason: String,
        /// The answer of SQLite or of the system, where there is one.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// There are migrations to apply, and SQLite cannot create its journal beside the database. Nothing was touched.
    #[non_exhaustive]
    ReadOnlyFolder {
        /// The first migration that is pending.
        migration: &'static Migration,
        /// SQLite's answer.
        source: rusqlite::Error,
    },
    /// SQLite refused something that belongs to no migration, such as reading a file that is not a database.
    #[non_exhaustive]
    Sqlite {
        /// What was being done.
        doing: &'static str,
        /// SQLite's answer.
        source: rusqlite::Error,
    },
    /// A folder given to `from_dir` breaks rules. All its problems at once.
    #[non_exhaustive]
    InvalidFolder {
        /// Sorted by file and line.
        problems: Vec<Problem>,
    },
}

/// Why a migration failed. `source()` is SQLite's own error, or what a step returned, where there is one.
#[derive(Debug)]
#[non_exhaustive]
pub enum Cause {
    /// SQLite refused a statement.
    #[non_exhaustive]
    Sqlite {
        /// SQLite's answer.
        source: rusqlite::Error,
        /// The version that rehearsed the migrations, where the one in use is older.
        rehearsed_with: Option<&'static str>,
    },
    /// The transaction was over before the file was: a step in Rust, or a function of the application's, has ended it. A
    /// part of the file may have been kept.
    TransactionEnded,
    /// A step in Rust returned an error.
    #[non_exhaustive]
    Step {
        /// The step.
        name: &'static str,
        /// What it returned.
        source: Box<dyn std::error::Error + Send + Sync>,
        /// The transaction was over when it returned, so that a part of the file may have been kept.
        transaction_ended: bool,
    },
    /// The migration did not add exactly one row for itself to the tracking table.
    #[non_exhaustive]
    NotRecorded {
        /// What was found instead.
        found: String,
    },
    /// The migration put a trigger on the tracking table, where it would run on every later record.
    #[non_exhaustive]
    Trigger {
        /// Its name.
        name: String,
    },
    /// With foreign keys off, the migration left violations that were not there before.
    #[non_exhaustive]
    ForeignKeys {
        /// The table whose rows reference missing ones.
        table: String,
        /// The table that they reference.
        parent: String,
        /// How many rows more than before.
        rows: usize,
    },
}

impl Error {
    /// What was applied, and how far the database is, where the run got as far as to change it.
    ///
    /// ```
    /// # use embed_migrations::{Migrations, Reached, embed_migrations, rusqlite::Connection};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut conn = Connection::open_in_memory()?;
    /// conn.execute_batch("CREATE TABLE users (id)")?; // in the way of 001_create_users.sql
    ///
    /// let error = MIGRATIONS.run(&mut conn).expect_err("it is in the way");
    /// assert_eq!(error.migration(), MIGRATIONS.get("001"));
    /// let kept = error.kept().expect("it was about to change the database");
    /// assert_eq!(kept.applied.len(), 1);
    /// assert_eq!(kept.database, Reached::Migration(MIGRATIONS.get("000").expect("the first")));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn kept(&self) -> Option<&Kept> {
        match self {
            Self::LockTimeout { kept, .. }
            | Self::Failed { kept, .. }
            | Self::SettingNotApplied { kept, .. }
            | Self::SettingNotRestored { kept, .. } => Some(kept),
            _ => None,
        }
    }

    /// The migration that failed, or that was the first to be refused.
    #[must_use]
    pub fn migration(&self) -> Option<&'static Migration> {
        match self {
            Self::Hidden { migration, .. }
            | Self::ReadOnly { migration, .. }
            | Self::ReadOnlyFolder { migration, .. }
            | Self::NoJournal { migration }
            | Self::SeveralTransactions { migration }
            | Self::Failed { migration, .. }
            | Self::SettingNotApplied { migration, .. } => Some(migration),
            Self::LockTimeout { migration, .. } => *migration,
            Self::SettingNotRestored { failure, .. } => {
                failure.as_ref().and_then(|failure| failure.migration())
            }
            _ => None,
        }
    }

    /// Whether something other than the run has ended its transaction.
    pub(super) fn transaction_ended(&self) -> bool {
        let Self::Failed { source, .. } = self else { return false };
        matches!(**source, Cause::TransactionEnded | Cause::Step { transaction_ended: true, .. })
    }

    /// What SQLite answered while something was done that belongs to no migration.
    pub(super) fn sqlite<E: Into<Box<rusqlite::Error>>>(
        doing: &'static str,
    ) -> impl Fn(E) -> Box<Self> + Copy {
        move |source| Box::new(Self::Sqlite { doing, source: *source.into() })
    }

    /// What SQLite answered while the history was read.
    pub(super) fn reading(source: Box<rusqlite::Error>) -> Box<Self> {
        match failure(&source).map(|error| error.extended_code) {
            Some(ffi::SQLITE_READONLY_ROLLBACK | ffi::SQLITE_READONLY_RECOVERY) => {
                Self::NeedsRecovery { source: *source }.into()
            }
            _ => Self::sqlite("reading which migrations are applied")(source),
        }
    }

    pub(super) fn reading_schema(source: Box<rusqlite::Error>) -> Box<Self> {
        Self::sqlite("reading the schema")(source)
    }

    pub(super) fn setting_up(source: rusqlite::Error) -> Box<Self> {
        Self::sqlite("setting up the connection")(source)
    }

    /// Why the history could not be read.
    pub(super) fn unread(migrations: Migrations, unread: Unread) -> Box<Self> {
        let table = migrations.set().table;
        let error = match unread {
            Unread::Sqlite(source) => return Self::reading(source),
            Unread::Unusable(reason) => Self::UnusableTable { table, reason },
            Unread::Mismatch(Mismatch::Diverged(divergence)) => Self::Diverged { table, divergence },
            Unread::Mismatch(Mismatch::Newer { version, .. }) => {
                Self::NewerDatabase { database: version, binary: migrations.latest() }
            }
        };
        error.into()
    }
}

impl Busy for Error {
    fn is_busy(&self) -> bool {
        matches!(self, Self::Sqlite { source, .. } if source.is_busy())
    }
}

impl From<Violation> for Cause {
    fn from(Violation { table, parent, rows }: Violation) -> Self {
        Self::ForeignKeys { table, parent, rows }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::LockTimeout { source, .. }
            | Self::NeedsRecovery { source }
            | Self::ReadOnlyFolder { source, .. }
            | Self::Sqlite { source, .. } => Some(source),
            Self::SettingNotApplied { source, .. } => source.as_ref().map(|source| source as _),
            Self::SettingNotRestored { answer, failure, .. } => match failure {
                Some(failure) => Some(&**failure),
                None => answer.as_ref().map(|answer| &**answer as _),
            },
            // Not the box: it would be what `downcast_ref` finds.
            Self::Failed { source, .. } => Some(&**source),
            Self::InMemory { source } => Some(&**source),
            Self::Backup { source, .. } => source.as_ref().map(|source| &**source as _),
            _ => None,
        }
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Sqlite { source, .. } => Some(source),
            // Not the box: it would be what `downcast_ref` finds.
            Self::Step { source, .. } => Some(&**source),
            _ => None,
        }
    }
}
