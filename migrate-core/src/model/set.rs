//! The embedded set: the migrations of one folder, and views of it.

use std::fmt;
use std::sync::OnceLock;

use super::digest::Digest;
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
    migrations: Source,
    count: usize,
    /// Of all their records, if it is known.
    pub(crate) digest: Option<Digest>,
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

/// Where the migrations of a set are to be had.
#[derive(Clone, Copy, Debug)]
enum Source {
    Made(&'static [Migration]),
    /// Makes them when they are first asked for, which a start with nothing pending does not do.
    Later(fn() -> &'static [Migration]),
}

/// The place of migrations that are made when they are first asked for.
#[doc(hidden)]
#[derive(Debug)]
pub struct Later(OnceLock<Vec<Migration>>);

impl Later {
    #[allow(clippy::new_without_default, reason = "only a const function makes a static")]
    #[must_use]
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Those of some files, always the same ones.
    pub fn of(&'static self, files: &'static Files) -> &'static [Migration] {
        self.0.get_or_init(|| files.migrations())
    }
}

impl Set {
    /// Files, sorted by version, what gives the migrations that they are, and their tracking table.
    #[must_use]
    pub const fn new(
        files: &'static Files,
        migrations: fn() -> &'static [Migration],
        table: &'static str,
    ) -> Self {
        let digest = Some(files.digest);
        let migrations = Source::Later(migrations);
        Self { migrations, count: files.positions.len(), digest, ..Self::made(&[], table) }
    }

    /// Files that nobody has baked in.
    #[cfg(any(feature = "build", feature = "include_dir"))]
    pub(crate) fn leaked(files: &'static Files, table: &'static str) -> Self {
        Self { digest: Some(files.digest), ..Self::made(files.migrations().leak(), table) }
    }

    /// Migrations that are there already, sorted by version, and their tracking table.
    pub(crate) const fn made(migrations: &'static [Migration], table: &'static str) -> Self {
        Self {
            migrations: Source::Made(migrations),
            count: migrations.len(),
            digest: None,
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
    static NOTHING: Set = Set::made(&[], "");
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
        self.as_slice().iter()
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
        self.set.count
    }

    /// Always `false`: a folder without migrations does not compile.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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
        static NOTHING: Files = Files::new("", "", &[], &[], Digest::EMPTY);
        static NONE: Migration = Migration::new(&NOTHING, Position::new([0; 4], [0; 2], Mode::USUAL));
        self.as_slice().last().unwrap_or(&NONE)
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
        self.as_slice().get(self.position(version)?)
    }

    /// Where the migration with a version stands.
    pub(crate) fn position(&self, version: &str) -> Option<usize> {
        numbering::position(self.as_slice(), name::number(version)?).ok()
    }

    /// How many there are up to a target, all of them without one; none where the target is not among them.
    pub(crate) fn count_to(&self, target: Option<&str>) -> Option<usize> {
        target.map_or(Some(self.len()), |target| Some(self.position(target)? + 1))
    }

    pub(crate) fn as_slice(&self) -> &'static [Migration] {
        match self.set.migrations {
            Source::Made(migrations) => migrations,
            Source::Later(migrations) => migrations(),
        }
    }

    /// The first so many.
    pub(crate) fn first(&self, count: usize) -> &'static [Migration] {
        self.as_slice().get(..count).unwrap_or_default()
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
