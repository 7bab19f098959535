//! What a file allows is taken out; an allowance for what does not happen is a fault of its own.

use std::collections::BTreeSet;

use crate::check::draft::Draft;
use crate::check::fault::{Fault, Faults};
use crate::model::rule::Rule;

/// Judges the `file`th file. Where its run with rows was not `complete`, what did not show may still happen.
pub(super) fn judge(draft: &Draft<'_>, file: usize, complete: bool, found: &mut Vec<Fault>) {
    let happened: BTreeSet<Rule> =
        found.iter().filter(|fault| fault.file == file).map(|fault| fault.rule).collect();
    let allowed = &draft.directives.allowed;
    let is_allowed = |rule| allowed.iter().any(|(allowed, _)| *allowed == rule);
    found.retain(|fault| fault.file != file || fault.certain || !is_allowed(fault.rule));
    let mut faults = Faults::of(file);
    for (rule, range) in allowed.iter().filter(|(rule, _)| complete && !happened.contains(rule)) {
        // One without a reason is reported already.
        if draft
            .faults
            .iter()
            .any(|fault| fault.rule == Rule::BadAllow && fault.range.as_ref() == Some(range))
        {
            continue;
        }
        let message = format!("{rule} does not happen in this file; remove the comment");
        faults.add(range.clone(), Rule::BadAllow, message);
    }
    found.extend(faults.into_found());
}
