//! What both engines answer, once it is read.

use crate::error::{EngineError, Lost};

/// The rows of one query, or why there are none.
pub(crate) type Answer = Result<Vec<Vec<Cell>>, EngineError>;

/// A value, as far as a history is told from what is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Null,
    Integer(i64),
    Real,
    Text(String),
    Blob,
}

impl Cell {
    /// SQLite's name of the type.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Integer(_) => "INTEGER",
            Self::Real => "REAL",
            Self::Text(_) => "TEXT",
            Self::Blob => "BLOB",
        }
    }
}

/// What came of a file's request.
#[derive(Debug)]
pub(crate) enum Outcome {
    Applied {
        /// Whether the engine enforces foreign keys, where that was asked.
        foreign_keys: Option<bool>,
    },
    /// The statement of this number failed, and nothing is kept.
    Failed { index: usize, error: EngineError },
    /// The engine could not read one of the statements, and has run none.
    Unparsed(EngineError),
    /// That is not known.
    Unclear(Lost),
}

pub(crate) fn unreadable(reason: String) -> Lost {
    Lost::Unreadable { reason }
}
