//! How far what SQLite says of the history can be held against its files.

use crate::check::draft::Draft;
use crate::check::fault::Fault;
use crate::model::rule::Rule;
use crate::sql::script::Statement;
use crate::sql::verb::Verb;

/// Falls while the history runs, and never rises but at the start of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trust {
    /// Everything so far has run as it will in the program.
    Whole,
    /// A statement of this file was kept from running, and is reported: what the rest of the file lacks may be an echo.
    NotThisFile,
    /// Something is missing that every later file may count on.
    Lost,
}

impl Trust {
    /// What is left of it when the next file begins.
    pub(super) fn in_the_next_file(self) -> Self {
        if self == Self::NotThisFile { Self::Whole } else { self }
    }
}

/// How a statement is run that a pure rule may have something against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handling {
    Run,
    /// A refusal is told already by a rule; what it would have done is then missing.
    RunExplained,
    /// It cannot run here, or would do harm. What is left of the trust after it.
    Skip(Trust),
}

/// A statement that a rule refuses is run all the same where that is harmless, so that later ones are still judged.
pub(super) fn handling(draft: &Draft<'_>, statement: &Statement) -> Handling {
    let fault = draft.faults.iter().find(|fault| explains(fault, draft, statement));
    match (&statement.verb, fault.map(|fault| fault.rule)) {
        (Verb::Begin { .. } | Verb::Commit { .. } | Verb::Savepoint | Verb::Release, _) => {
            Handling::Skip(Trust::Whole)
        }
        // Only the program has it. What it would do to rows, nothing here can show.
        (Verb::Step(_), _) => Handling::Skip(Trust::Whole),
        (Verb::Rollback, _) | (_, Some(Rule::ForbiddenStatement)) => Handling::Skip(Trust::NotThisFile),
        // The connection has these settings already.
        (Verb::Pragma(pragma), _)
            if matches!(pragma.name.as_str(), "foreign_keys" | "legacy_alter_table") =>
        {
            Handling::Skip(Trust::Whole)
        }
        (Verb::Pragma(_), Some(_)) => Handling::Skip(Trust::Whole),
        (_, Some(_)) => Handling::RunExplained,
        (_, None) => Handling::Run,
    }
}

/// Whether a fault explains why SQLite may refuse this very statement.
fn explains(fault: &Fault, draft: &Draft<'_>, statement: &Statement) -> bool {
    let explains = match fault.rule {
        Rule::BadAllow => false,
        // Most often it only stands at the first statement of the file.
        Rule::NoTransaction => draft.script.open_trigger.as_ref() == Some(&statement.first),
        _ => true,
    };
    explains && fault.is_within(&statement.range())
}
