//! One thing to say about a file, whatever it is shown as.

use embed_migrations_core::__build::Note;
use embed_migrations_core::{Error, Place, Problem, Rule};

/// Something to say about a file, or about the folder.
#[derive(Debug)]
pub(crate) struct Finding {
    /// Relative to the package. Absent where it is in the message.
    pub(crate) file: Option<String>,
    pub(crate) place: Option<Place>,
    pub(crate) message: String,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The program does not compile.
    Broken(Rule),
    /// It compiles, and fails on a database.
    Failed,
    /// It compiles, and is not ready to be released.
    Unlocked,
    /// Something could not be judged.
    Note,
}

impl Kind {
    /// The id that is shown with it.
    pub(crate) fn code(self) -> Option<&'static str> {
        match self {
            Self::Broken(rule) => Some(rule.id()),
            Self::Failed => Some("failed"),
            Self::Unlocked => Some("not-locked"),
            Self::Note => None,
        }
    }

    pub(crate) fn level(self) -> &'static str {
        if self == Self::Note { "warning" } else { "error" }
    }
}

impl Finding {
    pub(crate) fn problem(problem: Problem) -> Self {
        let kind = Kind::Broken(problem.rule);
        Self { file: Some(problem.file), place: problem.place, message: problem.message, kind }
    }

    pub(crate) fn unlocked(problem: Problem) -> Self {
        Self { kind: Kind::Unlocked, ..Self::problem(problem) }
    }

    /// A migration that the runner could not apply.
    pub(crate) fn failed(error: &Error) -> Self {
        Self {
            file: None,
            place: None,
            message: format!("{error:?}").trim_end().to_owned(),
            kind: Kind::Failed,
        }
    }

    /// A file that could not be judged.
    pub(crate) fn note(note: Note) -> Self {
        let message = format!("the file {}", note.message);
        Self { file: Some(note.file), place: None, message, kind: Kind::Note }
    }
}
