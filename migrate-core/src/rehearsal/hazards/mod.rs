//! What a file does to a user's rows, as its run on filled tables shows. Each room looks at one thing.
//!
//! Everything is recognised by what happens: a table is rebuilt where its name stands before and after, and its
//! storage is another. Explicit statements (DELETE, DROP INDEX, DROP TABLE without a rebuild) are not hazards.

mod children;
mod dangling;
mod defaults;
mod failure;
mod quotes;
mod rebuilt;
mod violations;

use std::collections::BTreeSet;
use std::ops::Range;

use self::children::Children;
use self::dangling::Dangling;
use self::quotes::Quotes;
use self::rebuilt::Rebuilt;
use self::violations::NewViolations;
use super::broken::Broken;
use super::observer::Touched;
use super::outright::Outright;
use super::rows::Filled;
use super::stage::{Refusal, Stage, Unwatched, Watch};
use crate::check::draft::Draft;
use crate::check::fault::{Fault, Faults};
use crate::model::migration::Settings;
use crate::sql::script::Statement;

/// What the run on empty tables has shown of a file: most drop and rename nothing, and then most hazards cannot
/// happen.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Intent {
    /// Drops or renames something, or drops a column.
    pub(super) restructures: bool,
    /// Alters a table, adding a column included.
    pub(super) alters: bool,
    /// Can break a view, a trigger or a foreign key that there is.
    pub(super) breaks: bool,
    /// Changes or deletes rows.
    pub(super) changes_rows: bool,
    /// May leave rows of its own.
    pub(super) fills: bool,
    /// Sets rows beside each other.
    pub(super) compares: bool,
    /// Creates a view or a trigger.
    pub(super) programs: bool,
    /// Says REFERENCES.
    pub(super) references: bool,
    /// Quotes something with `"`.
    pub(super) quotes: bool,
    /// Something that is made for existing rows may fail on them: a unique index, a copy, an UPDATE.
    pub(super) meets_rows: bool,
    /// Creates something temporary.
    pub(super) temporary: bool,
}

/// What every room knows of the file that is judged, and where it reports.
pub(super) struct File<'d> {
    draft: &'d Draft<'d>,
    /// The tables that it can touch.
    tables: &'d BTreeSet<String>,
    /// What was put into them.
    filled: &'d Filled,
    intent: Intent,
    /// The tables are empty, so that only what becomes of the schema counts.
    without_rows: bool,
    /// What the file does in so many words.
    outright: Outright,
    faults: Faults,
}

impl<'d> File<'d> {
    fn new(
        file: usize,
        draft: &'d Draft<'d>,
        tables: &'d BTreeSet<String>,
        filled: &'d Filled,
        intent: Intent,
    ) -> Self {
        let (outright, faults) = (Outright::default(), Faults::of(file));
        Self { draft, tables, filled, intent, without_rows: false, outright, faults }
    }

    /// Whether every table was given a row, so that a reference that fails is the file's doing.
    fn is_covered(&self) -> bool {
        self.tables.iter().all(|table| self.filled.contains_key(table))
    }

    fn text(&self, statement: &Statement) -> &'d str {
        self.draft.statement(statement)
    }

    fn foreign_keys_on(&self) -> bool {
        self.draft.transaction.as_ref().is_none_or(|frame| frame.mode.settings.foreign_keys)
    }

    /// Where COMMIT stands.
    fn commit(&self) -> Range<usize> {
        let end = self.draft.text.len();
        self.draft.commit().map_or(end..end, |commit| commit.first.clone())
    }
}

/// One file, and what it does to rows.
pub(super) struct Hazards<'d> {
    file: File<'d>,
    quotes: Quotes,
    children: Children,
    rebuilt: Rebuilt,
    dangling: Dangling,
    violations: NewViolations,
}

impl<'d> Hazards<'d> {
    /// `broken` is what was broken in the schema before the file.
    pub(super) fn new(
        file: usize,
        draft: &'d Draft<'d>,
        tables: &'d BTreeSet<String>,
        filled: &'d Filled,
        intent: Intent,
        broken: Broken,
    ) -> Self {
        Self {
            file: File::new(file, draft, tables, filled, intent),
            quotes: Quotes::default(),
            children: Children::default(),
            rebuilt: Rebuilt::default(),
            dangling: Dangling::new(broken),
            violations: NewViolations::default(),
        }
    }

    /// A statement that runs on empty tables, and fails on filled ones.
    pub(super) fn fails_with_rows(&mut self, stage: &Stage, refusal: Refusal) {
        failure::report(&mut self.file, &stage.conn, refusal);
    }

    /// The hazards so far, and what the schema has of broken things now.
    pub(super) fn into_parts(mut self) -> (Vec<Fault>, Broken) {
        self.quotes.report(&mut self.file);
        (self.file.faults.into_found(), self.dangling.broken)
    }

    /// The same on empty tables, once a run on filled ones has failed: what becomes of the schema still counts.
    pub(super) fn without_rows(mut self) -> Self {
        self.file.without_rows = true;
        // Told already, on the filled tables.
        self.file.intent.quotes = false;
        self
    }
}

impl Watch for Hazards<'_> {
    fn settings(&self, own: Settings) -> Settings {
        if self.file.without_rows { Unwatched { unchecked: true }.settings(own) } else { own }
    }

    fn begun(&mut self, stage: &Stage) -> rusqlite::Result<()> {
        if self.file.intent.restructures {
            self.rebuilt.begun(&mut self.file, &stage.conn)?;
        }
        if self.file.without_rows { Ok(()) } else { self.violations.begun(&self.file, &stage.conn) }
    }

    fn before(&mut self, stage: &Stage, statement: &Statement) -> rusqlite::Result<()> {
        if !self.file.without_rows {
            defaults::check(&mut self.file, statement);
        }
        if self.file.intent.quotes {
            self.quotes.check(&self.file, &stage.conn, statement)?;
        }
        if self.file.intent.restructures && !self.file.without_rows {
            self.children.before(&self.file, &stage.conn, statement)?;
        }
        Ok(())
    }

    fn after(&mut self, stage: &Stage, statement: &Statement, _: &Touched) -> rusqlite::Result<()> {
        if !self.file.intent.restructures && !self.file.intent.breaks {
            return Ok(());
        }
        // Before the next question to SQLite, which would count as well.
        let changes = stage.conn.changes();
        self.children.after(&stage.conn, statement)?;
        self.file.outright.note(statement, changes);
        Ok(())
    }

    fn committing(&mut self, stage: &Stage, _: Option<&Statement>) -> rusqlite::Result<()> {
        let (file, conn) = (&mut self.file, &stage.conn);
        if file.intent.restructures {
            let lost = self.children.committing(file, conn)?;
            self.rebuilt.committing(file, conn, &lost)?;
        }
        self.dangling.committing(file, conn)?;
        self.quotes.check_programs(file, conn)?;
        self.violations.committing(file, conn)
    }
}

/// A file that restructures, on rows with NULLs, of which everything is taken back: only what a rebuild leaves out is looked at.
pub(super) struct LostNulls<'d> {
    file: File<'d>,
    rebuilt: Rebuilt,
}

impl<'d> LostNulls<'d> {
    /// `filled` is not looked at.
    pub(super) fn new(
        file: usize,
        draft: &'d Draft<'d>,
        tables: &'d BTreeSet<String>,
        filled: &'d Filled,
        intent: Intent,
    ) -> Self {
        Self { file: File::new(file, draft, tables, filled, intent), rebuilt: Rebuilt::default() }
    }

    pub(super) fn into_faults(self) -> Vec<Fault> {
        self.file.faults.into_found()
    }
}

impl Watch for LostNulls<'_> {
    fn begun(&mut self, stage: &Stage) -> rusqlite::Result<()> {
        self.rebuilt.begun(&mut self.file, &stage.conn)
    }

    fn after(&mut self, stage: &Stage, statement: &Statement, _: &Touched) -> rusqlite::Result<()> {
        self.file.outright.note(statement, stage.conn.changes());
        Ok(())
    }

    fn committing(&mut self, stage: &Stage, _: Option<&Statement>) -> rusqlite::Result<()> {
        self.rebuilt.committing_nulls(&mut self.file, &stage.conn)
    }
}

/// `a`, `a and b`, `a, b and c`
fn listed(items: &[impl AsRef<str>]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<_> = most.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", most.join(", "), last.as_ref())
        }
    }
}
