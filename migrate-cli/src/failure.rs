//! How a command ends: what it has found, as an exit code, or why it could not do what it was asked to.

use std::fmt;
use std::path::Path;

/// What a command has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing is wrong, or what was asked for is done.
    Fine,
    /// Something is wrong with the migrations.
    Problems,
    /// Something could not be done, and why is told already.
    Unusable,
    /// Migrations are pending.
    Pending,
    /// The database is newer, or has another history.
    Elsewhere,
    /// Somebody has pressed Ctrl-C.
    Interrupted,
}

/// The exit code after Ctrl-C, as shells have it.
pub(crate) const INTERRUPTED: u8 = 130;

impl Outcome {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Problems => 1,
            Self::Unusable => CODE,
            Self::Pending => 3,
            Self::Elsewhere => 4,
            Self::Interrupted => INTERRUPTED,
        }
    }

    /// Fine where nothing is wrong.
    pub(crate) fn of(is_fine: bool) -> Self {
        if is_fine { Self::Fine } else { Self::Problems }
    }
}

/// The exit code of a failure, which is also that of wrong arguments.
pub(crate) const CODE: u8 = 2;

/// Why a command could not do what it was asked to: what is wrong, and what to do.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// Something about a file.
    pub(crate) fn file(path: &Path, error: impl fmt::Display) -> Self {
        Self(format!("{}: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
