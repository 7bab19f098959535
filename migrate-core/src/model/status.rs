//! How far a database is, without changing it.

use std::fmt;

use super::migration::Migration;
use super::plan::Standing;
use super::set::Migrations;

/// Which migrations a database has, and which it lacks. Displays as a table.
///
/// # Examples
///
/// ```
/// # use embed_migrations::{Migrations, embed_migrations, rusqlite::Connection};
/// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut conn = Connection::open_in_memory()?;
/// MIGRATIONS.runner().target("001").run(&mut conn)?;
///
/// let status = MIGRATIONS.status(&conn)?;
/// assert_eq!(status.applied().len(), 2);
/// assert_eq!(status.pending().len(), 1);
/// assert_eq!(
///     status.to_string(),
///     "\
/// version  name                      state
/// 000      create_schema_migrations  applied
/// 001      create_users              applied
/// 002      add_bio_to_users          pending
/// "
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Status {
    applied: &'static [Migration],
    pending: &'static [Migration],
    newer: Option<String>,
}

impl Status {
    pub(crate) fn new(migrations: Migrations, standing: Standing) -> Self {
        let Standing { applied, newer } = standing;
        let (applied, pending) = migrations.as_slice().split_at(applied.min(migrations.len()));
        Self { applied, pending, newer }
    }

    /// The newest version in the database, where a newer release has migrated it and this one can still use it.
    #[must_use]
    pub fn newer(&self) -> Option<&str> {
        self.newer.as_deref()
    }

    /// The migrations that are applied, in order.
    #[must_use]
    pub fn applied(&self) -> &'static [Migration] {
        self.applied
    }

    /// The migrations that are not applied yet, in order.
    #[must_use]
    pub fn pending(&self) -> &'static [Migration] {
        self.pending
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = || {
            let state = |migrations: &'static [Migration], state| migrations.iter().map(move |m| (m, state));
            state(self.applied, "applied").chain(state(self.pending, "pending"))
        };
        let column = |heading: &str, text: fn(&Migration) -> &'static str| {
            rows()
                .map(|(migration, _)| text(migration).len())
                .chain([heading.len()])
                .max()
                .unwrap_or_default()
        };
        let version = column("version", Migration::version);
        let name = column("name", Migration::name);
        writeln!(f, "{:version$}  {:name$}  state", "version", "name")?;
        for (migration, state) in rows() {
            writeln!(f, "{:version$}  {:name$}  {state}", migration.version(), migration.name())?;
        }
        Ok(())
    }
}
