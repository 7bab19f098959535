//! One call of a run, under way: plans under the lock, and carries out what the plan says.

use std::time::Duration;

use rusqlite::Connection;

use super::apply::{Failure, Savepoint, refused};
use super::backup::{Outcome, Task};
use super::clock::Moment;
use super::connection::{self, Loan, SettingFailed};
use super::error::Error;
use super::trace;
use super::wait::{Busy, Wait};
use crate::live::foreign_keys;
use crate::live::history::{History, Unread};
use crate::live::row::{self, Answer};
use crate::live::temporary;
use crate::model::event::Event;
use crate::model::migration::{Migration, Settings};
use crate::model::place::Place;
use crate::model::plan::{Plan, Segment, Standing};
use crate::model::report::{Kept, Reached, Report};
use crate::model::set::Migrations;

pub(super) struct Pass<'r, 'a> {
    pub(super) conn: &'r Connection,
    pub(super) wait: &'r Wait,
    pub(super) loan: Loan<'r>,
    pub(super) history: History,
    pub(super) migrations: Migrations,
    /// How many migrations the database is to have in the end.
    pub(super) end: usize,
    pub(super) on_event: Option<&'r mut (dyn FnMut(Event) + 'a)>,
    pub(super) all_or_nothing: bool,
    /// Looks at the record of each migration by itself. Otherwise only at how many there are, and at all of them before a
    /// COMMIT, which costs far less; where something is wrong then, all is rolled back and done again closely.
    pub(super) closely: bool,
    pub(super) backup: Option<Box<dyn Task + 'r>>,
    /// Leaves steps in Rust out.
    pub(super) without_steps: bool,
    pub(super) report: Report,
    /// How many the database has.
    pub(super) applied: usize,
    /// How many this call has to apply.
    pub(super) total: usize,
}

/// How many rows are read in the time that it takes to look closely at one, about.
const ROWS_READ_IN_A_CLOSE_LOOK: usize = 20;

/// A migration that has run in a transaction that is still open.
type Ran = (&'static Migration, Duration);

impl Pass<'_, '_> {
    pub(super) fn carry_out(&mut self) -> Result<(), Box<Error>> {
        let done = self.carry_out_plan();
        if let Some(before) = self.backup.as_ref().and_then(|task| task.made_before()) {
            let changed = done.is_ok() || self.kept().database != before;
            let ended = done.as_ref().is_err_and(|error| error.transaction_ended());
            if let Some(job) = &mut self.backup {
                job.settle(changed, ended, done.is_ok());
            }
        }
        done
    }

    fn carry_out_plan(&mut self) -> Result<(), Box<Error>> {
        let mut plan = waited(self.wait, || {
            let unread = |unread| Error::unread(self.migrations, unread);
            if self.history.is_complete(self.conn).map_err(unread)? {
                return Ok(Plan::nothing(self.migrations.len(), None));
            }
            self.loan.snapshot(|| self.look())
        })?;
        self.applied = plan.applied;
        self.total = plan.pending.len();
        self.report.newer = plan.newer.take();
        if let Some(first) = plan.pending.first() {
            self.ensure_journal(first)?;
        }
        while let Some(Segment { settings, first, .. }) = plan.segment() {
            if let Err(SettingFailed { setting, source }) = self.loan.set(settings) {
                let (kept, source) = (self.kept(), source.map(|source| *source));
                return Err(Error::SettingNotApplied { migration: first, setting, kept, source }.into());
            }
            let before = reached(self.migrations, self.applied);
            if let Some(job) = &mut self.backup {
                job.before_the_lock(self.conn, before, self.wait)?;
            }
            self.begin(first)?;
            plan = self.under_the_lock(settings)?;
            // A newer build may have been here while this one waited.
            self.report.newer = plan.newer.take().or(self.report.newer.take());
        }
        Ok(())
    }

    /// What is to be done. Where that is something, everything in the database that would refuse the run is looked for
    /// as well: in the same snapshot, where nobody is in the way of a second look.
    fn look(&self) -> Result<Plan, Box<Error>> {
        let mut plan = self.plan()?;
        let Some(first) = plan.pending.first() else { return Ok(plan) };
        if self.all_or_nothing {
            self.cut(&mut plan)?;
        }
        let checking = Error::sqlite("checking the database");
        if let Some(query_only) = connection::read_only(self.conn).map_err(checking)? {
            return Err(Error::ReadOnly { migration: first, query_only }.into());
        }
        if let Some(name) = temporary::hidden(self.conn).map_err(checking)? {
            return Err(Error::Hidden { migration: first, name }.into());
        }
        Ok(plan)
    }

    /// Reads how far the database is, and plans the rest.
    fn plan(&self) -> Result<Plan, Box<Error>> {
        let Standing { applied, newer } = read(&self.history, self.conn, self.migrations)?;
        if applied >= self.end {
            return Ok(Plan::nothing(applied, newer));
        }
        let unread = |unread| Error::unread(self.migrations, unread);
        self.history.refuse_triggers(self.conn).map_err(unread)?;
        Ok(Plan::new(applied, self.migrations.first(self.end)))
    }

    /// Finds out which of the pending migrations can share a transaction. To look for deferred keys takes as long as
    /// anything else that a run does for one migration, so only where they would make a difference.
    fn cut(&self, plan: &mut Plan) -> Result<(), Box<Error>> {
        let reading = Error::sqlite("looking for deferred foreign keys");
        if plan.depends_on_the_schema() {
            plan.schema_defers = foreign_keys::any_deferred(self.conn).map_err(reading)?;
        }
        match plan.rest().first() {
            Some(migration) if self.all_or_nothing => Err(Error::SeveralTransactions { migration }.into()),
            _ => Ok(()),
        }
    }

    /// The last thing that would refuse the run. It is no part of the look, since the mode cannot change in
    /// a transaction.
    fn ensure_journal(&mut self, first: &'static Migration) -> Result<(), Box<Error>> {
        let checking = Error::sqlite("checking the journal mode");
        let ensured = self
            .wait
            .retry(|| self.loan.ensure_journal().map_err(checking))
            .map_err(|error| timed_out(error, Some(first), self.wait, || self.kept()))?;
        if ensured { Ok(()) } else { Err(Error::NoJournal { migration: first }.into()) }
    }

    /// Takes the write lock first: a transaction that reads before it writes can be refused for good.
    fn begin(&self, first: &'static Migration) -> Result<(), Box<Error>> {
        let begin = || row::execute(self.conn, "BEGIN IMMEDIATE");
        self.wait
            .retry(|| begin().map_err(Error::sqlite("beginning a transaction")))
            .map_err(|error| timed_out(error, Some(first), self.wait, || self.kept()))
    }

    /// Runs the first segment of a new plan and commits, if it wants the settings that the transaction was begun with:
    /// another process may have been faster between our reading and our lock. Gives what is left to do.
    fn under_the_lock(&mut self, settings: Settings) -> Result<Plan, Box<Error>> {
        let mut plan = self.plan()?;
        self.applied = plan.applied;
        // Another process may have done part of what this call set out to do.
        self.total = self.total.min(self.report.applied.len() + plan.pending.len());
        self.cut(&mut plan)?;
        let Some(segment) = plan.segment().filter(|segment| segment.settings == settings) else {
            self.roll_back("leaving the work to another process")?;
            return Ok(plan);
        };
        if !self.back_up()? {
            self.roll_back("copying the database once more")?;
            return Ok(plan);
        }
        if self.run_segment(segment)? {
            plan.applied += segment.migrations.len();
            plan.pending = plan.rest();
        } else {
            self.closely = true;
            self.roll_back("looking for a wrong record")?;
        }
        Ok(plan)
    }

    /// Makes the backup that was asked for. `false` where what was copied before the lock is no longer what is there.
    fn back_up(&mut self) -> Result<bool, Box<Error>> {
        let before = reached(self.migrations, self.applied);
        let start = self.on_event.is_some().then(Moment::now);
        let Some(job) = &mut self.backup else { return Ok(true) };
        match job.under_the_lock(self.conn, before, self.wait)? {
            Outcome::NotNeeded => {}
            Outcome::Again => return Ok(false),
            Outcome::Made(path) => {
                self.report.backup = Some(path.clone());
                self.tell(Event::BackedUp { path, elapsed: start.map_or(Duration::ZERO, Moment::elapsed) });
            }
        }
        Ok(true)
    }

    /// `false` where some record is wrong, and only a close look will tell whose.
    fn run_segment(&mut self, segment: Segment) -> Result<bool, Box<Error>> {
        let mut ran: Vec<Ran> = Vec::with_capacity(segment.migrations.len());
        let mut violations = None;
        let calls_steps = segment.migrations.iter().any(|migration| migration.mode().calls_steps);
        // What a step does outside of the database cannot be rolled back, so it is not called twice. And to read all rows
        // for few new ones would take longer.
        let few = segment.migrations.len() < self.applied / ROWS_READ_IN_A_CLOSE_LOOK;
        let closely = self.closely || calls_steps || few;
        let mut savepoint =
            Savepoint::new(self.conn, calls_steps).map_err(Error::sqlite("preparing a savepoint"))?;
        for migration in segment.migrations {
            let before = self.applied + ran.len();
            let position = self.report.applied.len() + ran.len() + 1;
            self.tell(Event::Started { migration, position, total: self.total });
            let start = (self.on_event.is_some() || trace::is_listening()).then(Moment::now);
            match self.apply(migration, before, &mut savepoint, &mut violations, closely) {
                Ok(()) => ran.push((migration, start.map_or(Duration::ZERO, Moment::elapsed))),
                Err(failure) => return self.keep_what_ran(ran, migration, failure, &savepoint, closely),
            }
        }
        match self.all_recorded(&ran, closely) {
            Ok(true) => self.commit(ran).map(|()| true),
            Ok(false) => Ok(false),
            Err(source) => {
                self.give_up();
                let Some(&(last, _)) = ran.last() else { return Err(Error::reading(source)) };
                Err(self.failed(last, Failure::at_commit(last, refused(self.migrations, *source))))
            }
        }
    }

    /// Whether the table holds the records of all that has run, and no other row, if nobody has looked yet.
    fn all_recorded(&self, ran: &[Ran], closely: bool) -> Answer<bool> {
        if closely {
            return Ok(true);
        }
        match self.history.read(self.conn) {
            Ok(Standing { applied, newer: None }) => Ok(applied == self.applied + ran.len()),
            Err(Unread::Sqlite(source)) => Err(source),
            _ => Ok(false),
        }
    }

    fn commit(&mut self, ran: Vec<Ran>) -> Result<(), Box<Error>> {
        let Some(&(last, _)) = ran.last() else { return self.roll_back("ending an empty transaction") };
        let conn = self.conn;
        if let Some(job) = &mut self.backup {
            job.stays();
        }
        // With a reader in the way the transaction stays open, and the same COMMIT may succeed later.
        let committed = self.wait.retry(|| row::execute(conn, "COMMIT"));
        let Err(source) = committed else {
            self.applied += ran.len();
            for (migration, elapsed) in ran {
                self.report.applied.push(migration);
                trace::applied(migration, elapsed);
                self.tell(Event::Applied { migration, elapsed });
            }
            return Ok(());
        };
        self.give_up();
        if source.is_busy() {
            let error = Error::sqlite("committing")(source);
            return Err(timed_out(error, Some(last), self.wait, || self.kept()));
        }
        let failure = Failure::at_commit(last, refused(self.migrations, *source));
        Err(self.failed(last, failure))
    }

    /// After a failure: rolls the failing migration back and commits the ones before it, unless nothing is to
    /// be kept, or SQLite has rolled back everything itself. Which it has is asked, never guessed.
    fn keep_what_ran(
        &mut self,
        ran: Vec<Ran>,
        migration: &'static Migration,
        failure: Failure,
        savepoint: &Savepoint<'_>,
        closely: bool,
    ) -> Result<bool, Box<Error>> {
        let keep = !self.all_or_nothing && !ran.is_empty() && !self.conn.is_autocommit();
        if keep && savepoint.roll_back_to(self.conn).is_ok() && !self.conn.is_autocommit() {
            // A failure of its own changes what is kept, which is read back; the first one is what matters.
            match self.all_recorded(&ran, closely) {
                Ok(false) => return Ok(false),
                Ok(true) => drop(self.commit(ran)),
                Err(_) => {}
            }
        }
        self.give_up();
        Err(self.failed(migration, failure))
    }

    /// Ends whatever is still open.
    fn give_up(&self) {
        // If even this fails, `Loan::restore` tries again and the connection is reported.
        let _ = self.loan.end_transaction();
    }

    fn roll_back(&self, doing: &'static str) -> Result<(), Box<Error>> {
        self.loan.end_transaction().map_err(Error::sqlite(doing))
    }

    pub(super) fn tell(&mut self, event: Event) {
        if let Some(on_event) = &mut self.on_event {
            on_event(event);
        }
    }

    fn failed(&self, migration: &'static Migration, failure: Failure) -> Box<Error> {
        let Failure { range, statement, cause: source } = failure;
        let place = Place::new(migration.sql(), range);
        Error::Failed { migration, place, statement, kept: self.kept(), source }.into()
    }

    /// What the database holds now, read back from it. Whoever has to be told of a failure is to be told this
    /// too, so it is waited for.
    pub(super) fn kept(&self) -> Box<Kept> {
        let reread = || read(&self.history, self.conn, self.migrations);
        let database = match self.wait.grace().retry(|| self.loan.snapshot(reread)) {
            Err(_) => Reached::Unknown,
            Ok(Standing { applied, .. }) => reached(self.migrations, applied),
        };
        Box::new(Kept { applied: self.report.applied.clone(), database })
    }
}

/// How far a database with so many migrations is.
pub(super) fn reached(migrations: Migrations, applied: usize) -> Reached {
    let last = applied.checked_sub(1).and_then(|last| migrations.as_slice().get(last));
    last.map_or(Reached::Nothing, Reached::Migration)
}

/// How far a database is. Reads the catalog and the table, which is one state only inside of a transaction.
pub(super) fn read(
    history: &History,
    conn: &Connection,
    migrations: Migrations,
) -> Result<Standing, Box<Error>> {
    history.read(conn).map_err(|unread| Error::unread(migrations, unread))
}

/// Waits for other connections in a step that belongs to no migration yet.
pub(super) fn waited<T>(wait: &Wait, step: impl FnMut() -> Result<T, Box<Error>>) -> Result<T, Box<Error>> {
    wait.retry(step).map_err(|error| timed_out(error, None, wait, unknown))
}

/// What is kept where nobody has looked.
pub(super) fn unknown() -> Box<Kept> {
    Box::new(Kept { applied: Vec::new(), database: Reached::Unknown })
}

/// The error of a step that was repeated for as long as the call may wait.
pub(super) fn timed_out(
    error: Box<Error>,
    migration: Option<&'static Migration>,
    wait: &Wait,
    kept: impl FnOnce() -> Box<Kept>,
) -> Box<Error> {
    match *error {
        Error::Sqlite { source, .. } if source.is_busy() => {
            Error::LockTimeout { migration, waited: wait.waited(), kept: kept(), source }.into()
        }
        _ => error,
    }
}
