//! What engines on other machines have against files, for a set that has to run on them: told while the program compiles,
//! by the same look at the texts that a run there takes before it touches anything.

use crate::check::Folder;
use crate::check::draft::Draft;
use crate::check::fault::{Fault, Faults};
use crate::model::rule::Rule;
use crate::rehearsal::StandIns;
use crate::remote::{Engine, File, Found, Review};

/// Judges the files that have not shipped, for both engines.
pub(super) fn judge(folder: &Folder<'_>, stand_ins: &StandIns) -> Vec<Fault> {
    judge_on(&[Engine::LibSql, Engine::Rqlite], folder, stand_ins, |_, draft| !draft.shipped)
}

/// Judges some of the files. What several engines say of a place is said once.
pub(super) fn judge_on(
    engines: &[Engine],
    folder: &Folder<'_>,
    stand_ins: &StandIns,
    is_judged: impl Fn(usize, &Draft<'_>) -> bool,
) -> Vec<Fault> {
    let names = stand_ins.names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let table = folder.table.as_deref().unwrap_or_default();
    let mut reviews: Vec<_> = engines.iter().map(|&engine| Review::new(engine, table, &names)).collect();
    let mut faults = Vec::new();
    for (position, draft) in folder.drafts.iter().take(folder.certain).enumerate() {
        let mut found = Faults::of(position);
        for review in &mut reviews {
            for Found { range, reason, varies, .. } in review.file(&file(draft), is_judged(position, draft)) {
                if found.found().iter().any(|fault| fault.is_within(&range)) {
                    continue;
                }
                if varies {
                    found.add_hazard(range, Rule::Nondeterministic, reason);
                } else {
                    found.add(range, Rule::UnsupportedStatement, reason);
                }
            }
        }
        faults.extend(found.into_found());
    }
    faults
}

/// The statements of the transaction, each without the space and comments before it.
fn file<'d>(draft: &'d Draft<'_>) -> File<'d> {
    let statements = draft.body().iter().map(|statement| (statement.first.start, draft.statement(statement)));
    File { settings: draft.mode().settings, text: &draft.text, statements: statements.collect() }
}
