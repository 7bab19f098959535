//! The embedded set: `'static` data that a macro bakes into the binary, and views of it.
//!
//! Holds no logic about databases: [`Migrations::run`] and its siblings hand over to the runner.

use std::fmt;

use crate::model::name;
use crate::sql::token;

/// One migration: a numbered file, embedded.
///
/// # Examples
///
/// ```
/// # use embed_migrations::{Migrations, embed_migrations};
/// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
/// let users = MIGRATIONS.get("001").expect("it is embedded");
/// assert_eq!(users.version(), "001");
/// assert_eq!(users.name(), "create_users");
/// assert_eq!(users.file_name(), "001_create_users.sql");
/// assert!(users.sql().contains("CREATE TABLE users"));
/// ```
pub struct Migration {
    file_name: &'static str,
    sql: &'static str,
    /// Byte offsets into `sql`: the end of BEGIN, then the end of each statement of the transaction.
    boundaries: &'static [u32],
    /// How long the version at the start of the file name is.
    version: u8,
    settings: Settings,
    defers: bool,
}

impl Migration {
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(
        file_name: &'static str,
        version: u8,
        sql: &'static str,
        boundaries: &'static [u32],
        [foreign_keys, legacy_alter_table, defers]: [bool; 3],
    ) -> Self {
        let settings = Settings { foreign_keys, legacy_alter_table };
        Self { file_name, sql, boundaries, version, settings, defers }
    }

    /// The version as it stands in the file name, such as `002`.
    #[must_use]
    pub fn version(&self) -> &'static str {
        self.file_name.get(..usize::from(self.version)).unwrap_or_default()
    }

    /// The name as it stands in the file name, such as `add_bio_to_users`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        let name = self.file_name.get(usize::from(self.version) + 1..).unwrap_or_default();
        name.strip_suffix(".sql").unwrap_or(name)
    }

    /// The file name, such as `002_add_bio_to_users.sql`.
    #[must_use]
    pub fn file_name(&self) -> &'static str {
        self.file_name
    }

    /// The whole file, normalised: UTF-8 without a byte-order mark, lines ended by LF.
    #[must_use]
    pub fn sql(&self) -> &'static str {
        self.sql
    }

    /// Whether this is the migration of a version and a name, by one look at each byte.
    pub(crate) fn is(&self, version: &[u8], name: &[u8]) -> bool {
        let file_name = self.file_name.as_bytes();
        version.len() == usize::from(self.version)
            && file_name.len() == version.len() + name.len() + "_.sql".len()
            && file_name.starts_with(version)
            && file_name.get(version.len() + 1..).is_some_and(|rest| rest.starts_with(name))
    }

    pub(crate) fn settings(&self) -> Settings {
        self.settings
    }

    pub(crate) fn defers(&self) -> bool {
        self.defers
    }

    /// The statements of the transaction, BEGIN and COMMIT apart: where each begins in bytes, and its text
    /// with the space and comments before it.
    pub(crate) fn statements(&self) -> impl Iterator<Item = (usize, &'static str)> {
        let ends = self.boundaries.iter().map(|&end| usize::try_from(end).unwrap_or(usize::MAX));
        ends.clone()
            .zip(ends.skip(1))
            .map(|(start, end)| (start, self.sql.get(start..end).unwrap_or_default()))
    }

    /// Where the COMMIT stands, and its text, with the space and comments before it.
    pub(crate) fn commit(&self) -> (usize, &'static str) {
        let start = self.boundaries.last().and_then(|&end| usize::try_from(end).ok()).unwrap_or_default();
        let rest = self.sql.get(start..).unwrap_or_default();
        let mut end = 0;
        for token in token::significant(rest) {
            end = token.end();
            if token.kind == token::Kind::Semicolon {
                break;
            }
        }
        (start, rest.get(..end).unwrap_or_default())
    }
}

impl fmt::Debug for Migration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Migration").field(&self.file_name).finish()
    }
}

/// The connection settings that a transaction runs with. They can change only outside of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) foreign_keys: bool,
    pub(crate) legacy_alter_table: bool,
}

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
/// # macro_rules! embed_migrations { () => { embed_migrations::embed_migrations!("../migrations") } }
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
pub struct Set {
    /// Sorted by version, which counts from 0, so a version's number is its index.
    pub migrations: &'static [Migration],
    /// The tracking table.
    pub table: &'static str,
    /// The version of the SQLite that rehearsed them, if one did.
    pub rehearsed_with: Option<&'static str>,
    /// Where they were read from, in a debug build: the package, and the folder relative to it.
    pub folder: Option<[&'static str; 2]>,
}

/// Stands where a folder has problems, so that nothing but they is reported. Never part of a program.
#[doc(hidden)]
pub const NONE: Migrations = {
    static NOTHING: Set = Set { migrations: &[], table: "", rehearsed_with: None, folder: None };
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
        static NONE: Migration = Migration::__new("", 0, "", &[], [true, false, false]);
        self.set.migrations.last().unwrap_or(&NONE)
    }

    /// The migration of a version. Versions are numbers: `"1"` and `"001"` are the same.
    ///
    /// ```
    /// # use embed_migrations::{Migrations, embed_migrations};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// assert_eq!(MIGRATIONS.get("001").map(|migration| migration.name()), Some("create_users"));
    /// assert!(MIGRATIONS.get("003").is_none());
    /// ```
    #[must_use]
    pub fn get(&self, version: &str) -> Option<&'static Migration> {
        self.set.migrations.get(self.index(version)?)
    }

    /// Where the migration of a version stands.
    pub(crate) fn index(&self, version: &str) -> Option<usize> {
        usize::try_from(name::number(version)?).ok().filter(|&index| index < self.len())
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
