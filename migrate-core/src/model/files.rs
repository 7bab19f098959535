//! The files of a set, joined: all names in one text, all SQL in another, and numbers that tell where each stands.
//!
//! A pointer costs a binary four times its size and has to be relocated when the program starts, which loads it into memory
//! whether somebody asks for it or not. So nothing that a set has many of holds one.

use super::digest::Digest;
use super::migration::{Migration, Mode};

/// The files of a set, one after the other.
#[doc(hidden)]
#[derive(Debug)]
pub struct Files {
    pub(crate) names: &'static str,
    pub(crate) sql: &'static str,
    /// For each file, as offsets into its text: the end of BEGIN, of each statement of the transaction, of COMMIT, and of
    /// the text.
    pub(crate) ends: &'static [u32],
    pub(crate) positions: &'static [Position],
    /// Of all their records.
    pub(crate) digest: Digest,
}

impl Files {
    #[must_use]
    pub const fn new(
        names: &'static str,
        sql: &'static str,
        ends: &'static [u32],
        positions: &'static [Position],
        digest: Digest,
    ) -> Self {
        Self { names, sql, ends, positions, digest }
    }

    /// The migrations that they are.
    pub(crate) fn migrations(&'static self) -> Vec<Migration> {
        self.positions.iter().map(|&position| Migration::new(self, position)).collect()
    }
}

/// Where in the [`Files`] of its set a migration stands, and how it is run.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Position {
    pub(crate) name: u32,
    pub(crate) sql: u32,
    pub(crate) ends: u32,
    pub(crate) ends_count: u32,
    pub(crate) name_length: u8,
    /// How long the version at the start of the file name is.
    pub(crate) version_length: u8,
    pub(crate) mode: Mode,
}

impl Position {
    #[must_use]
    pub const fn new(
        [name, sql, ends, ends_count]: [u32; 4],
        [name_length, version_length]: [u8; 2],
        mode: Mode,
    ) -> Self {
        Self { name, sql, ends, ends_count, name_length, version_length, mode }
    }
}

/// Files that are being joined.
#[cfg(any(test, feature = "check"))]
#[cfg_attr(not(feature = "build"), allow(unreachable_pub, reason = "the macro reaches it"))]
#[derive(Debug)]
pub struct Joined {
    /// All file names.
    pub names: String,
    /// All texts.
    pub sql: String,
    /// Where statements and texts end.
    pub ends: Vec<u32>,
    /// Of their records.
    pub digest: Digest,
}

#[cfg(any(test, feature = "check"))]
impl Default for Joined {
    fn default() -> Self {
        Self { names: String::new(), sql: String::new(), ends: Vec::new(), digest: Digest::EMPTY }
    }
}

#[cfg(any(test, feature = "check"))]
#[cfg_attr(not(feature = "build"), allow(unreachable_pub, reason = "the macro reaches it"))]
impl Joined {
    /// Adds a file, and gives the arguments of its [`Position`].
    pub fn add(
        &mut self,
        file_name: &str,
        version_length: u8,
        sql: &str,
        boundaries: &[u32],
    ) -> ([u32; 4], [u8; 2]) {
        let ends_count = number(boundaries.len() + 1);
        let at = [number(self.names.len()), number(self.sql.len()), number(self.ends.len()), ends_count];
        let (version, name) = file_name.split_at_checked(version_length.into()).unwrap_or_default();
        let name = name.strip_prefix('_').and_then(|name| name.strip_suffix(".sql")).unwrap_or_default();
        self.digest.add(version.as_bytes(), name.as_bytes());
        self.names.push_str(file_name);
        self.sql.push_str(sql);
        self.ends.extend(boundaries);
        self.ends.push(number(sql.len()));
        // No file system allows a longer name.
        (at, [u8::try_from(file_name.len()).unwrap_or(u8::MAX), version_length])
    }
}

#[cfg(any(test, feature = "build", feature = "include_dir"))]
impl Joined {
    /// A set that is made while the program runs has to live as long as one that is baked in.
    pub(crate) fn leak(self, positions: Vec<Position>) -> &'static Files {
        let Self { names, sql, ends, digest } = self;
        Box::leak(Box::new(Files::new(names.leak(), sql.leak(), ends.leak(), positions.leak(), digest)))
    }
}

/// A set of more than four gigabytes does not fit into a binary.
#[cfg(any(test, feature = "check"))]
fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
