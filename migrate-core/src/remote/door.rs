//! What embed-migrations-remote may ask of the model, and nothing else may: what is private there is handed out here,
//! piece by piece, and decided there.

use std::ops::Range;
use std::time::Duration;

use crate::model::divergence::{Divergence, Mismatch};
use crate::model::event::Event;
use crate::model::migration::Migration;
use crate::model::place::{self, Place};
use crate::model::plan::{Plan, Progress, Standing};
use crate::model::report::{Kept, Reached, Report};
use crate::model::set::Migrations;
use crate::model::status::Status;
use crate::sql::named::named;
use crate::sql::token::significant;
use crate::{sql, stale};

/// The name of the tracking table.
#[must_use]
pub fn table(migrations: Migrations) -> &'static str {
    migrations.set().table
}

/// The version of the SQLite that rehearsed the migrations.
#[must_use]
pub fn rehearsed_with(migrations: Migrations) -> Option<&'static str> {
    migrations.set().rehearsed_with
}

/// All migrations, in order.
#[must_use]
pub fn all(migrations: Migrations) -> &'static [Migration] {
    migrations.as_slice()
}

/// The migrations up to a target. None where there is no such version.
#[must_use]
pub fn up_to(migrations: Migrations, target: Option<&str>) -> Option<&'static [Migration]> {
    migrations.count_to(target).map(|count| migrations.first(count))
}

/// A file that the folder holds and this build does not, and the folder.
#[must_use]
pub fn missing(migrations: Migrations) -> Option<(String, &'static str)> {
    stale::missing(migrations)
}

/// Whether a migration runs with foreign keys on.
#[must_use]
pub fn foreign_keys(migration: &Migration) -> bool {
    migration.mode().settings.foreign_keys
}

/// Whether a statement of a migration may put a trigger on a table.
#[must_use]
pub fn leaves_trigger(migration: &Migration) -> bool {
    migration.mode().leaves_trigger
}

/// A statement of a migration's transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// From its first token to its last, without the `;`: no comment before it or after it.
    pub text: &'static str,
    /// Where that begins in the file, in bytes.
    pub offset: usize,
}

impl Statement {
    fn new((offset, slice): (usize, &'static str)) -> Option<Self> {
        let mut range: Option<Range<usize>> = None;
        for token in significant(slice).filter(|token| token.text != ";") {
            let start = range.map_or(token.start, |range| range.start);
            range = Some(start..token.end());
        }
        let range = range?;
        Some(Self { offset: offset + range.start, text: slice.get(range)? })
    }

    /// Where in the file a message about the statement points: at a byte of it that the engine names, else at the name
    /// in the message, else at its first token.
    #[must_use]
    pub fn place(&self, message: &str, byte: Option<usize>) -> Range<usize> {
        let at = byte.and_then(|byte| significant(self.text).find(|token| token.end() > byte));
        let token = at.or_else(|| named(self.text, message)).or_else(|| significant(self.text).next());
        token.map_or(self.offset..self.offset, |token| self.offset + token.start..self.offset + token.end())
    }
}

/// The statements of a migration's transaction. None is empty.
#[must_use]
pub fn statements(migration: &Migration) -> Vec<Statement> {
    migration.statements().filter_map(Statement::new).collect()
}

/// The COMMIT of a migration.
#[must_use]
pub fn commit(migration: &Migration) -> Statement {
    let (offset, slice) = migration.commit();
    Statement::new((offset, slice)).unwrap_or(Statement { text: slice, offset })
}

/// A range of bytes as line, column and excerpt.
#[must_use]
pub fn place(text: &str, range: Range<usize>) -> Place {
    Place::new(text, range)
}

/// Whether a character is not seen where it stands.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    place::is_hidden(character)
}

/// A name in double quotes.
#[must_use]
pub fn quoted(name: &str) -> String {
    sql::quote::quoted(name)
}

/// Whether builds that are older share the database, down to a floor in `PRAGMA user_version`.
#[must_use]
pub fn compatible(migrations: Migrations) -> bool {
    migrations.set().compatible
}

/// The rows of a tracking table, while they are entered.
pub struct History {
    migrations: Migrations,
    progress: Progress,
}

/// How far a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stands {
    /// How many of the migrations are applied.
    pub applied: usize,
    /// The newest version in the database, where a newer build has migrated it in a way that this one can live with.
    pub newer: Option<String>,
}

/// Why a history is not the beginning of the embedded one.
#[derive(Debug)]
pub enum Differs {
    /// A newer build has migrated the database, up to this version.
    Newer(String),
    /// It is another history.
    Diverged(Divergence),
}

impl From<Mismatch> for Differs {
    fn from(mismatch: Mismatch) -> Self {
        match mismatch {
            Mismatch::Newer { version, .. } => Self::Newer(version),
            Mismatch::Diverged(divergence) => Self::Diverged(divergence),
        }
    }
}

impl History {
    /// An empty one.
    #[must_use]
    pub fn new(migrations: Migrations) -> Self {
        Self { migrations, progress: Progress::new(migrations) }
    }

    /// Enters a row.
    ///
    /// # Errors
    ///
    /// The row is for no migration of this program.
    pub fn enter(&mut self, version: &str, name: &str) -> Result<(), Differs> {
        if self.progress.enter_next(version.as_bytes(), name.as_bytes()) {
            return Ok(());
        }
        self.progress.enter(version, name).map_err(Differs::Diverged)
    }

    /// A row that holds something other than text, by SQLite's name of the type.
    #[must_use]
    pub fn not_text(column: &'static str, found: &'static str) -> Differs {
        Differs::Diverged(Divergence::NotText { column, found })
    }

    /// How far the database is, with what it says is its floor.
    ///
    /// # Errors
    ///
    /// The history is not the beginning of the embedded one.
    pub fn finish(self, floor: i64) -> Result<Stands, Differs> {
        let standing = match self.progress.finish() {
            Ok(applied) => Standing { applied, newer: None },
            Err(mismatch) if self.migrations.set().compatible => {
                Standing::with_floor(mismatch, self.migrations, floor)?
            }
            Err(mismatch) => return Err(mismatch.into()),
        };
        let Standing { applied, newer } = standing;
        Ok(Stands { applied, newer })
    }
}

/// The migrations that a database lacks which has the first `applied` of those that it is to have in the end.
#[must_use]
pub fn pending(applied: usize, end: &'static [Migration]) -> Vec<&'static Migration> {
    Plan::new(applied, end).pending.iter().collect()
}

/// What a run that failed has left.
#[must_use]
pub fn kept(applied: Vec<&'static Migration>, database: Reached) -> Kept {
    Kept { applied, database }
}

/// What a run did.
#[must_use]
pub fn report(applied: Vec<&'static Migration>, newer: Option<String>, notes: Vec<String>) -> Report {
    Report { applied, newer, notes, ..Report::default() }
}

/// How far a database is.
#[must_use]
pub fn status(migrations: Migrations, stands: Stands) -> Status {
    let Stands { applied, newer } = stands;
    Status::new(migrations, Standing { applied, newer })
}

/// A migration is about to run.
#[must_use]
pub fn started(migration: &'static Migration, position: usize, total: usize) -> Event {
    Event::Started { migration, position, total }
}

/// A migration is in the database for good.
#[must_use]
pub fn applied(migration: &'static Migration, elapsed: Duration) -> Event {
    Event::Applied { migration, elapsed }
}
