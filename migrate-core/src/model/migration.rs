//! One migration: `'static` data that a macro bakes into the binary. Holds no logic about databases.

use std::fmt;

use super::name;

/// One migration: a numbered file, embedded.
///
/// # Examples
///
/// ```
/// # use embed_migrations::{Migrations, embed_migrations};
/// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
/// let users = MIGRATIONS.get("001").expect("it is embedded");
/// assert_eq!(users.version(), "001");
/// assert_eq!(users.number(), 1);
/// assert_eq!(users.name(), "create_users");
/// assert_eq!(users.file_name(), "001_create_users.sql");
/// assert!(users.sql().contains("CREATE TABLE users"));
/// ```
#[derive(PartialEq, Eq, Hash)]
pub struct Migration {
    file_name: &'static str,
    sql: &'static str,
    /// Byte offsets into `sql`: the end of BEGIN, of each statement of the transaction, and of COMMIT.
    boundaries: &'static [u32],
    /// How long the version at the start of the file name is.
    version_length: u8,
    mode: Mode,
}

impl Migration {
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(
        file_name: &'static str,
        version_length: u8,
        sql: &'static str,
        boundaries: &'static [u32],
        mode: Mode,
    ) -> Self {
        Self { file_name, sql, boundaries, version_length, mode }
    }

    /// The version as it stands in the file name, such as `002`.
    #[must_use]
    pub fn version(&self) -> &'static str {
        self.file_name.get(..usize::from(self.version_length)).unwrap_or_default()
    }

    /// The version as a number, such as 2.
    #[must_use]
    pub fn number(&self) -> u64 {
        // What is embedded was checked when the program was compiled.
        name::number(self.version()).unwrap_or_default()
    }

    /// The name as it stands in the file name, such as `add_bio_to_users`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        let name = self.file_name.get(usize::from(self.version_length) + 1..).unwrap_or_default();
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
        version.len() == usize::from(self.version_length)
            && file_name.len() == version.len() + name.len() + "_.sql".len()
            && file_name.starts_with(version)
            && file_name.get(version.len() + 1..).is_some_and(|rest| rest.starts_with(name))
    }

    pub(crate) fn mode(&self) -> Mode {
        self.mode
    }

    /// The statements of the transaction, and then its COMMIT: where each begins in bytes, and its text with the
    /// space and comments before it.
    fn slices(&self) -> impl ExactSizeIterator<Item = (usize, &'static str)> {
        let sql = self.sql;
        self.boundaries.windows(2).map(move |pair| {
            let at = |index: usize| {
                pair.get(index).and_then(|&end| usize::try_from(end).ok()).unwrap_or(usize::MAX)
            };
            (at(0), sql.get(at(0)..at(1)).unwrap_or_default())
        })
    }

    /// The statements of the transaction, BEGIN and COMMIT apart: where each begins in bytes, and its text with the
    /// space and comments before it.
    pub(crate) fn statements(&self) -> impl ExactSizeIterator<Item = (usize, &'static str)> {
        let slices = self.slices();
        let count = slices.len().saturating_sub(1);
        slices.take(count)
    }

    /// Where the COMMIT stands, and its text, with the space and comments before it.
    pub(crate) fn commit(&self) -> (usize, &'static str) {
        self.slices().last().unwrap_or_default()
    }
}

impl fmt::Debug for Migration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Migration").field(&self.file_name).finish()
    }
}

/// How a file has to be run, as its text says. Found when the file is read, so that a run never looks at texts.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mode {
    pub(crate) settings: Settings,
    /// A foreign key may be checked as late as at COMMIT.
    pub(crate) defers: bool,
    /// It may put a trigger on a table, the tracking table perhaps.
    pub(crate) leaves_trigger: bool,
    /// It calls a step in Rust.
    pub(crate) calls_steps: bool,
}

impl Mode {
    /// Of a file that says nothing else.
    pub const USUAL: Self =
        Self { settings: Settings::USUAL, defers: false, leaves_trigger: false, calls_steps: false };

    #[must_use]
    pub const fn foreign_keys_off(mut self) -> Self {
        self.settings.foreign_keys = false;
        self
    }

    #[must_use]
    pub const fn legacy_alter_table(mut self) -> Self {
        self.settings.legacy_alter_table = true;
        self
    }

    #[must_use]
    pub const fn defers(mut self) -> Self {
        self.defers = true;
        self
    }

    #[must_use]
    pub const fn leaves_trigger(mut self) -> Self {
        self.leaves_trigger = true;
        self
    }

    #[must_use]
    pub const fn calls_steps(mut self) -> Self {
        self.calls_steps = true;
        self
    }
}

/// The connection settings that a transaction runs with. They can change only outside of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Settings {
    pub(crate) foreign_keys: bool,
    pub(crate) legacy_alter_table: bool,
}

impl Settings {
    /// What a file runs with unless it says otherwise.
    pub(crate) const USUAL: Self = Self { foreign_keys: true, legacy_alter_table: false };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_cut_the_statements_and_the_commit() {
        let sql = "BEGIN; SELECT 1; -- x\nSELECT 2; COMMIT; -- y";
        let migration = Migration::__new("1_a.sql", 1, sql, &[6, 16, 31, 39], Mode::USUAL);
        assert_eq!(migration.statements().collect::<Vec<_>>(), [(6, " SELECT 1;"), (16, " -- x\nSELECT 2;")]);
        assert_eq!(migration.commit(), (31, " COMMIT;"));
    }
}
