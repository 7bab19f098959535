//! One database of a rehearsal, and how a file is run on it: as the runner will, statement by statement, with
//! the settings that it asks for, and committed at the end.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::{Batch, Connection};

use super::observer::{Observer, Touched};
use super::stand_ins::StandIns;
use crate::check::Draft;
use crate::check::transaction;
use crate::live::locate::locate;
use crate::model::migration::Settings;
use crate::model::problem::Rule;
use crate::sql::record;
use crate::sql::script::{Statement, StatementKind};

pub(super) struct Stage {
    pub(super) conn: Connection,
    /// Only where somebody asks what statements touch: it costs. Elsewhere records are not run either.
    observer: Option<Observer>,
    /// What the connection is set to, once it has been set.
    settings: Option<Settings>,
    tracking_table: Option<String>,
    /// How often SQLite has asked whether to go on with this file.
    asked: Arc<AtomicU64>,
}

/// SQLite asks once in so many of its virtual machine's instructions.
const ASK_EVERY: i32 = 10_000;

/// How often it may: some seconds on an unoptimised SQLite. What takes longer has met rows that it does not end on.
const BUDGET: u64 = 5_000;

/// Looks on while a file runs.
pub(super) trait Watch {
    /// What the file is run with, where it asks for these settings.
    fn settings(&self, own: Settings) -> Settings {
        own
    }

    /// The transaction is open.
    fn begun(&mut self, _stage: &Stage) -> rusqlite::Result<()> {
        Ok(())
    }

    /// A statement is about to run.
    fn before(&mut self, _stage: &Stage, _statement: &Statement) -> rusqlite::Result<()> {
        Ok(())
    }

    /// A statement has run.
    fn after(&mut self, _stage: &Stage, _statement: &Statement, _touched: &Touched) -> rusqlite::Result<()> {
        Ok(())
    }

    /// SQLite refuses a statement. `true` where that is told already, and the file may go on without it.
    fn refused(
        &mut self,
        _stage: &Stage,
        _statement: &Statement,
        _touched: &Touched,
        _error: &rusqlite::Error,
    ) -> rusqlite::Result<bool> {
        Ok(false)
    }

    /// Every statement has run, and COMMIT is next.
    fn committing(&mut self, _stage: &Stage, _commit: Option<&Statement>) -> rusqlite::Result<()> {
        Ok(())
    }
}

/// Nobody looks on.
pub(super) struct Unwatched {
    /// The rows that others refer to may be missing.
    pub(super) unchecked: bool,
}

impl Watch for Unwatched {
    fn settings(&self, own: Settings) -> Settings {
        // With legacy_alter_table, foreign keys decide what a RENAME rewrites.
        let foreign_keys = own.foreign_keys && (!self.unchecked || own.legacy_alter_table);
        Settings { foreign_keys, ..own }
    }
}

/// What SQLite refuses, and where in the file.
pub(super) struct Refusal {
    pub(super) range: Range<usize>,
    pub(super) error: rusqlite::Error,
}

impl Stage {
    pub(super) fn new(
        stand_ins: &StandIns,
        tracking_table: Option<&str>,
        observed: bool,
    ) -> rusqlite::Result<Self> {
        let mut conn = Connection::open_in_memory()?;
        stand_ins.register(&conn)?;
        let observer = observed.then(|| Observer::new(&mut conn, tracking_table));
        let tracking_table = tracking_table.map(str::to_owned);
        Ok(Self { conn, observer, settings: None, tracking_table, asked: Arc::default() })
    }

    /// Ends whatever goes on for longer than a file should, as a query over rows that we made can.
    pub(super) fn with_budget(mut self) -> Self {
        let asked = Arc::clone(&self.asked);
        let over = move || asked.fetch_add(1, Ordering::Relaxed) >= BUDGET;
        // Older rusqlite returns nothing here.
        let _ = self.conn.progress_handler(ASK_EVERY, Some(over));
        self
    }

    /// A new file has all of the budget.
    pub(super) fn begin_budget(&self) {
        self.asked.store(0, Ordering::Relaxed);
    }

    /// Runs a file. Where SQLite refuses a statement, nothing of the file is left.
    pub(super) fn run(
        &mut self,
        draft: &Draft<'_>,
        watch: &mut dyn Watch,
    ) -> rusqlite::Result<Option<Refusal>> {
        let refusal = self.run_to_commit(draft, watch)?;
        // `OR ROLLBACK` and RAISE(ROLLBACK) have ended it already.
        if refusal.is_some() && !self.conn.is_autocommit() {
            self.conn.execute_batch("ROLLBACK")?;
        }
        Ok(refusal)
    }

    fn run_to_commit(
        &mut self,
        draft: &Draft<'_>,
        watch: &mut dyn Watch,
    ) -> rusqlite::Result<Option<Refusal>> {
        let frame = draft.transaction.as_ref();
        self.set(watch.settings(frame.map_or(transaction::DEFAULT, |frame| frame.settings)))?;
        let statements = &draft.script.statements;
        // Without a transaction of its own, a file is run for what else it may show.
        let body = frame.map_or(0..statements.len(), |frame| frame.body.clone());
        let begin = frame.and_then(|frame| statements.get(frame.body.start.checked_sub(1)?));
        let commit = frame.and_then(|frame| statements.get(frame.body.end));

        if let Err(error) = run(&self.conn, begin.map_or("BEGIN", |begin| begin.text(&draft.text))) {
            return Ok(Some(refusal(begin, &draft.text, error)));
        }
        watch.begun(self)?;
        for statement in statements.get(body).unwrap_or_default() {
            let is_record = self.observer.is_none() && self.records(statement.text(&draft.text));
            if is_record {
                watch.before(self, statement)?;
            }
            if is_record || !self.is_run(draft, statement) {
                continue;
            }
            watch.before(self, statement)?;
            if let Some(observer) = &self.observer {
                observer.forget();
            }
            let result = run(&self.conn, statement.text(&draft.text));
            let touched = self.observer.as_ref().map(Observer::take).unwrap_or_default();
            match result {
                Ok(()) => watch.after(self, statement, &touched)?,
                Err(error) if watch.refused(self, statement, &touched, &error)? => {}
                Err(error) => return Ok(Some(refusal(Some(statement), &draft.text, error))),
            }
        }
        watch.committing(self, commit)?;
        let result = run(&self.conn, commit.map_or("COMMIT", |commit| commit.text(&draft.text)));
        Ok(result.err().map(|error| refusal(commit, &draft.text, error)))
    }

    /// Whether a statement writes to the tracking table, by its first words.
    fn records(&self, statement: &str) -> bool {
        let table = record::inserted_table(statement);
        table.zip(self.tracking_table.as_ref()).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
    }

    pub(super) fn set(&mut self, settings: Settings) -> rusqlite::Result<()> {
        if self.settings.replace(settings) == Some(settings) {
            return Ok(());
        }
        let switch = |on| if on { "ON" } else { "OFF" };
        self.conn.execute_batch(&format!(
            "PRAGMA foreign_keys = {}; PRAGMA legacy_alter_table = {}",
            switch(settings.foreign_keys),
            switch(settings.legacy_alter_table)
        ))
    }

    /// Whether a statement is run: not where the file has asked for its record only, and not where a rule has
    /// something against it already.
    fn is_run(&self, draft: &Draft<'_>, statement: &Statement) -> bool {
        let is_wanted = || match draft.script.not_rehearsed {
            None => true,
            Some(_) => self.records(statement.text(&draft.text)),
        };
        let is_faulty = || {
            let within = statement.first.start..statement.end;
            draft
                .faults()
                .any(|fault| fault.rule != Rule::NoTransaction && within.contains(&fault.range.start))
        };
        matches!(statement.kind, StatementKind::Other | StatementKind::Pragma) && !is_faulty() && is_wanted()
    }
}

/// Runs a statement as the runner does, and holds its end against SQLite's own idea of where it is.
pub(super) fn run(conn: &Connection, statement: &str) -> rusqlite::Result<()> {
    let mut batch = Batch::new(conn, statement);
    if let Some(mut statement) = batch.next()? {
        let mut rows = statement.raw_query();
        while rows.next()?.is_some() {}
    }
    match batch.next()? {
        None => Ok(()),
        Some(_) => Err(rusqlite::Error::MultipleStatement),
    }
}

fn refusal(statement: Option<&Statement>, text: &str, error: rusqlite::Error) -> Refusal {
    let range = match statement {
        Some(statement) => {
            let at = locate(statement.text(text), &error);
            statement.first.start + at.start..statement.first.start + at.end
        }
        None => text.len()..text.len(),
    };
    Refusal { range, error }
}
