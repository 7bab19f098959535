//! Whether the schema of a database is what the migrations make: what a program may ask before it trusts one.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use rusqlite::Connection;

use super::drift::{self, Difference};
use super::error::Error;
use super::in_memory;
use super::pass::{read, waited};
use super::wait::Wait;
use super::{LOCK_TIMEOUT, preflight};
use crate::live::history::History;
use crate::live::objects::{self, Objects};
use crate::model::migration::Migration;
use crate::model::set::Migrations;
use crate::sql::quote::key;

impl Migrations {
    /// Compares the schema of a database with the one that these migrations make, at the version that the database has
    /// reached. Writes nothing.
    ///
    /// The same as [`verifier()`](Migrations::verifier)`.verify(conn)`.
    ///
    /// # Errors
    ///
    /// See [`Verifier::verify`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use embed_migrations::{Error, Migrations, embed_migrations};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let conn = MIGRATIONS.in_memory()?;
    /// MIGRATIONS.verify(&conn)?;
    ///
    /// conn.execute_batch("ALTER TABLE users DROP COLUMN bio")?;
    /// match MIGRATIONS.verify(&conn) {
    ///     Err(Error::Drift { differences, .. }) => assert_eq!(differences, ["table users: column bio is missing"]),
    ///     other => panic!("{other:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn verify(&self, conn: &Connection) -> Result<(), Error> {
        self.verifier().verify(conn)
    }

    /// A comparison with options.
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let conn = MIGRATIONS.in_memory()?;
    /// conn.execute_batch("CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)")?;
    /// assert!(MIGRATIONS.verify(&conn).is_err());
    /// MIGRATIONS.verifier().ignoring(&["_litestream_seq"]).verify(&conn)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn verifier<'a>(&self) -> Verifier<'a> {
        Verifier { migrations: *self, ignored: BTreeSet::new(), setup: None, lock_timeout: LOCK_TIMEOUT }
    }
}

type Setup<'a> = Box<dyn Fn(&Connection) -> rusqlite::Result<()> + 'a>;

/// A comparison of schemas with options, made by [`Migrations::verifier`].
///
/// # Examples
///
/// See [`Migrations::verifier`].
#[must_use = "nothing happens before `verify` or `baseline`"]
pub struct Verifier<'a> {
    pub(super) migrations: Migrations,
    /// By [`key`].
    ignored: BTreeSet<String>,
    setup: Option<Setup<'a>>,
    pub(super) lock_timeout: Duration,
}

impl fmt::Debug for Verifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("migrations", &self.migrations)
            .field("ignored", &self.ignored)
            .finish_non_exhaustive()
    }
}

impl<'a> Verifier<'a> {
    /// Leaves out tables and views that no migration makes, with their indexes and triggers: those of another tool, say.
    ///
    /// What the migrations make is compared even if it is named here.
    pub fn ignoring(mut self, tables: &[&str]) -> Self {
        self.ignored.extend(tables.iter().map(|table| key(table)));
        self
    }

    /// Registers the functions, collations and modules that the migrations need, on the connection in memory on which
    /// they are run for the comparison.
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations, rusqlite::functions::FunctionFlags};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let conn = MIGRATIONS.in_memory()?;
    /// MIGRATIONS
    ///     .verifier()
    ///     .setup(|conn| {
    ///         conn.create_scalar_function("normalize", 1, FunctionFlags::SQLITE_DETERMINISTIC, |context| {
    ///             Ok(context.get::<String>(0)?.to_lowercase())
    ///         })
    ///     })
    ///     .verify(&conn)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn setup(mut self, setup: impl Fn(&Connection) -> rusqlite::Result<()> + 'a) -> Self {
        self.setup = Some(Box::new(setup));
        self
    }

    /// How long it may wait for other connections in all; 60 seconds unless set. Zero does not wait.
    pub fn lock_timeout(mut self, lock_timeout: Duration) -> Self {
        self.lock_timeout = lock_timeout;
        self
    }

    /// Compares the schema of a database with the one that the migrations make, at the version that the database has
    /// reached. Writes nothing, and works on a read-only database and inside a transaction.
    ///
    /// The texts of tables, indexes, views and triggers are compared, without regard to space, comments, quotes and the
    /// case of names. Tables, indexes, views and triggers that no migration makes are differences too. Rows are not looked
    /// at, and neither are `sqlite_…` tables and the tables that a virtual table keeps for itself.
    ///
    /// # Errors
    ///
    /// - [`Error::Drift`]: they differ; it lists every difference in a line.
    /// - [`Error::InMemory`]: the migrations need something of the application's to run in memory
    ///   ([`setup`](Verifier::setup)).
    /// - [`Error::NewerDatabase`]: a newer build has migrated the database, so its schema is not known here, even where the
    ///   set is `compatible`.
    /// - Those of [`Migrations::status`].
    pub fn verify(&self, conn: &Connection) -> Result<(), Error> {
        self.try_verify(conn).map_err(|error| *error)
    }

    fn try_verify(&self, conn: &Connection) -> Result<(), Box<Error>> {
        preflight::supported(rusqlite::version_number())?;
        let wait = Wait::new(self.lock_timeout);
        let loan = preflight::lend(conn, &wait)?;
        let history = History::new(self.migrations);
        let (standing, found) = waited(&wait, || {
            loan.snapshot(|| {
                let standing = read(&history, conn, self.migrations)?;
                Ok((standing, objects::read(conn).map_err(Error::reading_schema)?))
            })
        })?;
        drop(loan);
        if let Some(database) = standing.newer {
            return Err(Error::NewerDatabase { database, binary: self.migrations.latest() }.into());
        }
        self.compare(standing.applied, &found)
    }

    /// Holds a schema that was found against the one that the first `applied` migrations make.
    fn compare(&self, applied: usize, found: &Objects) -> Result<(), Box<Error>> {
        let end = self.migrations.first(applied);
        let expected = self.run_to(end, &mut self.empty()?)?;
        let differences = self.differences(&expected, found);
        if differences.is_empty() {
            return Ok(());
        }
        let edited = self.edited(end, &differences).unwrap_or_default();
        Err(drift(end, differences, edited))
    }

    /// The same for a schema of which only the rows of `sqlite_master` are here (type, name, table and text of each), and that the
    /// first `applied` migrations have made.
    #[doc(hidden)]
    pub fn __verify_rows(&self, rows: Vec<[String; 4]>, applied: usize) -> Result<(), Error> {
        self.compare(applied, &objects::of(rows)).map_err(|error| *error)
    }

    /// How what is `found` in a database differs from what is `expected`.
    pub(super) fn differences(&self, expected: &Objects, found: &Objects) -> Vec<Difference> {
        drift::differences(expected, found, &self.ignored)
    }

    /// The files that are not shipped and may explain the differences: an edit of a file that was applied already is what
    /// most differences come from. None where something else must have happened as well.
    fn edited(
        &self,
        end: &'static [Migration],
        differences: &[Difference],
    ) -> Result<Vec<&'static Migration>, Box<Error>> {
        let shipped = self.migrations.set().shipped.min(end.len());
        let mut conn = self.empty()?;
        let mut before = self.run_to(end.get(..shipped).unwrap_or_default(), &mut conn)?;
        let mut changes = Vec::new();
        for (at, migration) in end.iter().enumerate().skip(shipped) {
            let after = self.run_to(end.get(..=at).unwrap_or_default(), &mut conn)?;
            changes.push((migration, drift::differences(&before, &after, &BTreeSet::new())));
            before = after;
        }
        Ok(drift::explained(differences, &changes))
    }

    /// An empty database in memory, set up for the migrations.
    pub(super) fn empty(&self) -> Result<Connection, Box<Error>> {
        let conn = in_memory::opened()?;
        if let Some(setup) = &self.setup {
            setup(&conn).map_err(Error::setting_up)?;
        }
        Ok(conn)
    }

    /// Runs the first of the migrations: the objects that they make.
    pub(super) fn run_to(
        &self,
        end: &'static [Migration],
        conn: &mut Connection,
    ) -> Result<Objects, Box<Error>> {
        // Steps in Rust change rows, and there are none.
        in_memory::run_to(self.migrations.runner().without_steps(), end, conn)?;
        objects::read(conn).map_err(Error::reading_schema)
    }
}

/// The error for a database that differs, at the last of some migrations.
pub(super) fn drift(
    end: &'static [Migration],
    differences: Vec<Difference>,
    edited: Vec<&'static Migration>,
) -> Box<Error> {
    let differences = differences.into_iter().map(|difference| difference.line).collect();
    Error::Drift { at: end.last(), differences, edited }.into()
}
