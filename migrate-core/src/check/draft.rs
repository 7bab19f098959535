//! A file of the folder that is not yet known to run: its text, its statements, and what the pure rules say of it.

use std::borrow::Cow;
use std::ops::Range;

use super::directive::{self, Directives};
use super::fault::{Fault, Faults};
use super::step;
use super::text;
use super::transaction::{self, Transaction};
#[cfg(any(feature = "build", feature = "include_dir"))]
use crate::model::files::{Joined, Position};
use crate::model::migration::Mode;
use crate::model::name::{self, FileName};
#[cfg(any(feature = "build", feature = "include_dir"))]
use crate::model::set::{Migrations, Set};
use crate::sql::script::{self, Script, Statement};
use crate::sql::verb::Verb;

#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) file_name: String,
    pub(crate) number: u64,
    /// Normalised.
    pub(crate) text: Cow<'a, str>,
    pub(crate) script: Script,
    pub(crate) directives: Directives,
    /// Absent where the file is not one transaction.
    pub(crate) transaction: Option<Transaction>,
    /// Its statements can be told apart.
    pub(crate) legible: bool,
    /// It is shipped history, which nobody can change any more.
    #[cfg(feature = "build")]
    pub(crate) shipped: bool,
    /// Everything that the pure rules have against the text.
    pub(crate) faults: Vec<Fault>,
}

impl<'a> Draft<'a> {
    /// Reads the text of a file, which is the `file`th of its folder.
    pub(super) fn new(file: usize, file_name: String, number: u64, text: Cow<'a, str>) -> Self {
        let text = match script::normalise(&text) {
            Cow::Owned(text) => Cow::Owned(text),
            // Keeps a text that needed no change where it is.
            Cow::Borrowed(normalised) if normalised.len() == text.len() => text,
            Cow::Borrowed(normalised) => Cow::Owned(normalised.to_owned()),
        };
        let script = script::cut(&text);
        let mut faults = Faults::of(file);
        let legible = text::check(&script, &text, &mut faults);
        let directives = directive::read(&script, &text, &mut faults);
        // In a text that cannot be read, what a frame lacks would be an echo.
        let transaction = if legible { transaction::find(&script, &text, &mut faults) } else { None };
        step::check(&script, &mut faults);
        let faults = faults.into_found();
        Self {
            file_name,
            number,
            text,
            script,
            directives,
            transaction,
            legible,
            #[cfg(feature = "build")]
            shipped: false,
            faults,
        }
    }

    pub(crate) fn name(&self) -> Option<FileName<'_>> {
        name::parse(&self.file_name)
    }

    /// How many digits the version has; no file system allows a name that would not fit.
    pub(crate) fn version_length(&self) -> u8 {
        self.name().and_then(|name| u8::try_from(name.version.len()).ok()).unwrap_or(u8::MAX)
    }

    /// The text of one of its statements.
    pub(crate) fn statement(&self, statement: &Statement) -> &str {
        statement.text(&self.text)
    }

    /// The statements between BEGIN and COMMIT. Without a transaction all are given, for what they may show.
    pub(crate) fn body(&self) -> &[Statement] {
        let all = &self.script.statements;
        self.transaction
            .as_ref()
            .map_or(all.as_slice(), |frame| all.get(frame.body.clone()).unwrap_or_default())
    }

    /// Where its COMMIT stands, or the end of the file.
    #[cfg(feature = "build")]
    pub(crate) fn commit(&self) -> Option<&Statement> {
        self.transaction.as_ref().and_then(|frame| self.script.statements.get(frame.body.end))
    }

    /// How it has to be run.
    pub(crate) fn mode(&self) -> Mode {
        let mode = self.transaction.as_ref().map_or(Mode::USUAL, |transaction| transaction.mode);
        if self.calls_steps() {
            // Which may do anything.
            return mode.calls_steps().leaves_trigger();
        }
        let leaves_trigger = self.body().iter().any(|statement| statement.verb.leaves_trigger());
        if leaves_trigger { mode.leaves_trigger() } else { mode }
    }

    /// Whether it calls a step in Rust.
    pub(crate) fn calls_steps(&self) -> bool {
        self.body().iter().any(|statement| matches!(statement.verb, Verb::Step(_)))
    }

    /// What a run needs to know of the text, so that it never has to look at it: where BEGIN, each statement of the
    /// transaction, and COMMIT end.
    pub(crate) fn boundaries(&self) -> Vec<u32> {
        let Some(transaction) = &self.transaction else { return Vec::new() };
        let Range { start, end } = transaction.body;
        let framed = self.script.statements.get(start.saturating_sub(1)..=end).unwrap_or_default();
        framed.iter().map(|statement| u32::try_from(statement.end).unwrap_or(u32::MAX)).collect()
    }
}

/// A set that is made while the program runs has to live as long as one that is baked in.
#[cfg(any(feature = "build", feature = "include_dir"))]
pub(crate) fn leak(drafts: &[Draft<'_>], table: String, options: impl FnOnce(Set) -> Set) -> Migrations {
    let mut joined = Joined {
        names: String::with_capacity(drafts.iter().map(|draft| draft.file_name.len()).sum()),
        sql: String::with_capacity(drafts.iter().map(|draft| draft.text.len()).sum()),
        ..Joined::default()
    };
    let positions = drafts
        .iter()
        .map(|draft| {
            let (at, lengths) =
                joined.add(&draft.file_name, draft.version_length(), &draft.text, &draft.boundaries());
            Position::new(at, lengths, draft.mode())
        })
        .collect();
    let set = Set::leaked(joined.leak(positions), table.leak());
    Migrations::__new(Box::leak(Box::new(options(set))))
}
