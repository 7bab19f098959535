//! What can stop a run, told so that a stranger can act on it.
//!
//! Display is one line without the cause, `source()` has the cause, and Debug, which is what
//! `fn main() -> Result` prints, tells the whole story.

use std::fmt::{self, Write};
use std::time::Duration;

use rusqlite::ffi;

use crate::model::migration::Migration;
use crate::model::problem::{Place, Problem, is_hidden};
use crate::run::wait::Busy;

/// Why the migrations did not run, or did not all run.
///
/// `Display` is one line without the cause, [`source`](std::error::Error::source) has the cause, and
/// `Debug` tells the whole story over several lines.
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
    UnsupportedSqlite {
        /// The version in use.
        found: &'static str,
    },
    /// The folder holds a migration that this debug build does not. Nothing was touched.
    StaleBuild {
        /// The file that is not embedded.
        file_name: String,
        /// The folder that it is in, relative to Cargo.toml.
        folder: &'static str,
    },
    /// The target is no embedded version. Nothing was touched.
    UnknownTarget {
        /// What was asked for.
        target: String,
        /// The last version that could be.
        latest: &'static Migration,
    },
    /// The database was migrated by a newer build than this one. Nothing was touched.
    NewerDatabase {
        /// The highest version in the database.
        database: String,
        /// The highest version in this binary.
        binary: &'static Migration,
    },
    /// The database's history is not the beginning of this binary's. Nothing was touched by this step.
    Diverged {
        /// The tracking table.
        table: &'static str,
        /// How they differ.
        divergence: Divergence,
    },
    /// The tracking table is not one that can be trusted. Nothing was touched.
    UnusableTable {
        /// The tracking table.
        table: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// There are migrations to apply, and the database cannot be written. Nothing was touched.
    ReadOnly {
        /// The first migration that is pending.
        migration: &'static Migration,
        /// `true` where `PRAGMA query_only` says so, `false` where the file or the connection is read-only.
        query_only: bool,
    },
    /// A write was cut off, by a crash or a power cut, and a connection that is read-only cannot undo or finish
    /// it. Nothing was touched.
    NeedsRecovery {
        /// SQLite's answer.
        source: rusqlite::Error,
    },
    /// The database is in memory with `journal_mode = OFF`, where SQLite cannot roll back. Nothing was touched.
    NoJournal {
        /// The first migration that is pending.
        migration: &'static Migration,
    },
    /// All or nothing was asked for, and the pending migrations need several transactions. Nothing was touched.
    SeveralTransactions {
        /// The first migration that cannot share the transaction of those before it.
        migration: &'static Migration,
    },
    /// Another connection held the database for longer than the lock timeout.
    LockTimeout {
        /// The migration that was about to run or to be committed; absent while the history was read.
        migration: Option<&'static Migration>,
        /// How long this call has waited in all.
        waited: Duration,
        /// What was applied, and how far the database is.
        kept: Box<Kept>,
        /// SQLite's last answer.
        source: rusqlite::Error,
    },
    /// A migration failed, and was rolled back.
    Failed {
        /// The migration.
        migration: &'static Migration,
        /// Where the failing statement went wrong: the line, from 1.
        line: usize,
        /// The column, from 1, in characters.
        column: usize,
        /// The statement.
        statement: &'static str,
        /// What was applied before, and how far the database is.
        kept: Box<Kept>,
        /// What went wrong.
        source: Box<Cause>,
    },
    /// A setting of the connection could not become what a migration needs: SQLite was built without it, or an
    /// authorizer denies it. The migration was not begun.
    NotSet {
        /// The first migration that needs it.
        migration: &'static Migration,
        /// The setting.
        setting: &'static str,
        /// What was applied, and how far the database is.
        kept: Box<Kept>,
        /// SQLite's answer, where it gave one.
        source: Option<rusqlite::Error>,
    },
    /// The migrations are as `kept` says, but the connection could not be put back as it was.
    NotRestored {
        /// The setting that differs now.
        setting: &'static str,
        /// What was applied, and how far the database is.
        kept: Box<Kept>,
        /// SQLite's answer, where it gave one.
        source: Option<rusqlite::Error>,
    },
    /// SQLite refused something that belongs to no migration, such as reading a file that is no database.
    Sqlite {
        /// What was being done.
        doing: &'static str,
        /// SQLite's answer.
        source: rusqlite::Error,
    },
    /// A folder given to `from_dir` breaks rules. All its problems at once.
    Problems {
        /// Sorted by file and line.
        problems: Vec<Problem>,
    },
}

/// How a database's history differs from the embedded one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Divergence {
    /// A row is for no migration of this binary.
    Unknown {
        /// The version in the row.
        version: String,
        /// The name in the row.
        name: String,
    },
    /// A version is recorded under another name.
    Renamed {
        /// The migration with that version.
        migration: &'static Migration,
        /// The name in the row.
        name: String,
    },
    /// A migration is recorded more than once.
    Repeated {
        /// The migration.
        migration: &'static Migration,
    },
    /// A migration is not recorded, although a later one is.
    Hole {
        /// The one that is not.
        missing: &'static Migration,
        /// The one that is.
        later: &'static Migration,
    },
    /// A row holds something else than text.
    NotText {
        /// `version` or `name`.
        column: &'static str,
        /// SQLite's name of the type.
        found: &'static str,
    },
}

/// What a run has left in the database, read back from it after a failure.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Kept {
    /// The migrations that this call applied, in order, as far as their COMMIT was seen.
    pub applied: Vec<&'static Migration>,
    /// The last migration in the database; absent where there is none, or where it could not be read.
    pub database: Option<&'static Migration>,
    /// Whether the database could be read.
    pub known: bool,
}

/// Why a migration failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Cause {
    /// SQLite refused a statement.
    Sqlite {
        /// SQLite's answer.
        source: rusqlite::Error,
        /// The version that rehearsed the migrations, where the one in use is older.
        rehearsed_with: Option<&'static str>,
    },
    /// The transaction was over before the file was.
    TransactionEnded,
    /// The migration did not add exactly one row for itself to the tracking table.
    NotRecorded {
        /// What was found instead.
        found: String,
    },
    /// The migration put a trigger on the tracking table, where it would run on every later record.
    Trigger {
        /// Its name.
        name: String,
    },
    /// With foreign keys off, the migration left violations that were not there before.
    ForeignKeys {
        /// The table whose rows point nowhere.
        table: String,
        /// The table that they point into.
        parent: String,
        /// How many rows more than before; absent where the key itself no longer fits its parent.
        rows: Option<usize>,
    },
}

impl Error {
    /// What SQLite answered while the history was read.
    pub(crate) fn reading(source: rusqlite::Error) -> Self {
        match source.sqlite_error().map(|error| error.extended_code) {
            Some(ffi::SQLITE_READONLY_ROLLBACK | ffi::SQLITE_READONLY_RECOVERY) => {
                Self::NeedsRecovery { source }
            }
            _ => Self::Sqlite { doing: "reading which migrations are applied", source },
        }
    }
}

impl Busy for Error {
    fn is_busy(&self) -> bool {
        matches!(self, Self::Sqlite { source, .. } if source.is_busy())
    }
}

/// Keeps a message on one line and of bounded length. Versions, names and much of what SQLite says come from
/// the database, and may hold newlines, what moves a terminal's cursor, or a million bytes.
struct OneLine<'f, 'b>(&'f mut fmt::Formatter<'b>);

/// The longest value that is shown whole, in characters. No text of a message of ours is as long between two
/// values.
const LONGEST_VALUE: usize = 300;

impl fmt::Write for OneLine<'_, '_> {
    /// Each value comes as a piece of its own.
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        for (count, character) in piece.chars().enumerate() {
            if count == LONGEST_VALUE {
                return write!(self.0, "… ({} bytes)", piece.len());
            }
            if is_hidden(character) {
                write!(self.0, "{}", character.escape_default())?;
            } else {
                self.0.write_char(character)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut OneLine(f);
        match self {
            Self::InTransaction => f.write_str(
                "the connection is in a transaction; commit it or roll it back before the migrations run",
            ),
            Self::UnsupportedSqlite { found } => {
                write!(f, "SQLite {found} is too old for the migrations; 3.38.0 or newer is needed")
            }
            Self::StaleBuild { file_name, folder } => write!(
                f,
                "{file_name} stands in {folder}, but this build does not hold it; rebuild, and so that new files are \
                 noticed have build.rs say println!(\"cargo::rerun-if-changed={folder}\");"
            ),
            Self::UnknownTarget { target, latest } => write!(
                f,
                "the target `{target}` is no version of this program; the last one is {} ({})",
                latest.version(),
                latest.file_name()
            ),
            Self::NewerDatabase { database, binary } => write!(
                f,
                "the database is at version {database}, and this program ends at {} ({}); a newer release of the \
                 program has migrated it, and is needed to open it",
                binary.version(),
                binary.file_name()
            ),
            Self::Diverged { table, divergence } => match divergence {
                Divergence::Unknown { version, name } => write!(
                    f,
                    "{table} records version `{version}`, named `{name}`, which this program does not have"
                ),
                Divergence::Renamed { migration, name } => write!(
                    f,
                    "{table} records version {} as `{name}`, and this program has it as {}",
                    migration.version(),
                    migration.file_name()
                ),
                Divergence::Repeated { migration } => {
                    write!(f, "{table} records {} twice", migration.file_name())
                }
                Divergence::Hole { missing, later } => write!(
                    f,
                    "{table} does not record {}, although it records {}, which comes later",
                    missing.file_name(),
                    later.file_name()
                ),
                Divergence::NotText { column, found } => {
                    write!(f, "{table} holds a {column} that is {found}, and TEXT is expected")
                }
            },
            Self::UnusableTable { table, reason } => write!(f, "the tracking table {table} {reason}"),
            Self::ReadOnly { migration, query_only } => write!(
                f,
                "{} is pending, and {}",
                migration.file_name(),
                if *query_only {
                    "PRAGMA query_only is on; turn it off to migrate"
                } else {
                    "the database is read-only; open it for writing to migrate"
                }
            ),
            Self::NeedsRecovery { .. } => f.write_str(
                "the database needs recovery from a write that was cut off, and this connection is read-only; open \
                 it for writing once",
            ),
            Self::NoJournal { migration } => write!(
                f,
                "{} is pending, and the database is in memory with journal_mode OFF, where nothing can be rolled \
                 back; set journal_mode to MEMORY",
                migration.file_name()
            ),
            Self::SeveralTransactions { migration } => write!(
                f,
                "{} needs a transaction of its own, so the pending migrations cannot be applied all or nothing; \
                 run up to the version before it first",
                migration.file_name()
            ),
            Self::LockTimeout { migration, waited, kept, .. } => {
                write!(f, "waited {:.1} s for the database", waited.as_secs_f64())?;
                if let Some(migration) = migration {
                    write!(f, " to apply {}", migration.file_name())?;
                }
                write!(f, ", which another connection holds; {kept}")
            }
            Self::Failed { migration, line, column, kept, .. } => {
                write!(f, "{}:{line}:{column}: the migration failed; {kept}", migration.file_name())
            }
            Self::NotSet { migration, setting, kept, .. } => write!(
                f,
                "the connection's {setting} could not be set as {} needs it; {kept}",
                migration.file_name()
            ),
            Self::NotRestored { setting, kept, .. } => {
                write!(f, "the connection's {setting} could not be put back; {kept}")
            }
            Self::Sqlite { doing, .. } => write!(f, "SQLite failed while {doing}"),
            Self::Problems { problems } => match problems.as_slice() {
                [only] => write!(f, "the migrations folder has a problem: {}", headline(only)),
                all => write!(f, "the migrations folder has {} problems", all.len()),
            },
        }
    }
}

fn headline(problem: &Problem) -> String {
    problem.to_string().lines().next().unwrap_or_default().to_owned()
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.known, self.database) {
            (true, Some(last)) => write!(f, "the database is at {}", last.file_name()),
            (true, None) => f.write_str("the database has no migration applied"),
            (false, _) => f.write_str("the database could not be read again"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        if let Self::Failed { migration, line, column, statement, .. } = self {
            write!(f, "\n{}", excerpt(migration, *line, *column))?;
            write!(f, "\n  statement: {}", shortened(statement))?;
        }
        if let Self::Problems { problems } = self {
            for problem in problems {
                write!(f, "\n{problem}")?;
            }
        }
        // Below an answer of SQLite is only the meaning of its code, which says the same again.
        if let Some(cause) = std::error::Error::source(self) {
            write!(f, "\n  cause: ")?;
            write!(OneLine(f), "{cause}")?;
        }
        if let Self::Failed { kept, .. }
        | Self::LockTimeout { kept, .. }
        | Self::NotSet { kept, .. }
        | Self::NotRestored { kept, .. } = self
        {
            let names: Vec<_> = kept.applied.iter().map(|migration| migration.file_name()).collect();
            let names = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
            write!(f, "\n  applied by this run and kept: {names}")?;
        }
        Ok(())
    }
}

/// The place once more, from the line and column of an error.
fn excerpt(migration: &Migration, line: usize, column: usize) -> Place {
    let sql = migration.sql();
    let start: usize = sql.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = sql.get(start..).unwrap_or_default();
    let offset = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
    let at = start + offset;
    let token = crate::sql::token::tokens(sql.get(at..).unwrap_or_default()).next();
    Place::new(sql, at..at + token.map_or(0, |token| token.text.len()))
}

/// A statement as it fits into a message.
fn shortened(statement: &str) -> String {
    const LONGEST: usize = 500;
    let statement = statement.trim();
    match statement.char_indices().nth(LONGEST) {
        Some((end, _)) => {
            format!("{} … ({} bytes)", statement.get(..end).unwrap_or_default(), statement.len())
        }
        None => statement.to_owned(),
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::LockTimeout { source, .. }
            | Self::NeedsRecovery { source }
            | Self::Sqlite { source, .. } => Some(source),
            Self::NotSet { source, .. } | Self::NotRestored { source, .. } => {
                source.as_ref().map(|source| source as _)
            }
            Self::Failed { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut OneLine(f);
        match self {
            Self::Sqlite { source, rehearsed_with } => {
                match source {
                    // Its own Display repeats the whole statement.
                    rusqlite::Error::SqlInputError { msg, .. } => f.write_str(msg)?,
                    other => write!(f, "{other}")?,
                }
                match rehearsed_with {
                    Some(version) => write!(
                        f,
                        " (this is SQLite {}; the migrations were rehearsed with {version})",
                        rusqlite::version()
                    ),
                    None => Ok(()),
                }
            }
            Self::TransactionEnded => {
                f.write_str("the transaction was over before the migration was; SQLite rolled it back")
            }
            Self::NotRecorded { found } => {
                write!(f, "a migration adds exactly one row, its own, to the tracking table; {found}")
            }
            Self::Trigger { name } => write!(
                f,
                "it leaves the trigger {name} on the tracking table, which would run on the record of every later \
                 migration"
            ),
            Self::ForeignKeys { table, parent, rows: Some(rows) } => {
                let (rows, refer) = match rows {
                    1 => ("1 more row".to_owned(), "refers"),
                    rows => (format!("{rows} more rows"), "refer"),
                };
                write!(f, "{rows} of {table} than before {refer} to rows of {parent} that do not exist")
            }
            Self::ForeignKeys { table, parent, rows: None } => write!(
                f,
                "a foreign key of {table} no longer fits {parent}, which it refers to; what it refers to there must \
                 be a primary key, or unique"
            ),
        }
    }
}

// What SQLite answered is part of the message already, so there is no source below a cause.
impl std::error::Error for Cause {}
