//! What both engines answer, once it is read.

use crate::error::{EngineError, Lost};

/// The rows of one query, or why there are none.
pub(crate) type Answer = Result<Vec<Vec<Cell>>, EngineError>;

/// A value, as far as a history holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Text(String),
    Integer(i64),
    /// NULL, a blob, or a number that is no integer. Columns that may hold these come with their type.
    Other,
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
