//! One migration: `'static` data that a macro bakes into the binary. Holds no logic about databases.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;

use super::files::{Files, Position};
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
pub struct Migration {
    files: &'static Files,
    at: Position,
}

impl Migration {
    pub(crate) const fn new(files: &'static Files, at: Position) -> Self {
        Self { files, at }
    }

    /// The version as it stands in the file name, such as `002`.
    #[must_use]
    pub fn version(&self) -> &'static str {
        self.file_name().get(..self.version_length()).unwrap_or_default()
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
        let name = self.file_name().get(self.version_length() + 1..).unwrap_or_default();
        name.strip_suffix(".sql").unwrap_or(name)
    }

    /// The file name, such as `002_add_bio_to_users.sql`.
    #[must_use]
    pub fn file_name(&self) -> &'static str {
        self.files.names.get(range(self.at.name, self.at.name_length.into())).unwrap_or_default()
    }

    /// The whole file, normalised: UTF-8 without a byte-order mark, lines ended by LF.
    #[must_use]
    pub fn sql(&self) -> &'static str {
        let length = self.ends().last().copied().unwrap_or_default();
        self.files.sql.get(range(self.at.sql, length)).unwrap_or_default()
    }

    fn version_length(&self) -> usize {
        self.at.version_length.into()
    }

    /// Byte offsets into its text: the end of BEGIN, of each statement of the transaction, of COMMIT, and of the text.
    fn ends(&self) -> &'static [u32] {
        self.files.ends.get(range(self.at.ends, self.at.ends_count)).unwrap_or_default()
    }

    /// Whether this is the migration of a version and a name, by one look at each byte.
    pub(crate) fn is(&self, version: &[u8], name: &[u8]) -> bool {
        let file_name = range(self.at.name, self.at.name_length.into());
        let file_name = self.files.names.as_bytes().get(file_name).unwrap_or_default();
        version.len() == self.version_length()
            && file_name.len() == version.len() + name.len() + "_.sql".len()
            && file_name.starts_with(version)
            && file_name.get(version.len() + 1..).is_some_and(|rest| rest.starts_with(name))
    }

    pub(crate) fn mode(&self) -> Mode {
        self.at.mode
    }

    /// The statements of the transaction, and then its COMMIT: where each begins in bytes, and its text with the
    /// space and comments before it.
    fn slices(&self) -> impl ExactSizeIterator<Item = (usize, &'static str)> {
        let sql = self.sql();
        let boundaries = self.ends().split_last().map_or(&[][..], |(_, boundaries)| boundaries);
        boundaries.windows(2).map(move |pair| {
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
        f.debug_tuple("Migration").field(&self.file_name()).finish()
    }
}

/// So many of something, from an offset on.
fn range(start: u32, count: u32) -> Range<usize> {
    // A binary for fewer than 32 bits holds no offset that does not fit.
    let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
    at(start.into())..at(u64::from(start) + u64::from(count))
}

impl PartialEq for Migration {
    fn eq(&self, other: &Self) -> bool {
        self.file_name() == other.file_name() && self.sql() == other.sql()
    }
}

impl Eq for Migration {}

impl Hash for Migration {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.file_name().hash(state);
        self.sql().hash(state);
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

/// A migration of a file that no other is joined to, in a test. What ends in it includes its text.
#[cfg(test)]
macro_rules! made_of {
    ($file_name:expr, $version_length:expr, $sql:expr, $ends:expr, $mode:expr) => {{
        use crate::model::digest::Digest;
        use crate::model::files::{Files, Position};
        const ENDS: &[u32] = $ends;
        const FILES: &Files = &Files::new($file_name, $sql, ENDS, &[], Digest::EMPTY);
        let lengths = [$file_name.len() as u8, $version_length];
        let at = Position::new([0, 0, 0, ENDS.len() as u32], lengths, $mode);
        $crate::model::migration::Migration::new(FILES, at)
    }};
}
#[cfg(test)]
pub(crate) use made_of;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_cut_the_statements_and_the_commit() {
        const SQL: &str = "BEGIN; SELECT 1; -- x\nSELECT 2; COMMIT; -- y";
        let migration = made_of!("1_a.sql", 1, SQL, &[6, 16, 31, 39, 44], Mode::USUAL);
        assert_eq!((migration.version(), migration.name(), migration.sql()), ("1", "a", SQL));
        assert_eq!(migration.statements().collect::<Vec<_>>(), [(6, " SELECT 1;"), (16, " -- x\nSELECT 2;")]);
        assert_eq!(migration.commit(), (31, " COMMIT;"));
    }
}
