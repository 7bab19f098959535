//! What a file owes to the others, as its run on empty tables shows: exactly one row for itself in the tracking
//! table, nothing temporary left behind, and with foreign keys off no new violation.

mod record;
mod temporary;

use std::collections::BTreeSet;
use std::ops::Range;

use rusqlite::Connection;

use self::record::Record;
use self::temporary::Temporary;
use super::observer::Touched;
use super::stage::{Stage, Watch};
use super::trust::Trust;
use crate::check::draft::Draft;
use crate::check::fault::{Fault, Faults};
use crate::live::foreign_keys::Violations;
use crate::model::numbering::Numbering;
use crate::model::rule::Rule;
use crate::sql::quote::quoted;
use crate::sql::script::Statement;
use crate::sql::verb::Verb;

/// What the files so far have left.
pub(super) struct SoFar {
    /// The tracking table, while it can be read.
    pub(super) table: Option<String>,
    numbering: Numbering,
    /// The rows of the tracking table: version and name.
    recorded: Vec<(String, String)>,
    /// As they were after the last file, if it ran with foreign keys off.
    violations: Option<Violations>,
}

impl SoFar {
    pub(super) fn new(table: Option<String>, numbering: Numbering) -> Self {
        Self { table, numbering, recorded: Vec::new(), violations: None }
    }

    /// Goes on after files that another rehearsal has run. `false` where these are not what the tracking table has.
    pub(super) fn resume(&mut self, conn: &Connection, drafts: &[Draft<'_>]) -> rusqlite::Result<bool> {
        let Some(table) = &self.table else { return Ok(false) };
        self.recorded = record::rows(conn, &quoted(table))?;
        let names = drafts.iter().filter_map(Draft::name);
        let ran: BTreeSet<_> = names.map(|name| (name.version, name.name)).collect();
        let recorded = self.recorded.iter().map(|(version, name)| (version.as_str(), name.as_str()));
        Ok(ran == recorded.collect())
    }
}

/// One file, held against the contract.
pub(super) struct Contract<'l, 'd> {
    so_far: &'l mut SoFar,
    draft: &'d Draft<'d>,
    faults: Faults,
    record: Record,
    temporary: Temporary,
    /// With foreign keys off: what was violated before the file.
    before: Option<Violations>,
    /// What all of its statements touch.
    touched: Touched,
    /// Drops or renames something.
    restructures: bool,
    trust: Trust,
}

/// What the run on empty tables has shown of a file.
pub(super) struct Findings {
    pub(super) faults: Vec<Fault>,
    pub(super) touched: Touched,
    pub(super) restructures: bool,
    pub(super) trust: Trust,
}

impl<'l, 'd> Contract<'l, 'd> {
    /// `trust` is what the files before have left of it.
    pub(super) fn new(so_far: &'l mut SoFar, file: usize, draft: &'d Draft<'d>, trust: Trust) -> Self {
        Self {
            so_far,
            draft,
            faults: Faults::of(file),
            record: Record::default(),
            temporary: Temporary::default(),
            before: None,
            touched: Touched::default(),
            restructures: false,
            trust,
        }
    }

    pub(super) fn into_findings(self) -> Findings {
        let Self { faults, touched, restructures, trust, .. } = self;
        Findings { faults: faults.into_found(), touched, restructures, trust }
    }

    fn text(&self, statement: &Statement) -> &'d str {
        self.draft.statement(statement)
    }

    fn foreign_keys_off(&self) -> bool {
        self.draft.transaction.as_ref().is_some_and(|frame| !frame.mode.settings.foreign_keys)
    }

    fn check_foreign_keys(&mut self, stage: &Stage, commit: Range<usize>) -> rusqlite::Result<()> {
        let Some(before) = self.before.take() else { return Ok(()) };
        let after = Violations::read(&stage.conn).map_err(|error| *error)?;
        if let Some(violation) = after.new_since(&before).next() {
            let message = format!("the file {violation}; the runner would refuse it before this COMMIT");
            self.faults.add_certain(commit, Rule::ForeignKeyViolation, message);
        }
        self.so_far.violations = Some(after);
        Ok(())
    }
}

impl Watch for Contract<'_, '_> {
    fn begun(&mut self, stage: &Stage) -> rusqlite::Result<()> {
        let known = self.so_far.violations.take();
        if self.foreign_keys_off() {
            self.before =
                Some(known.map_or_else(|| Violations::read(&stage.conn), Ok).map_err(|error| *error)?);
        }
        Ok(())
    }

    fn after(&mut self, stage: &Stage, statement: &Statement, touched: &Touched) -> rusqlite::Result<()> {
        self.touched.extend(touched);
        let only_adds = matches!(statement.verb, Verb::AddColumn(_));
        self.restructures |= touched.drops || (touched.alters && !only_adds);
        self.after_record(stage, statement, touched);
        self.after_temporary(stage, statement, touched)
    }

    fn refused(
        &mut self,
        stage: &Stage,
        statement: &Statement,
        touched: &Touched,
        error: &rusqlite::Error,
    ) -> rusqlite::Result<bool> {
        self.refused_record(stage, statement, touched, error)
    }

    fn committing(&mut self, stage: &Stage, commit: Option<&Statement>) -> rusqlite::Result<()> {
        self.check_temporary(stage)?;
        let end = self.draft.text.len();
        let commit = commit.map_or(end..end, |commit| commit.first.clone());
        self.check_record(stage, commit.clone())?;
        self.check_foreign_keys(stage, commit)
    }
}
