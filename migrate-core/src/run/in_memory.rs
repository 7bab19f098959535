//! Migrated databases in memory, for tests: made once, and copied after that.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, MAIN_DB};

use super::error::Error;
use super::{Runner, preflight};
use crate::model::migration::Migration;
use crate::model::set::Migrations;

/// A database as SQLite serializes it, once somebody has made it.
type Template = Mutex<Option<Arc<[u8]>>>;

/// By the address of their set, and how many migrations they have.
type Templates = BTreeMap<(usize, usize), Arc<Template>>;

/// Those that were made in this process.
static TEMPLATES: Mutex<Templates> = Mutex::new(Templates::new());

impl Migrations {
    /// A database in memory that has all migrations, with foreign keys on: for tests.
    ///
    /// The migrations, steps in Rust included, run once per process; every further call copies what they have made, and each copy is a database of
    /// its own.
    ///
    /// # Errors
    ///
    /// [`Error::InMemory`]: they need a function or collation of the application's; see
    /// [`in_memory_with`](Migrations::in_memory_with).
    ///
    /// # Examples
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let conn = MIGRATIONS.in_memory()?;
    /// conn.execute("INSERT INTO users (email, name) VALUES ('a@example.org', 'A')", [])?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn in_memory(&self) -> Result<Connection, Error> {
        copied(*self, self.len()).map_err(|error| *error)
    }

    /// A database in memory that has the migrations up to a version, so that a test can put old rows in and then
    /// [`run`](Migrations::run) the rest.
    ///
    /// # Errors
    ///
    /// - [`Error::UnknownTarget`]: the version is not an embedded one.
    /// - [`Error::InMemory`]: see [`in_memory`](Migrations::in_memory).
    ///
    /// # Examples
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut conn = MIGRATIONS.in_memory_at("001")?;
    /// conn.execute("INSERT INTO users (email, name) VALUES ('a@example.org', 'A')", [])?;
    ///
    /// MIGRATIONS.run(&mut conn)?;
    /// let bio: Option<String> = conn.query_row("SELECT bio FROM users", [], |row| row.get(0))?;
    /// assert_eq!(bio, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn in_memory_at(&self, version: &str) -> Result<Connection, Error> {
        let end = preflight::end(*self, Some(version));
        end.and_then(|end| copied(*self, end)).map_err(|error| *error)
    }

    /// A database in memory that has all migrations, which run after `setup` has registered what they need. Nothing is
    /// kept for the next call.
    ///
    /// # Errors
    ///
    /// - [`Error::Sqlite`]: `setup` failed.
    /// - [`Error::InMemory`]: a migration did.
    ///
    /// # Examples
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations, rusqlite::functions::FunctionFlags};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let conn = MIGRATIONS.in_memory_with(|conn| {
    ///     conn.create_scalar_function("normalize", 1, FunctionFlags::SQLITE_DETERMINISTIC, |context| {
    ///         Ok(context.get::<String>(0)?.to_lowercase())
    ///     })
    /// })?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn in_memory_with(
        &self,
        setup: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<Connection, Error> {
        let made = opened().and_then(|mut conn| {
            setup(&conn).map_err(Error::setting_up)?;
            run_to(self.runner(), self.as_slice(), &mut conn)?;
            Ok(conn)
        });
        made.map_err(|error| *error)
    }
}

/// A copy of the database that some of the migrations make.
fn copied(migrations: Migrations, end: usize) -> Result<Connection, Box<Error>> {
    let template = template(migrations, end)?;
    let copying = Error::sqlite("copying the database in memory");
    let mut conn = Connection::open_in_memory().map_err(copying)?;
    conn.deserialize_read_exact(MAIN_DB, &*template, template.len(), false).map_err(copying)?;
    foreign_keys_on(&conn).map_err(copying)?;
    Ok(conn)
}

fn template(migrations: Migrations, end: usize) -> Result<Arc<[u8]>, Box<Error>> {
    let key = (std::ptr::from_ref(migrations.set()).addr(), end);
    let template = {
        let mut templates = TEMPLATES.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(templates.entry(key).or_default())
    };
    // Held while it is made, so that it is made once; a step in Rust may ask for another one meanwhile. Whoever panicked in it
    // has left none.
    let mut template = template.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(template) = &*template {
        return Ok(Arc::clone(template));
    }
    let mut conn = opened()?;
    run_to(migrations.runner(), migrations.first(end), &mut conn)?;
    let serialized = conn.serialize(MAIN_DB).map_err(Error::sqlite("copying the database in memory"))?;
    Ok(Arc::clone(template.insert(Arc::from(&*serialized))))
}

/// Opens an empty database in memory.
pub(super) fn opened() -> Result<Connection, Box<Error>> {
    let opening = Error::sqlite("opening a database in memory");
    let conn = Connection::open_in_memory().map_err(opening)?;
    foreign_keys_on(&conn).map_err(opening)?;
    Ok(conn)
}

fn foreign_keys_on(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch("PRAGMA foreign_keys = ON")
}

/// Runs the first of the migrations on a database in memory.
pub(super) fn run_to(
    runner: Runner<'_>,
    end: &'static [Migration],
    conn: &mut Connection,
) -> Result<(), Box<Error>> {
    let Some(last) = end.last() else { return Ok(()) };
    let ran = runner.target(last.version()).run(conn);
    ran.map(drop).map_err(|source| Error::InMemory { source: Box::new(source) }.into())
}
