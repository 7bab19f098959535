//! The embedded set: the migrations of one folder, and views of it.

use std::fmt;

use super::files::{Files, Position};
use super::migration::{Migration, Mode};
#[cfg(feature = "local")]
use super::step::Step;
use super::{name, numbering};
use crate::stale::{self, Missing};

/// The migrations of one folder, sorted by version, as [`embed_migrations!`] bakes them in.
///
/// A small view of `'static` data: copying it copies a pointer, and nothing happens at start-up.
///
/// [`embed_migrations!`]: https://docs.rs/embed-migrations/latest/embed_migrations/macro.embed_migrations.html
///
/// # Examples
///
/// ```
/// use embed_migrations::{Migrations, embed_migrations, rusqlite::Connection};
///
/// # macro_rules! embed_migrations { () => { ::embed_migrations::embed_migrations!("../migrations") } }
/// static MIGRATIONS: Migrations = embed_migrations!();
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut conn = Connection::open_in_memory()?;
/// assert_eq!(MIGRATIONS.run(&mut conn)?.applied().len(), MIGRATIONS.len());
/// assert!(MIGRATIONS.run(&mut conn)?.applied().is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy)]
pub struct Migrations {
    set: &'static Set,
}

/// What a set of migrations is made of.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Set {
    /// Sorted by version.
    migrations: &'static [Migration],
    /// The tracking table.
    pub(crate) table: &'static str,
    /// The version of the SQLite that rehearsed them, if one did.
    pub(crate) rehearsed_with: Option<&'static str>,
    /// Builds that are older share its database, down to the floor that `PRAGMA user_version` holds.
    pub(crate) compatible: bool,
    /// The functions, collations and modules of the application that were stood in for, in lower case.
    pub(crate) stand_ins: &'static [&'static str],
    /// How many of the first ones have shipped, by `migrations.lock`.
    pub(crate) shipped: usize,
    /// Where they were read from, in a debug build: the package, and the folder relative to it.
    pub(crate) folder: Option<[&'static str; 2]>,
    /// How a debug build looks into it.
    pub(crate) look: Option<fn(Migrations) -> Missing>,
    /// The tests that were run when they were embedded, in a debug build: files relative to the folder.
    pub(crate) tests: &'static [&'static str],
    /// What its files call in Rust, by name.
    #[cfg(feature = "local")]
    pub(crate) steps: &'static [Step],
}

impl Set {
    /// Migrations, sorted by version, and their tracking table.
    #[must_use]
    pub const fn new(migrations: &'static [Migration], table: &'static str) -> Self {
        Self {
            migrations,
            table,
            rehearsed_with: None,
            compatible: false,
            stand_ins: &[],
            shipped: 0,
            folder: None,
            look: None,
            tests: &[],
            #[cfg(feature = "local")]
            steps: &[],
        }
    }

    /// The version of the SQLite that rehearsed them.
    #[must_use]
    pub const fn rehearsed_with(mut self, version: &'static str) -> Self {
        self.rehearsed_with = Some(version);
        self
    }

    /// Older builds share the database.
    #[must_use]
    pub const fn compatible(mut self) -> Self {
        self.compatible = true;
        self
    }

    /// The functions, collations and modules of the application, in lower case.
    #[must_use]
    pub const fn stand_ins(mut self, names: &'static [&'static str]) -> Self {
        self.stand_ins = names;
        self
    }

    /// So many of the first migrations have shipped.
    #[must_use]
    pub const fn shipped(mut self, count: usize) -> Self {
        self.shipped = count;
        self
    }

    /// What its files call in Rust.
    #[cfg(feature = "local")]
    #[must_use]
    pub const fn with_steps(mut self, steps: &'static [Step]) -> Self {
        self.steps = steps;
        self
    }

    /// The package and the folder that a debug build looks at before it runs, and the tests in it.
    #[must_use]
    pub const fn read_from(
        mut self,
        package: &'static str,
        folder: &'static str,
        tests: &'static [&'static str],
    ) -> Self {
        self.folder = Some([package, folder]);
        self.look = Some(stale::look);
        self.tests = tests;
        self
    }
}

/// Stands where a folder has problems, so that nothing but they is reported. Never part of a program.
#[doc(hidden)]
pub const NONE: Migrations = {
    static NOTHING: Set = Set::new(&[], "");
    Migrations::__new(&NOTHING)
};

impl Migrations {
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(set: &'static Set) -> Self {
        Self { set }
    }

    /// The migrations in order.
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// let versions: Vec<_> = MIGRATIONS.iter().map(|migration| migration.version()).collect();
    /// assert_eq!(versions, ["000", "001", "002"]);
    /// ```
    pub fn iter(&self) -> std::slice::Iter<'static, Migration> {
        self.set.migrations.iter()
    }

    /// How many there are.
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// assert_eq!(MIGRATIONS.len(), 3);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.set.migrations.len()
    }

    /// Always `false`: a folder without migrations does not compile.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.set.migrations.is_empty()
    }

    /// The migration with the highest version.
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// assert_eq!(MIGRATIONS.latest().file_name(), "002_add_bio_to_users.sql");
    /// ```
    #[must_use]
    pub fn latest(&self) -> &'static Migration {
        static NOTHING: Files = Files::new("", "", &[]);
        static NONE: Migration = Migration::__new(&NOTHING, Position::new([0; 4], [0; 2]), Mode::USUAL);
        self.set.migrations.last().unwrap_or(&NONE)
    }

    /// The migration with a version. Versions are compared as numbers: `"1"` and `"001"` are the same.
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// assert_eq!(MIGRATIONS.get("001").map(|migration| migration.name()), Some("create_users"));
    /// assert!(MIGRATIONS.get("003").is_none());
    /// ```
    #[must_use]
    pub fn get(&self, version: &str) -> Option<&'static Migration> {
        self.set.migrations.get(self.position(version)?)
    }

    /// Where the migration with a version stands.
    pub(crate) fn position(&self, version: &str) -> Option<usize> {
        numbering::position(self.set.migrations, name::number(version)?).ok()
    }

    /// The migrations up to a target, all of them without one; none where the target is not among them.
    pub(crate) fn up_to(&self, target: Option<&str>) -> Option<&'static [Migration]> {
        let all = self.set.migrations;
        target.map_or(Some(all), |target| all.get(..=self.position(target)?))
    }

    pub(crate) fn as_slice(&self) -> &'static [Migration] {
        self.set.migrations
    }

    pub(crate) fn set(&self) -> &'static Set {
        self.set
    }
}

impl fmt::Debug for Migrations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(Migration::file_name)).finish()
    }
}

impl IntoIterator for Migrations {
    type Item = &'static Migration;
    type IntoIter = std::slice::Iter<'static, Migration>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for &Migrations {
    type Item = &'static Migration;
    type IntoIter = std::slice::Iter<'static, Migration>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
