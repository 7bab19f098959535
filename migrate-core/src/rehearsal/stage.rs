//! One database of a rehearsal, and how a file is run on it: as the runner will, statement by statement, with
//! the settings that it asks for, and committed at the end.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::{Batch, Connection};

use super::observer::{Observer, Touched};
use super::stand_ins::{Calls, StandIns};
use super::trust::{Handling, Trust, handling};
use crate::check::draft::Draft;
use crate::live::locate::locate;
use crate::model::migration::Settings;
use crate::sql::script::Statement;
use crate::sql::verb::Verb;

pub(super) struct Stage {
    pub(super) conn: Connection,
    /// Only where somebody asks what statements touch: it costs. Elsewhere records are not run either.
    observer: Option<Observer>,
    /// What the connection is set to, once it has been set.
    settings: Option<Settings>,
    tracking_table: Option<String>,
    /// How often SQLite has asked whether to go on with this file.
    asked: Arc<AtomicU64>,
    stand_ins: StandIns,
    /// Whether the last statement has called a stand-in for a function of the application's.
    pub(super) calls: Arc<Calls>,
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

    /// SQLite refuses a statement. `true` where that is reported already, and the file may go on without it.
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

/// How the run of a file came out.
pub(super) struct Outcome {
    pub(super) refusal: Option<Refusal>,
    /// What is left of the trust in what it shows.
    pub(super) trust: Trust,
}

/// What SQLite refuses, and where in the file.
pub(super) struct Refusal {
    pub(super) range: Range<usize>,
    pub(super) error: rusqlite::Error,
    /// It may be about a value that only a stand-in has made.
    pub(super) stand_in: bool,
}

impl Stage {
    pub(super) fn new(
        stand_ins: &StandIns,
        tracking_table: Option<&str>,
        observed: bool,
    ) -> rusqlite::Result<Self> {
        let mut conn = Connection::open_in_memory()?;
        let calls = Arc::default();
        stand_ins.register(&conn, &calls)?;
        let observer = observed.then(|| Observer::new(&mut conn, tracking_table));
        let tracking_table = tracking_table.map(str::to_owned);
        Ok(Self {
            conn,
            observer,
            settings: None,
            tracking_table,
            asked: Arc::default(),
            calls,
            stand_ins: stand_ins.clone(),
        })
    }

    /// A database that is there already. What only the application has is missing.
    pub(super) fn on(conn: Connection) -> Self {
        Self {
            conn,
            observer: None,
            settings: None,
            tracking_table: None,
            asked: Arc::default(),
            calls: Arc::default(),
            stand_ins: StandIns::default(),
        }
    }

    /// Ends whatever goes on for longer than a file should, as a query over rows that we made can.
    #[allow(unused_mut, reason = "up to rusqlite 0.40 a handler is set by a shared reference")]
    pub(super) fn with_budget(mut self) -> Self {
        let asked = Arc::clone(&self.asked);
        let over = move || asked.fetch_add(1, Ordering::Relaxed) >= BUDGET;
        // Older rusqlite returns nothing here.
        let _ = self.conn.progress_handler(ASK_EVERY, Some(over));
        self
    }

    /// The database as the files have left it.
    pub(super) fn into_connection(self) -> Connection {
        self.conn
    }

    /// A new file has all of the budget.
    pub(super) fn begin_budget(&self) {
        self.asked.store(0, Ordering::Relaxed);
    }

    /// Runs a file. Where SQLite refuses a statement, nothing of the file is left.
    pub(super) fn run(&mut self, draft: &Draft<'_>, watch: &mut dyn Watch) -> rusqlite::Result<Outcome> {
        let mut trust = Trust::Whole;
        let refusal = self.run_to_commit(draft, watch, &mut trust)?;
        // `OR ROLLBACK` and RAISE(ROLLBACK) have ended it already.
        if refusal.is_some() && !self.conn.is_autocommit() {
            self.conn.execute_batch("ROLLBACK")?;
        }
        Ok(Outcome { refusal, trust })
    }

    /// Runs a file on other rows, and takes everything back: what SQLite refuses, if it refuses something.
    pub(super) fn probe(
        &mut self,
        draft: &Draft<'_>,
        watch: &mut dyn Watch,
        fill: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<Option<Refusal>> {
        self.set(settings(draft))?;
        // The rows may reference each other in any order, and none of it is ever committed.
        self.conn.execute_batch("BEGIN; PRAGMA defer_foreign_keys = ON")?;
        let refusal = fill(&self.conn).and_then(|()| self.watched(draft, watch));
        if !self.conn.is_autocommit() {
            self.conn.execute_batch("ROLLBACK")?;
        }
        refusal
    }

    /// Runs a file under somebody's eyes, and takes everything back: what SQLite refuses, if it refuses something.
    pub(super) fn try_out(
        &mut self,
        draft: &Draft<'_>,
        watch: &mut dyn Watch,
    ) -> rusqlite::Result<Option<Refusal>> {
        self.set(watch.settings(settings(draft)))?;
        self.conn.execute_batch("BEGIN")?;
        let refusal = self.watched(draft, watch)?;
        if !self.conn.is_autocommit() {
            self.conn.execute_batch("ROLLBACK")?;
        }
        // Whoever else uses the connection may set it to something else.
        self.settings = None;
        Ok(refusal)
    }

    /// Runs a file in a transaction that is open, up to its COMMIT.
    fn watched(&self, draft: &Draft<'_>, watch: &mut dyn Watch) -> rusqlite::Result<Option<Refusal>> {
        let mut trust = Trust::Whole;
        watch.begun(self)?;
        let refusal = self.run_statements(draft, watch, &mut trust)?;
        if refusal.is_none() {
            watch.committing(self, draft.commit())?;
        }
        Ok(refusal)
    }

    /// Takes out what nothing can drop: the catalogs that SQLite has made in the temporary schema.
    pub(super) fn clear_temporary(&self) -> rusqlite::Result<()> {
        // Changing where it is kept empties it (<https://sqlite.org/pragma.html#pragma_temp_store>).
        self.conn.execute_batch(
            "PRAGMA temp_store = FILE; PRAGMA temp_store = MEMORY; PRAGMA temp_store = DEFAULT",
        )
    }

    fn run_to_commit(
        &mut self,
        draft: &Draft<'_>,
        watch: &mut dyn Watch,
        trust: &mut Trust,
    ) -> rusqlite::Result<Option<Refusal>> {
        self.set(watch.settings(settings(draft)))?;
        self.conn.execute_batch("BEGIN")?;
        watch.begun(self)?;
        if let Some(refusal) = self.run_statements(draft, watch, trust)? {
            return Ok(Some(refusal));
        }
        watch.committing(self, draft.commit())?;
        let result = self.conn.execute_batch("COMMIT");
        Ok(result.err().map(|error| self.refusal(draft.commit(), draft, error)))
    }

    fn run_statements(
        &self,
        draft: &Draft<'_>,
        watch: &mut dyn Watch,
        trust: &mut Trust,
    ) -> rusqlite::Result<Option<Refusal>> {
        // What stands outside of the transaction is reported, and run in it: there it has to go.
        for statement in &draft.script.statements {
            let is_record = self.observer.is_none() && self.records(statement);
            if is_record {
                watch.before(self, statement)?;
            }
            if is_record || (draft.directives.not_rehearsed && !self.records(statement)) {
                continue;
            }
            let handling = handling(draft, statement);
            if let Handling::Skip(left) = handling {
                *trust = left.max(*trust);
                continue;
            }
            watch.before(self, statement)?;
            if let Some(observer) = &self.observer {
                observer.forget();
            }
            self.calls.noticed.store(false, Ordering::Relaxed);
            let result = match self.in_place_of(statement) {
                Some(sql) => self.conn.execute_batch(&sql),
                None => run(&self.conn, draft.statement(statement)),
            };
            let touched = self.observer.as_ref().map(Observer::take).unwrap_or_default();
            match result {
                Ok(()) => watch.after(self, statement, &touched)?,
                Err(error) if watch.refused(self, statement, &touched, &error)? => {}
                Err(error) => {
                    let explained = handling == Handling::RunExplained;
                    if explained {
                        *trust = Trust::Lost;
                    }
                    // `OR ROLLBACK` has ended the file as well.
                    if !explained || self.conn.is_autocommit() {
                        return Ok(Some(self.refusal(Some(statement), draft, error)));
                    }
                }
            }
        }
        Ok(None)
    }

    fn refusal(&self, statement: Option<&Statement>, draft: &Draft<'_>, error: rusqlite::Error) -> Refusal {
        let range = match statement {
            Some(statement) => {
                let at = locate(draft.statement(statement), &error);
                statement.first.start + at.start..statement.first.start + at.end
            }
            None => draft.text.len()..draft.text.len(),
        };
        Refusal { range, error, stand_in: self.calls.noticed.load(Ordering::Relaxed) }
    }

    /// What is run in the place of a statement that needs a module of the application's.
    fn in_place_of(&self, statement: &Statement) -> Option<String> {
        match &statement.verb {
            Verb::CreateVirtualTable(table) => self.stand_ins.table(table),
            _ => None,
        }
    }

    /// Whether a statement writes to the tracking table, by its first words.
    fn records(&self, statement: &Statement) -> bool {
        let Verb::Insert(insert) = &statement.verb else { return false };
        let table = self.tracking_table.as_deref();
        table.zip(insert.table.in_main()).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
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
}

/// What a file asks to be run with.
fn settings(draft: &Draft<'_>) -> Settings {
    draft.transaction.as_ref().map_or(Settings::USUAL, |frame| frame.mode.settings)
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
