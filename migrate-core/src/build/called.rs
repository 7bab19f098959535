//! The steps in Rust that files call, held against those that the macro names: each call has a step, and each step a
//! call. Whether the functions are right for it, the compiler of the expansion says.

use super::args::NamedStep;
use crate::check::fault::{Fault, Faults};
use crate::check::{Folder, step};
use crate::model::problem::Problem;
use crate::model::rule::Rule;

/// Calls of steps that the macro does not name.
pub(super) fn unknown(folder: &Folder<'_>, named: &[NamedStep]) -> Vec<Fault> {
    let unknown = step::calls(&folder.drafts).filter(|call| named.iter().all(|step| step.name != call.name));
    let faults = unknown.flat_map(|step::Call { file, range, name }| {
        let mut faults = Faults::of(file);
        let names: Vec<_> = named.iter().map(|step| format!("`{}`", step.name)).collect();
        let message = match names.as_slice() {
            [] => format!(
                "the macro is told of no step `{name}`; name the function that it is: steps = [path::to::{name}]"
            ),
            names => format!(
                "the macro is told of no step `{name}`, but of {}; a step has the name of its function",
                names.join(", ")
            ),
        };
        faults.add(range, Rule::UnknownStep, message);
        faults.into_found()
    });
    faults.collect()
}

/// Steps that no file calls. Where a file could not be read, or calls one in the wrong way, nobody knows what it calls.
pub(super) fn superfluous(folder: &Folder<'_>, named: &[NamedStep]) -> Vec<Problem> {
    const UNREAD: [Rule; 5] = [
        Rule::BadFileName,
        Rule::UnreadableFile,
        Rule::BadText,
        Rule::UnexpectedEntry,
        Rule::UnknownStep, // called where it cannot be
    ];
    if folder.problems.iter().any(|problem| UNREAD.contains(&problem.rule)) {
        return Vec::new();
    }
    let is_called = |step: &NamedStep| step::calls(&folder.drafts).any(|call| call.name == step.name);
    let problem = |step: &NamedStep| {
        let message = format!(
            "no file calls the step `{0}`; call it, with SELECT migrate_step('{0}'); or do not name it here",
            step.name
        );
        Problem::of_file(step.argument(), Rule::UnknownStep, message)
    };
    named.iter().filter(|step| !is_called(step)).map(problem).collect()
}
