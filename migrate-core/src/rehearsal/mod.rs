//! The history, run in order on a SQLite in memory while the program compiles.
//!
//! What is checked is what SQLite does. After the first `sql-error` the rehearsal stops, since what follows would be
//! its echo; the rules that need no SQLite are applied to every file all the same.

mod allowances;
mod broken;
mod catalog;
mod checkpoint;
mod contract;
mod expect;
mod hazards;
mod observer;
mod older;
mod outright;
mod rows;
mod stage;
mod stand_ins;
mod trial;
mod trust;
mod with_rows;

pub(crate) use checkpoint::Checkpoint;
pub use stand_ins::StandIns;
pub use trial::{Trial, Tried};

use std::ops::Range;

use rusqlite::Connection;

use self::contract::{Contract, SoFar};
use self::hazards::Intent;
use self::older::Older;
use self::stage::{Refusal, Stage, Unwatched};
use self::trust::Trust;
use self::with_rows::WithRows;
use crate::check::Folder;
use crate::check::draft::Draft;
use crate::check::fault::{Fault, Faults};
use crate::check::test::Test;
use crate::live::locate::message;
use crate::model::problem::Problem;
use crate::model::rule::Rule;
use crate::sql::token;
use crate::sql::verb::Verb;

/// What counts as a release, where the previous one must be able to use the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Releases {
    /// Without a lock, nobody knows what has shipped.
    EveryFile,
    /// What the lock says has shipped.
    Locked,
}

/// What the rehearsal of a history has come to.
pub(crate) struct Rehearsed {
    /// What it has shown. Hazards of shipped files and allowed ones are left out.
    pub(crate) faults: Vec<Fault>,
    /// What the tests of the folder have shown.
    pub(crate) problems: Vec<Problem>,
    /// The file from which on nothing was rehearsed with rows, where there is one.
    pub(crate) gave_up: Option<usize>,
    /// The files that did not end with rows in the time that each of them is given.
    pub(crate) endless: Vec<usize>,
    /// The database at the end of the history, without rows but those that the migrations make themselves. Absent where
    /// the history could not be run to its end.
    pub(crate) head: Option<Connection>,
    /// The rehearsal after so many files as it was to be put aside after.
    pub(crate) checkpoint: Option<Checkpoint>,
}

/// Where a rehearsal begins, and after how many files it is put aside for another one. By itself: at the first, and never.
#[derive(Default)]
pub(crate) struct Resume {
    pub(crate) from: Option<Checkpoint>,
    pub(crate) keep: usize,
}

impl Resume {
    /// As far as this history can be put aside at all.
    fn on(self, folder: &Folder<'_>) -> Self {
        let is_asked = self.from.is_some() || self.keep > 0;
        if is_asked && checkpoint::can_go_on(folder) { self } else { Self::default() }
    }
}

/// Runs the certain part of a folder's history. Shipped files are no longer judged for hazards: nobody can change
/// them. `known` is what is found already without running anything.
pub(crate) fn rehearse(
    folder: &Folder<'_>,
    tests: &[Test<'_>],
    stand_ins: &StandIns,
    releases: Option<Releases>,
    known: Vec<Fault>,
    resume: Resume,
) -> Rehearsed {
    let begin = || Rehearsal::new(folder, tests, stand_ins, releases, known.clone());
    let Resume { from, keep } = resume.on(folder);
    let resumed = from.and_then(|from| from.restore(begin().ok()?));
    match resumed.map_or_else(begin, Ok).and_then(|rehearsal| rehearsal.run(keep)) {
        Ok(rehearsed) => rehearsed,
        Err(error) => {
            // Memory, most likely; never a panic in somebody's compiler.
            let mut faults = Faults::of(0);
            faults.add(0..0, Rule::SqlError, format!("the rehearsal cannot run: {error}"));
            Rehearsed {
                faults: faults.into_found(),
                problems: Vec::new(),
                gave_up: None,
                endless: Vec::new(),
                head: None,
                checkpoint: None,
            }
        }
    }
}

/// Runs so many files of a history without rows and without judging them: the database that they make, where nothing is
/// wrong with the history, and what was to be put aside.
pub(crate) fn up_to(
    folder: &Folder<'_>,
    files: usize,
    stand_ins: &StandIns,
    resume: Resume,
) -> rusqlite::Result<Option<(Connection, Option<Checkpoint>)>> {
    if !folder.problems.is_empty() || folder.certain < folder.drafts.len() {
        return Ok(None);
    }
    let Resume { from, keep } = resume.on(folder);
    let begin = || Stage::new(stand_ins, None, false);
    let resumed = from.and_then(|from| Some((from.files, from.restore_head(begin().ok()?)?)));
    let (ran, mut stage) = resumed.map_or_else(|| Ok((0, begin()?)), Ok::<_, rusqlite::Error>)?;
    let mut checkpoint = None;
    for (file, draft) in folder.drafts.iter().enumerate().take(files).skip(ran) {
        if stage.run(draft, &mut Unwatched { unchecked: false })?.refusal.is_some() {
            return Ok(None);
        }
        if file + 1 == keep {
            checkpoint = Checkpoint::of_head(keep, &mut stage);
        }
    }
    Ok(Some((stage.into_connection(), checkpoint)))
}

/// A rehearsal under way: two databases, run in step.
struct Rehearsal<'f> {
    folder: &'f Folder<'f>,
    tests: &'f [Test<'f>],
    stand_ins: &'f StandIns,
    empty: Stage,
    with_rows: WithRows,
    /// The previous release, where it must be able to use the database.
    older: Option<Older>,
    so_far: SoFar,
    trust: Trust,
    /// How many of the faults were known before.
    known: usize,
    faults: Vec<Fault>,
    problems: Vec<Problem>,
    /// For each file so far, whether its run with rows came to its end, so that a hazard that is not among the faults
    /// does not happen.
    complete: Vec<bool>,
}

impl<'f> Rehearsal<'f> {
    fn new(
        folder: &'f Folder<'f>,
        tests: &'f [Test<'f>],
        stand_ins: &'f StandIns,
        releases: Option<Releases>,
        known: Vec<Fault>,
    ) -> rusqlite::Result<Self> {
        let table = folder.table.as_deref();
        Ok(Self {
            folder,
            tests,
            stand_ins,
            empty: Stage::new(stand_ins, table, true)?,
            with_rows: WithRows::new(stand_ins, table)?,
            older: releases.map(|releases| Older::new(releases == Releases::Locked)),
            so_far: SoFar::new(folder.table.clone(), folder.numbering()),
            trust: Trust::Whole,
            known: known.len(),
            faults: known,
            problems: Vec::new(),
            complete: Vec::new(),
        })
    }

    /// Runs what is left of the history. After `keep` files it is put aside.
    fn run(mut self, keep: usize) -> rusqlite::Result<Rehearsed> {
        let folder = self.folder;
        let mut to_the_end = folder.certain == folder.drafts.len();
        let mut checkpoint = None;
        let ran = self.complete.len();
        for (file, draft) in folder.drafts.iter().enumerate().take(folder.certain).skip(ran) {
            if !self.run_file(file, draft)? {
                to_the_end = false;
                break;
            }
            if file + 1 == keep {
                checkpoint = Checkpoint::of(&mut self);
            }
        }
        to_the_end &= self.trust != Trust::Lost;
        if to_the_end {
            self.faults.extend(self.with_rows.end(&folder.drafts));
        }
        // Allowances are judged last, as some hazards show only at the end of the history.
        for (file, (draft, complete)) in folder.drafts.iter().zip(&self.complete).enumerate() {
            if draft.shipped {
                self.faults.retain(|fault| fault.file != file || !fault.rule.is_hazard());
            } else {
                allowances::judge(draft, file, *complete, &mut self.faults);
            }
        }
        let (gave_up, endless) = (self.with_rows.gave_up, self.with_rows.endless);
        let head = to_the_end.then(|| self.empty.into_connection());
        Ok(Rehearsed { faults: self.faults, problems: self.problems, gave_up, endless, head, checkpoint })
    }

    /// Runs a file on both databases. `false` where the history ends with it.
    fn run_file(&mut self, file: usize, draft: &Draft<'_>) -> rusqlite::Result<bool> {
        self.trust = self.trust.in_the_next_file();
        if draft.directives.unclear {
            self.trust = self.trust.max(Trust::NotThisFile);
        }
        if draft.faults.iter().any(|fault| fault.rule == Rule::SqlError) {
            return Ok(false);
        }
        if self.trust == Trust::Whole {
            for test in self.tests.iter().filter(|test| test.number == draft.number) {
                let table = self.folder.table.as_deref();
                self.problems.extend(expect::run(test, draft, &self.empty.conn, self.stand_ins, table)?);
            }
        }
        let mut contract = Contract::new(&mut self.so_far, file, draft, self.trust);
        let outcome = self.empty.run(draft, &mut contract)?;
        let findings = contract.into_findings();
        self.trust = self.trust.max(outcome.trust).max(findings.trust);
        let shown: Vec<_> = findings.faults.iter().map(|fault| (fault.rule, fault.range.clone())).collect();
        self.faults.extend(findings.faults);
        if let Some(refusal) = outcome.refusal {
            if self.trust == Trust::Whole {
                let mut faults = Faults::of(file);
                let message = refused(draft, &refusal);
                faults.add(refusal.range, Rule::SqlError, message);
                self.faults.extend(faults.into_found());
            }
            return Ok(false);
        }
        if let Some(older) = self.older.as_mut().filter(|_| self.trust == Trust::Whole) {
            let table = self.folder.table.as_deref();
            let mut faults = Faults::of(file);
            older.judge(file, draft, &self.empty.conn, self.stand_ins, table, &mut faults)?;
            self.faults.extend(faults.into_found());
        }
        let touched = findings.touched;
        if touched.temporary {
            self.empty.clear_temporary()?;
        }
        let verbs = || draft.script.statements.iter().map(|statement| &statement.verb);
        let intent = Intent {
            restructures: findings.restructures,
            alters: touched.alters,
            breaks: false,
            changes_rows: touched.changes_rows,
            fills: touched.fills,
            compares: touched.compares || verbs().any(Verb::checks_rows),
            programs: touched.programs,
            references: verbs().any(Verb::says_references),
            quotes: draft.text.contains('"'),
            meets_rows: verbs().any(Verb::meets_rows),
            temporary: touched.temporary,
        };
        let is_whole = !draft.directives.not_rehearsed && !draft.calls_steps();
        let judge = self.trust == Trust::Whole && !draft.shipped && is_whole;
        let judgement = self.with_rows.run(file, draft, &self.empty, &touched.tables, intent, judge);
        // What the empty tables have shown already is one problem.
        let is_new = |fault: &Fault| !shown.contains(&(fault.rule, fault.range.clone()));
        self.faults.extend(judgement.faults.into_iter().filter(is_new));
        self.complete.push(judgement.complete);
        Ok(true)
    }
}

/// SQLite's message, and the way out where it lies outside of the SQL.
fn refused(draft: &Draft<'_>, refusal: &Refusal) -> String {
    let message = message(&refusal.error);
    let name = message.rsplit(": ").next().unwrap_or_default();
    let hint = if message.starts_with("no such function") {
        format!(
            "; name a function of the application's to the macro, with its number of arguments: functions = \
             [\"{name}/1\"]"
        )
    } else if message.starts_with("no such collation") {
        format!("; name a collation of the application's to the macro: collations = [\"{name}\"]")
    } else if message.starts_with("error in view") || message.starts_with("error in trigger") {
        "; drop it before the table changes and recreate it afterwards".to_owned()
    } else if message.starts_with("no such module") {
        "; a file that needs a module of the application's can say so: -- migrate: not-rehearsed: reason"
            .to_owned()
    } else if message.ends_with("incomplete input") && adds_a_commented_column(draft, &refusal.range) {
        "; SQLite copies the comment into the table's text and can no longer read it; move the comment to a line of its \
         own"
        .to_owned()
    } else {
        String::new()
    };
    format!("{message}{hint}")
}

/// Whether a place is in an `ALTER TABLE … ADD COLUMN` that has a comment before its `;`.
fn adds_a_commented_column(draft: &Draft<'_>, range: &Range<usize>) -> bool {
    let Some(statement) = draft.script.statement_at(range.start) else { return false };
    let text = draft.statement(statement);
    let last = token::significant(text).filter(|token| token.text != ";").last();
    let after = last.and_then(|last| text.get(last.end()..)).unwrap_or_default();
    matches!(statement.verb, Verb::AddColumn(_))
        && !after.trim_matches(|c: char| c == ';' || c.is_whitespace()).is_empty()
}
