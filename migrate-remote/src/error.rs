//! What can stop a run on another machine, as a caller can act on it. How it is worded stands in `words`.
//!
//! A type of its own: the local one is made of what rusqlite answers.

use std::time::Duration;

use embed_migrations_core::{Divergence, Kept, Migration, Place};

/// Why the migrations did not run on an engine, or did not all run.
///
/// `Display` is one line without the cause, which [`source`](std::error::Error::source) leads to. `Debug`, which is what
/// `fn main() -> Result` prints, tells the whole story over several lines. Neither shows a password or a token.
#[non_exhaustive]
pub enum Error {
    /// The URL cannot be one of this engine's. Nothing was sent.
    #[non_exhaustive]
    BadUrl {
        /// What is wrong with it. The URL itself may hold a password, and is not shown.
        reason: &'static str,
    },
    /// The folder holds a migration that this debug build does not. Nothing was sent.
    #[non_exhaustive]
    StaleBuild {
        /// The file that is not embedded.
        file_name: String,
        /// The folder that it is in, relative to Cargo.toml.
        folder: &'static str,
    },
    /// The target is not an embedded version. Nothing was sent.
    #[non_exhaustive]
    UnknownTarget {
        /// What was asked for.
        target: String,
        /// The last version that could be.
        latest: &'static Migration,
    },
    /// The database was migrated by a newer build than this one.
    #[non_exhaustive]
    NewerDatabase {
        /// The highest version in the database.
        database: String,
        /// The highest version in this program.
        binary: &'static Migration,
    },
    /// The database's history is not the beginning of this program's.
    #[non_exhaustive]
    Diverged {
        /// The tracking table.
        table: &'static str,
        /// How they differ.
        divergence: Divergence,
    },
    /// The tracking table is not one that can be trusted.
    #[non_exhaustive]
    UnusableTable {
        /// The tracking table.
        table: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A migration holds what this engine cannot run, or what each of its nodes would come to another value of. It was
    /// not begun.
    #[non_exhaustive]
    Unsupported {
        /// The migration.
        migration: &'static Migration,
        /// Where in its file.
        place: Place,
        /// The statement.
        statement: &'static str,
        /// Why.
        reason: String,
        /// What was applied, and how far the database is.
        kept: Box<Kept>,
    },
    /// A migration turns foreign keys off, and this rqlite cluster enforces them (`rqlited -fk`): they are switched for
    /// all nodes at once, never for one file. It was not begun.
    #[non_exhaustive]
    ForeignKeysEnforced {
        /// The migration.
        migration: &'static Migration,
        /// What was applied, and how far the database is.
        kept: Box<Kept>,
    },
    /// A migration failed, and nothing of it is kept.
    #[non_exhaustive]
    Failed {
        /// The migration.
        migration: &'static Migration,
        /// Where in its file it failed.
        place: Place,
        /// The statement.
        statement: &'static str,
        /// What was applied before, and how far the database is.
        kept: Box<Kept>,
        /// What went wrong.
        source: Box<Cause>,
    },
    /// The engine has taken the transaction of a migration away, as sqld does after some seconds when another connection
    /// waits to write. Nothing of it is kept. It will be so again while it takes as long: cut the file in several.
    #[non_exhaustive]
    TransactionLost {
        /// The migration.
        migration: &'static Migration,
        /// The statement that was running then.
        place: Place,
        /// What was applied before, and how far the database is.
        kept: Box<Kept>,
        /// The engine's answer.
        source: Box<EngineError>,
    },
    /// The history was read as one that a migration comes next to, and the engine found otherwise each time, up to the
    /// deadline. No other process has gone on meanwhile.
    #[non_exhaustive]
    HistoryMismatch {
        /// The migration.
        migration: &'static Migration,
        /// The tracking table.
        table: &'static str,
        /// For how long.
        waited: Duration,
        /// What was applied, and how far the database is.
        kept: Box<Kept>,
    },
    /// No answer that says what happened, up to the deadline: no leader, no quorum, a server that is busy or gone.
    #[non_exhaustive]
    NoAnswer {
        /// The migration that was under way, or none while the history was read. Whether it is applied, `kept` says as
        /// far as that could be read.
        migration: Option<&'static Migration>,
        /// For how long.
        waited: Duration,
        /// What was applied, and how far the database is.
        kept: Box<Kept>,
        /// The last that was heard.
        source: Box<Lost>,
    },
    /// The engine wants another user, password or token.
    #[non_exhaustive]
    Unauthorized {
        /// The HTTP status, 401 or 403.
        status: u16,
    },
    /// A migration is larger than the engine takes at once. It was not begun.
    #[non_exhaustive]
    TooLarge {
        /// The migration.
        migration: &'static Migration,
        /// The size of the request.
        bytes: usize,
        /// What was applied, and how far the database is.
        kept: Box<Kept>,
    },
    /// The server does not speak this protocol: another program, an engine of another version, a redirect that was not
    /// followed.
    #[non_exhaustive]
    WrongServer {
        /// The engine that was expected.
        engine: &'static str,
        /// The HTTP status.
        status: u16,
        /// The beginning of what it said.
        answer: String,
    },
}

/// Why a migration failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Cause {
    /// The engine refused a statement.
    #[non_exhaustive]
    Refused {
        /// The engine's answer.
        source: EngineError,
        /// The version of its SQLite.
        sqlite: String,
        /// The version that rehearsed the migrations, where it is another one.
        rehearsed_with: Option<&'static str>,
    },
    /// The migration did not add exactly one row for itself to the tracking table.
    NotRecorded,
    /// The migration put a trigger on the tracking table, where it would run on every later record.
    Trigger,
    /// With foreign keys off, the migration left violations that were not there before.
    ForeignKeys,
}

/// What an engine says of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EngineError {
    /// Its words.
    pub message: String,
    /// Its code, where it gives one, such as `SQLITE_CONSTRAINT`.
    pub code: Option<String>,
}

/// Why it is not known what came of a request.
#[derive(Debug)]
#[non_exhaustive]
pub enum Lost {
    /// The caller got no answer.
    #[non_exhaustive]
    Transport {
        /// What the caller said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The server could not say, as with 503.
    #[non_exhaustive]
    Status {
        /// The HTTP status.
        status: u16,
        /// The beginning of what it said.
        answer: String,
    },
    /// The answer was cut off, or is not JSON.
    #[non_exhaustive]
    Unreadable {
        /// What is wrong with it.
        reason: String,
    },
    /// The engine could not carry the request out, as without a leader.
    #[non_exhaustive]
    Engine {
        /// The engine's answer.
        source: EngineError,
    },
}

impl Error {
    /// What was applied, and how far the database is, where the run got as far as to ask for a change.
    #[must_use]
    pub fn kept(&self) -> Option<&Kept> {
        match self {
            Self::Unsupported { kept, .. }
            | Self::ForeignKeysEnforced { kept, .. }
            | Self::Failed { kept, .. }
            | Self::TransactionLost { kept, .. }
            | Self::HistoryMismatch { kept, .. }
            | Self::NoAnswer { kept, .. }
            | Self::TooLarge { kept, .. } => Some(kept),
            _ => None,
        }
    }

    pub(crate) fn with_kept(mut self, now: Kept) -> Self {
        match &mut self {
            Self::Unsupported { kept, .. }
            | Self::ForeignKeysEnforced { kept, .. }
            | Self::Failed { kept, .. }
            | Self::TransactionLost { kept, .. }
            | Self::HistoryMismatch { kept, .. }
            | Self::NoAnswer { kept, .. }
            | Self::TooLarge { kept, .. } => **kept = now,
            _ => {}
        }
        self
    }

    /// The migration that failed, or that was refused.
    #[must_use]
    pub fn migration(&self) -> Option<&'static Migration> {
        match self {
            Self::Unsupported { migration, .. }
            | Self::ForeignKeysEnforced { migration, .. }
            | Self::Failed { migration, .. }
            | Self::TransactionLost { migration, .. }
            | Self::HistoryMismatch { migration, .. }
            | Self::TooLarge { migration, .. } => Some(migration),
            Self::NoAnswer { migration, .. } => *migration,
            _ => None,
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // Not the boxes: they would be what `downcast_ref` finds.
            Self::Failed { source, .. } => Some(&**source),
            Self::TransactionLost { source, .. } => Some(&**source),
            Self::NoAnswer { source, .. } => Some(&**source),
            _ => None,
        }
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Refused { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl std::error::Error for EngineError {}

impl std::error::Error for Lost {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport { source } => Some(&**source),
            Self::Engine { source } => Some(source),
            _ => None,
        }
    }
}
