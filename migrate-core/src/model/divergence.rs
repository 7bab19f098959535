//! How a database's history can differ from the embedded one.

use std::fmt;

use super::migration::Migration;

/// How a database's history differs from the embedded one. Displays as what the tracking table does, such as
/// ``records version `004`, named `x`, which this program does not have``.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Divergence {
    /// A row is for no migration of this program.
    #[non_exhaustive]
    Unknown {
        /// The version in the row.
        version: String,
        /// The name in the row.
        name: String,
    },
    /// A version is recorded under another name.
    #[non_exhaustive]
    Renamed {
        /// The migration with that version.
        migration: &'static Migration,
        /// The name in the row.
        name: String,
    },
    /// A migration is recorded more than once.
    #[non_exhaustive]
    Repeated {
        /// The migration.
        migration: &'static Migration,
    },
    /// A migration is not recorded, although a later one is.
    #[non_exhaustive]
    Hole {
        /// The one that is not.
        missing: &'static Migration,
        /// The one that is.
        later: &'static Migration,
    },
    /// A row holds something other than text.
    #[non_exhaustive]
    NotText {
        /// `version` or `name`.
        column: &'static str,
        /// SQLite's name of the type.
        found: &'static str,
    },
}

/// Why a history is not the beginning of the embedded one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mismatch {
    /// A newer build has migrated the database, up to this version. It is `whole` where every migration of this build
    /// is recorded as well.
    Newer {
        version: String,
        whole: bool,
    },
    Diverged(Divergence),
}

impl From<Divergence> for Mismatch {
    fn from(divergence: Divergence) -> Self {
        Self::Diverged(divergence)
    }
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { version, name } => {
                write!(f, "records version `{version}`, named `{name}`, which this program does not have")
            }
            Self::Renamed { migration, name } => write!(
                f,
                "records version {} as `{name}`, but this program has it as {}",
                migration.version(),
                migration.file_name()
            ),
            Self::Repeated { migration } => write!(f, "records {} twice", migration.file_name()),
            Self::Hole { missing, later } => write!(
                f,
                "does not record {}, although it records {}, which comes later",
                missing.file_name(),
                later.file_name()
            ),
            Self::NotText { column, found } => {
                write!(f, "holds a {column} that is {found}; it must be TEXT")
            }
        }
    }
}
