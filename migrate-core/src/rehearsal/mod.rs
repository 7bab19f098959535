//! The history, run in order on a SQLite in memory while the program compiles.
//!
//! What is checked is what SQLite does. After the first `sql-error` the rehearsal stops, since what follows
//! would be its echo; and where a rule has kept a statement from running, a later refusal says nothing.

mod broken;
mod contract;
mod hazards;
mod observer;
mod outright;
mod rows;
mod schema;
mod stage;
mod stand_ins;
mod with_rows;

pub use stand_ins::StandIns;

use crate::check::{Draft, Folder};
use crate::live::locate::message;
use crate::model::problem::Rule;
use crate::sql::script::Fault;
use contract::{Contract, Ledger};
use hazards::Intent;
use stage::Stage;
use with_rows::WithRows;

/// Runs the certain part of a folder's history, and adds what it shows to the folder's problems.
/// Files that are `shipped` are no longer judged for hazards: nobody can mend them.
pub(crate) fn rehearse(folder: &mut Folder<'_>, stand_ins: &StandIns, shipped: &[String]) {
    let mut faults = Vec::new();
    if let Err(error) = try_rehearse(folder, stand_ins, shipped, &mut faults) {
        // Memory, most likely; never a panic in somebody's compiler.
        let message = format!("the rehearsal cannot run: {error}");
        faults.push((0, Fault::new(0..0, Rule::SqlError, message)));
    }
    for (index, fault) in faults {
        folder.report(index, fault);
    }
}

fn try_rehearse(
    folder: &Folder<'_>,
    stand_ins: &StandIns,
    shipped: &[String],
    faults: &mut Vec<(usize, Fault)>,
) -> rusqlite::Result<()> {
    // Allowances are judged last, as some hazards show only at the end of the history.
    let mut complete = Vec::new();
    let to_the_end = run_all(folder, stand_ins, shipped, faults, &mut complete)?;
    if let Some(with_rows) = to_the_end {
        faults.extend(with_rows.end(&folder.drafts, shipped));
    }
    for (index, draft) in folder.drafts.iter().enumerate().take(complete.len()) {
        if shipped.contains(&draft.file_name) {
            faults.retain(|(of, fault)| *of != index || !fault.rule.is_hazard());
        } else {
            let complete = complete.get(index).copied().unwrap_or_default();
            with_rows::judge_allowances(draft, index, faults, complete);
        }
    }
    Ok(())
}

/// Runs file after file. Gives the database with rows where nothing was refused, and the history is all there.
fn run_all(
    folder: &Folder<'_>,
    stand_ins: &StandIns,
    shipped: &[String],
    faults: &mut Vec<(usize, Fault)>,
    complete: &mut Vec<bool>,
) -> rusqlite::Result<Option<WithRows>> {
    let table = folder.table.as_deref();
    let mut empty = Stage::new(stand_ins, table, true)?;
    let mut with_rows = WithRows::new(stand_ins, table)?;
    let width = folder.drafts.first().and_then(Draft::name).map_or(0, |first| first.version.len());
    let mut ledger = Ledger::new(folder.table.clone(), width);
    let mut doubtful = false;
    for (index, draft) in folder.drafts.iter().take(folder.certain).enumerate() {
        if draft.faults().any(|fault| fault.rule == Rule::SqlError) {
            return Ok(None);
        }
        doubtful |= breaks(draft, &[Rule::BindParameter, Rule::OutsideTransaction]);
        // All of such a file is run, so that only its own refusal is explained by the rule.
        let doubtful_here = doubtful || breaks(draft, &[Rule::NoTransaction, Rule::BadAllow]);
        let had_table = ledger.table.is_some();
        let mut contract = Contract::new(&mut ledger, draft, doubtful_here);
        let refusal = empty.run(draft, &mut contract)?;
        doubtful |= contract.hides();
        let mut found = std::mem::take(&mut contract.faults);
        let touched = std::mem::take(&mut contract.touched);
        let intent = Intent {
            restructures: contract.restructures,
            alters: touched.alters,
            breaks: false,
            changes_rows: touched.changes_rows,
            fills: touched.fills,
            compares: touched.compares,
            programs: touched.programs,
            quotes: draft.text.contains('"'),
        };
        // A tracking table that is not what it should be is told; every later file would stumble over it.
        doubtful |= had_table && ledger.table.is_none();
        if let Some(refusal) = refusal {
            if !doubtful_here && !doubtful {
                found.push(Fault::new(refusal.range, Rule::SqlError, refused(&refusal.error)));
            }
            faults.extend(found.into_iter().map(|fault| (index, fault)));
            return Ok(None);
        }
        let is_shipped = shipped.contains(&draft.file_name);
        let judge = !is_shipped && !doubtful && !doubtful_here && draft.script.not_rehearsed.is_none();
        let judgement = with_rows.run(draft, &empty, &touched.tables, intent, judge);
        let shown: Vec<_> = found.iter().map(|fault| (fault.rule, fault.range.start)).collect();
        for fault in judgement.faults {
            // What the empty tables have shown already is one problem.
            if !shown.contains(&(fault.rule, fault.range.start)) {
                found.push(fault);
            }
        }
        complete.push(judgement.complete);
        faults.extend(found.into_iter().map(|fault| (index, fault)));
    }
    Ok((folder.certain == folder.drafts.len() && !doubtful).then_some(with_rows))
}

/// Whether one of these rules has something against a file.
fn breaks(draft: &Draft<'_>, rules: &[Rule]) -> bool {
    draft.faults().any(|fault| rules.contains(&fault.rule))
}

/// SQLite's message, and the way out where it lies outside of the SQL.
fn refused(error: &rusqlite::Error) -> String {
    let message = message(error);
    let name = message.rsplit(": ").next().unwrap_or_default();
    let hint = if message.starts_with("no such function") {
        format!(
            "; a function of the application's is named to the macro: functions = [\"{name}/1\"], with its number of arguments"
        )
    } else if message.starts_with("no such collation") {
        format!("; a collation of the application's is named to the macro: collations = [\"{name}\"]")
    } else if message.starts_with("error in view") || message.starts_with("error in trigger") {
        "; drop it before the table changes, and create it again after".to_owned()
    } else if message.starts_with("no such module") {
        "; a file that needs a module of the application's says so: -- migrate: not-rehearsed: reason"
            .to_owned()
    } else {
        String::new()
    };
    format!("{message}{hint}")
}
