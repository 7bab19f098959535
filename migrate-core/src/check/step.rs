//! Steps in Rust: that a file calls each in a statement of its own, and only such as there are. What they do is not known
//! here.

use std::ops::Range;

use super::draft::Draft;
use super::fault::Faults;
use crate::model::rule::Rule;
use crate::sql::script::{Script, Statement};
use crate::sql::token::{TokenKind, significant};
use crate::sql::verb::Verb;

/// A call of a step.
pub(crate) struct Call<'d> {
    /// Which file of the folder.
    pub(crate) file: usize,
    /// Where the name stands in it.
    pub(crate) range: Range<usize>,
    pub(crate) name: &'d str,
}

/// Every call of a folder's files, in order.
pub(crate) fn calls<'d>(drafts: &'d [Draft<'_>]) -> impl Iterator<Item = Call<'d>> {
    drafts.iter().enumerate().flat_map(|(file, draft)| {
        draft.script.statements.iter().filter_map(move |statement| match &statement.verb {
            Verb::Step(name) => Some(Call { file, range: place(draft, statement), name }),
            _ => None,
        })
    })
}

/// Where the name stands that a call gives.
fn place(draft: &Draft<'_>, statement: &Statement) -> Range<usize> {
    let name = significant(draft.statement(statement)).find(|token| token.kind == TokenKind::Text);
    name.map_or(statement.first.clone(), |name| {
        statement.first.start + name.start..statement.first.start + name.end()
    })
}

/// What calls a step, or tries to, without being the statement of its own that the runner looks for.
pub(super) fn check(script: &Script, faults: &mut Faults) {
    for named in &script.steps {
        let is_call = script.statements.iter().any(|statement| {
            matches!(statement.verb, Verb::Step(_)) && statement.range().contains(&named.start)
        });
        if !is_call {
            let message =
                "a step is called in a statement of its own, SELECT migrate_step('name'); and nowhere else";
            faults.add(named.clone(), Rule::UnknownStep, message);
        }
    }
}
