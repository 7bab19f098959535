//! The history, run in order on a SQLite in memory while the program compiles.
//!
//! What is checked is what SQLite does. After the first `sql-error` the rehearsal stops, since what follows would be
//! its echo; the rules that need no SQLite are applied to every file all the same.

mod allowances;
mod broken;
mod catalog;
mod contract;
mod hazards;
mod observer;
mod outright;
mod rows;
mod stage;
mod stand_ins;
mod trust;
mod with_rows;

pub use stand_ins::StandIns;

use rusqlite::Connection;

use self::contract::{Contract, SoFar};
use self::hazards::Intent;
use self::stage::Stage;
use self::trust::Trust;
use self::with_rows::WithRows;
use crate::check::Folder;
use crate::check::draft::Draft;
use crate::check::fault::{Fault, Faults};
use crate::live::locate::message;
use crate::model::rule::Rule;

/// What the rehearsal of a history has come to.
pub(crate) struct Rehearsed {
    /// What it has shown. Hazards of shipped files and allowed ones are left out.
    pub(crate) faults: Vec<Fault>,
    /// The database at the end of the history, without rows but those that the migrations make themselves. Absent where
    /// the history could not be run to its end.
    #[expect(dead_code, reason = "for whoever asks what the history ends in")]
    pub(crate) head: Option<Connection>,
}

/// Runs the certain part of a folder's history. Shipped files are no longer judged for hazards: nobody can change
/// them.
pub(crate) fn rehearse(folder: &Folder<'_>, stand_ins: &StandIns) -> Rehearsed {
    match Rehearsal::new(folder, stand_ins).and_then(Rehearsal::run) {
        Ok(rehearsed) => rehearsed,
        Err(error) => {
            // Memory, most likely; never a panic in somebody's compiler.
            let mut faults = Faults::of(0);
            faults.add(0..0, Rule::SqlError, format!("the rehearsal cannot run: {error}"));
            Rehearsed { faults: faults.into_found(), head: None }
        }
    }
}

/// A rehearsal under way: two databases, run in step.
struct Rehearsal<'f> {
    folder: &'f Folder<'f>,
    empty: Stage,
    with_rows: WithRows,
    so_far: SoFar,
    trust: Trust,
    faults: Vec<Fault>,
    /// For each file so far, whether its run with rows came to its end, so that a hazard that is not among the faults
    /// does not happen.
    complete: Vec<bool>,
}

impl<'f> Rehearsal<'f> {
    fn new(folder: &'f Folder<'f>, stand_ins: &StandIns) -> rusqlite::Result<Self> {
        let table = folder.table.as_deref();
        Ok(Self {
            folder,
            empty: Stage::new(stand_ins, table, true)?,
            with_rows: WithRows::new(stand_ins, table)?,
            so_far: SoFar::new(folder.table.clone(), folder.numbering()),
            trust: Trust::Whole,
            faults: Vec::new(),
            complete: Vec::new(),
        })
    }

    fn run(mut self) -> rusqlite::Result<Rehearsed> {
        let folder = self.folder;
        let mut to_the_end = folder.certain == folder.drafts.len();
        for (file, draft) in folder.drafts.iter().take(folder.certain).enumerate() {
            if !self.run_file(file, draft)? {
                to_the_end = false;
                break;
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
        let head = to_the_end.then(|| self.empty.into_connection());
        Ok(Rehearsed { faults: self.faults, head })
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
        let mut contract = Contract::new(&mut self.so_far, file, draft, self.trust);
        let outcome = self.empty.run(draft, &mut contract)?;
        let findings = contract.into_findings();
        self.trust = self.trust.max(outcome.trust).max(findings.trust);
        let shown: Vec<_> = findings.faults.iter().map(|fault| (fault.rule, fault.range.clone())).collect();
        self.faults.extend(findings.faults);
        if let Some(refusal) = outcome.refusal {
            if self.trust == Trust::Whole {
                let mut faults = Faults::of(file);
                faults.add(refusal.range, Rule::SqlError, refused(&refusal.error));
                self.faults.extend(faults.into_found());
            }
            return Ok(false);
        }
        let touched = findings.touched;
        let intent = Intent {
            restructures: findings.restructures,
            alters: touched.alters,
            breaks: false,
            changes_rows: touched.changes_rows,
            fills: touched.fills,
            compares: touched.compares,
            programs: touched.programs,
            references: draft.script.statements.iter().any(|statement| statement.verb.says_references()),
            quotes: draft.text.contains('"'),
        };
        let judge = self.trust == Trust::Whole && !draft.shipped && !draft.directives.not_rehearsed;
        let judgement = self.with_rows.run(file, draft, &self.empty, &touched.tables, intent, judge);
        // What the empty tables have shown already is one problem.
        let is_new = |fault: &Fault| !shown.contains(&(fault.rule, fault.range.clone()));
        self.faults.extend(judgement.faults.into_iter().filter(is_new));
        self.complete.push(judgement.complete);
        Ok(true)
    }
}

/// SQLite's message, and the way out where it lies outside of the SQL.
fn refused(error: &rusqlite::Error) -> String {
    let message = message(error);
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
    } else {
        String::new()
    };
    format!("{message}{hint}")
}
