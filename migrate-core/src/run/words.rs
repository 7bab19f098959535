//! How errors are worded: `Display` in one line, `Debug` as the whole story.
//!
//! A chain printer shows each line once: what SQLite answered is the `source()` of an error, and never part of its
//! `Display`.

use std::error::Error as _;
use std::fmt::{self, Write};
use std::time::Duration;

use super::error::{Cause, Error};
use crate::live::foreign_keys::Violation;
use crate::live::locate::message;
use crate::model::migration::Migration;
use crate::model::place::is_hidden;
use crate::model::problem::Problem;
use crate::model::report::Reached;

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
                "the connection is in a transaction; commit or roll back before running migrations",
            ),
            Self::UnsupportedSqlite { found } => {
                write!(f, "SQLite {found} is too old for the migrations; 3.38.0 or newer is needed")
            }
            Self::StaleBuild { file_name, folder } => write!(
                f,
                "{file_name} is in {folder}, but not in this build; rebuild, and add \
                 println!(\"cargo::rerun-if-changed={folder}\"); to build.rs so that new files are noticed"
            ),
            Self::UnknownTarget { target, latest } => write!(
                f,
                "the target `{target}` is not a version of this program; the last one is {} ({})",
                latest.version(),
                latest.file_name()
            ),
            Self::NewerDatabase { database, binary } => write!(
                f,
                "the database is at version {database}, but this program ends at {} ({}); a newer release has migrated \
                 it and is needed to open it",
                binary.version(),
                binary.file_name()
            ),
            Self::Diverged { table, divergence } => write!(f, "{table} {divergence}"),
            Self::UnusableTable { table, reason } => write!(f, "the tracking table {table} {reason}"),
            Self::Hidden { migration, name } => write!(
                f,
                "{} is pending, but a temporary object of that name hides {name}, which migrations may be about; drop that one, or \
                 migrate on another connection",
                migration.file_name()
            ),
            Self::ReadOnly { migration, query_only } => write!(
                f,
                "{} is pending, but {}",
                migration.file_name(),
                if *query_only {
                    "PRAGMA query_only is on; turn it off to migrate"
                } else {
                    "the database is read-only; open it for writing to migrate"
                }
            ),
            Self::NeedsRecovery { .. } => f.write_str(
                "a write to the database was cut off, and this read-only connection cannot recover it; open the \
                 database for writing once",
            ),
            Self::NoJournal { migration } => write!(
                f,
                "{} is pending, but the database is in memory with journal_mode OFF, where nothing can be rolled back; \
                 set journal_mode to MEMORY",
                migration.file_name()
            ),
            Self::SeveralTransactions { migration } => write!(
                f,
                "{} needs a transaction of its own, so the pending migrations cannot be applied all or nothing; run up \
                 to the version before it first",
                migration.file_name()
            ),
            Self::LockTimeout { migration, waited, kept, .. } => {
                // Without floating point, which a program of the application's may have no other use for.
                let rounded = waited.saturating_add(Duration::from_millis(50));
                let (seconds, tenths) = (rounded.as_secs(), rounded.subsec_millis() / 100);
                write!(f, "timed out after {seconds}.{tenths} s waiting ")?;
                match (migration, kept.database) {
                    (Some(migration), _) => write!(f, "to apply {}", migration.file_name())?,
                    (None, Reached::Unknown) => f.write_str("to read which migrations are applied")?,
                    (None, _) => f.write_str("to switch to WAL")?,
                }
                write!(f, ": another connection holds the lock; {kept}")
            }
            Self::Failed { migration, place, kept, .. } => {
                write!(
                    f,
                    "{}:{}:{}: the migration failed; {kept}",
                    migration.file_name(),
                    place.line,
                    place.column
                )
            }
            Self::SettingNotApplied { migration, setting, kept, .. } => {
                write!(f, "could not set {setting} as {} needs it; {kept}", migration.file_name())
            }
            Self::SettingNotRestored { setting, kept, answer, failure } => {
                write!(f, "could not restore the connection's {setting}")?;
                // With a failure before it, that one is the source.
                if let Some(answer) = answer.as_ref().filter(|_| failure.is_some()) {
                    write!(f, " ({})", message(answer))?;
                }
                write!(f, ", so close the connection; {kept}")?;
                if failure.is_some() { f.write_str("; before that, the run had failed") } else { Ok(()) }
            }
            Self::Drift { at, differences, edited } => {
                let first = differences.first().map_or("", String::as_str);
                match at {
                    Some(at) => write!(f, "the schema is not what the migrations up to {} make: ", at.file_name())?,
                    None => f.write_str("the database has no migrations, but it is not empty: ")?,
                }
                f.write_str(first)?;
                if let more @ 1.. = differences.len().saturating_sub(1) {
                    write!(f, ", and {more} more")?;
                }
                if edited.is_empty() {
                    return Ok(());
                }
                let them = if edited.len() == 1 { "it" } else { "them" };
                write!(
                    f,
                    "; this fits an edit of {} after this database had run {them}. If that is so, either restore {them} and \
                     write the change into a new migration, or, if only databases in development have run {them}, go back \
                     to a backup or start with a new database",
                    Names(edited)
                )
            }
            Self::InMemory { .. } => f.write_str(
                "the migrations could not be run in memory; functions, collations and modules of the application have to \
                 be registered for that",
            ),
            Self::Backup { path: Some(path), reason, .. } => write!(
                f,
                "could not back up the database to {}: {reason}; nothing was migrated",
                path.display()
            ),
            Self::Backup { path: None, reason, .. } => {
                write!(f, "could not back up the database: {reason}; nothing was migrated")
            }
            Self::ReadOnlyFolder { migration, .. } => write!(
                f,
                "{} is pending, but SQLite cannot create its journal beside the database; make the folder writable to \
                 migrate",
                migration.file_name()
            ),
            Self::Sqlite { doing, .. } => write!(f, "SQLite failed while {doing}"),
            Self::InvalidFolder { problems } => match problems.as_slice() {
                [only] => write!(f, "the migrations folder has a problem: {}", headline(only)),
                all => write!(f, "the migrations folder has {} problems", all.len()),
            },
        }
    }
}

/// The files of migrations, one after the other.
struct Names<'n>(&'n [&'static Migration]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, others)) = self.0.split_first() else { return f.write_str("nothing") };
        f.write_str(first.file_name())?;
        others.iter().try_for_each(|other| write!(f, ", {}", other.file_name()))
    }
}

fn headline(problem: &Problem) -> String {
    problem.to_string().lines().next().unwrap_or_default().to_owned()
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        if let Self::Failed { place, statement, .. } = self {
            write!(f, "\n{place}")?;
            write!(f, "\n  statement: {}", shortened(statement))?;
        }
        if let Self::Drift { differences, .. } = self {
            for difference in differences {
                write!(f, "\n  ")?;
                OneLine(f).write_str(difference)?;
            }
        }
        if let Self::InvalidFolder { problems } = self {
            for problem in problems {
                write!(f, "\n{problem}")?;
            }
        }
        if let Self::SettingNotRestored { failure: Some(failure), .. } = self {
            return write!(f, "\n  failure: {failure:?}");
        }
        if let Some(cause) = self.source() {
            write!(f, "\n  cause: ")?;
            write_cause(f, cause)?;
        }
        if let Some(kept) = self.kept() {
            write!(f, "\n  applied by this run and kept: {}", Names(&kept.applied))?;
        }
        Ok(())
    }
}

/// A cause in one line, down to what lies below it.
#[cfg(feature = "tracing")]
pub(super) struct InFull<'e>(pub(super) &'e Cause);

#[cfg(feature = "tracing")]
impl fmt::Display for InFull<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_cause(f, self.0)
    }
}

/// A cause in one line, with SQLite's answer in place of the words that only lead to it.
fn write_cause(f: &mut fmt::Formatter<'_>, cause: &(dyn std::error::Error + 'static)) -> fmt::Result {
    if let Some(answer) = cause.downcast_ref::<rusqlite::Error>() {
        return write!(OneLine(f), "{}", message(answer));
    }
    match cause.downcast_ref::<Cause>() {
        Some(Cause::Sqlite { source, rehearsed_with }) => {
            write!(OneLine(f), "{}", message(source))?;
            rehearsed_with.map_or(Ok(()), |version| {
                write!(
                    f,
                    " (this is SQLite {}; the migrations were rehearsed with {version})",
                    rusqlite::version()
                )
            })
        }
        Some(Cause::Step { source, .. }) => {
            write!(f, "{cause}")?;
            let mut below: Option<&(dyn std::error::Error + 'static)> = Some(&**source);
            while let Some(error) = below {
                write!(OneLine(f), ": {error}")?;
                below = error.source();
            }
            Ok(())
        }
        _ => write!(f, "{cause}"),
    }
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

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut OneLine(f);
        match self {
            Self::Sqlite { rehearsed_with: None, .. } => f.write_str("SQLite refused the statement"),
            Self::Sqlite { rehearsed_with: Some(version), .. } => write!(
                f,
                "SQLite {} refused the statement; the migrations were rehearsed with {version}",
                rusqlite::version()
            ),
            Self::TransactionEnded => {
                f.write_str(
                    "the transaction was over before the migration was, so a part of the file may have been kept; only \
                     the run begins and ends transactions",
                )
            }
            Self::Step { name, transaction_ended, .. } => {
                write!(f, "the step `{name}` failed")?;
                if *transaction_ended {
                    f.write_str(
                        ", and the transaction was over when it returned, so a part of the file may have been kept",
                    )?;
                }
                Ok(())
            }
            Self::NotRecorded { found } => {
                write!(f, "a migration must add exactly one row, its own, to the tracking table; {found}")
            }
            Self::Trigger { name } => write!(
                f,
                "it leaves the trigger {name} on the tracking table, where it would run on the record of every later \
                 migration"
            ),
            Self::ForeignKeys { table, parent, rows } => {
                let violation = Violation { table: table.clone(), parent: parent.clone(), rows: *rows };
                write!(f, "{violation}")
            }
        }
    }
}
