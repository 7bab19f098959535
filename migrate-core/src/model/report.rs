//! What a run did, and what a run that failed has left.

use std::fmt;
use std::path::{Path, PathBuf};

use super::migration::Migration;

/// What a run did.
///
/// # Examples
///
/// See [`Report::applied`].
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub(crate) applied: Vec<&'static Migration>,
    pub(crate) backup: Option<PathBuf>,
    pub(crate) newer: Option<String>,
    pub(crate) notes: Vec<String>,
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

    /// The newest version in the database, where a newer release has migrated it and this one can still use it: the set is
    /// `compatible`, and the floor of the database is not above it. The run has then done nothing.
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations, rusqlite::Connection};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mut conn = Connection::open_in_memory()?;
    /// if let Some(version) = MIGRATIONS.run(&mut conn)?.newer() {
    ///     eprintln!("a newer release has migrated this data to {version}; please update soon");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn newer(&self) -> Option<&str> {
        self.newer.as_deref()
    }

    /// The copy that was made of the database before anything in it changed, where one was asked for and something was
    /// pending. See [`Runner::backup`].
    ///
    /// [`Runner::backup`]: https://docs.rs/embed-migrations/latest/embed_migrations/struct.Runner.html#method.backup
    #[must_use]
    pub fn backup(&self) -> Option<&Path> {
        self.backup.as_deref()
    }

    /// What the caller may want to know although the run went well, a sentence each. Most often there is none; an
    /// engine on other machines may be one that does not enforce foreign keys, for example.
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations, rusqlite::Connection};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mut conn = Connection::open_in_memory()?;
    /// for note in MIGRATIONS.run(&mut conn)?.notes() {
    ///     eprintln!("note: {note}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}

/// What a run that failed has left in the database. Displays as a clause of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Kept {
    /// The migrations that this call applied, in order, as far as their COMMIT was seen.
    pub applied: Vec<&'static Migration>,
    /// How far the database is, read back from it after the failure.
    pub database: Reached,
}

/// How far a database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reached {
    /// No migration is applied.
    Nothing,
    /// All migrations up to this one are applied.
    Migration(&'static Migration),
    /// The database could not be read.
    Unknown,
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.database {
            Reached::Migration(last) => write!(f, "the database is at {}", last.file_name()),
            Reached::Nothing => f.write_str("no migration is applied"),
            Reached::Unknown => f.write_str("the database could not be read back"),
        }
    }
}
