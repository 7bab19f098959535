//! The first file: it creates the tracking table, and records itself in it.

use super::draft::Draft;
use super::fault::Faults;
use crate::model::numbering::FIRST;
use crate::model::rule::Rule;
use crate::sql::script::Statement;
use crate::sql::token::{self, TokenKind};
use crate::sql::verb::{CreateTable, Verb};

/// The tracking table of a history: the one that the first file creates and records itself in.
pub(super) fn tracking_table(first: &Draft<'_>, faults: &mut Faults) -> Option<String> {
    if first.number != FIRST || !first.legible {
        return None;
    }
    let statements = &first.script.statements;
    let created = |table: &str| {
        statements.iter().find_map(|statement| match &statement.verb {
            Verb::CreateTable(create) => {
                let name = create.in_main().filter(|name| name.eq_ignore_ascii_case(table))?;
                Some((statement, create, name))
            }
            _ => None,
        })
    };
    let recorded = statements.iter().filter_map(|statement| {
        let (_, create, name) = created(statement.verb.inserted_table()?)?;
        Some((statement, create, name))
    });
    // The file may fill other tables too; what it writes its own version and name to comes first.
    let mut candidates: Vec<(&Statement, &CreateTable, &str)> = recorded.collect();
    candidates.sort_by_key(|(statement, ..)| !records_itself(first, statement));
    let Some((_, create, name)) = candidates.first() else {
        let place = statements.first().map_or(0..0, |statement| statement.first.clone());
        faults.add(
            place,
            Rule::MissingBootstrap,
            "the first file must create the tracking table and record itself in it: CREATE TABLE schema_migrations \
             (version TEXT PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL DEFAULT (datetime('now'))); then \
             INSERT INTO schema_migrations (version, name) VALUES (…)",
        );
        return None;
    };
    if create.forgives
        && let Some((statement, ..)) = created(name)
    {
        faults.add(
            statement.first.clone(),
            Rule::MissingBootstrap,
            "the tracking table must not forgive a version that is already there, or a file could be applied twice; \
             leave the ON CONFLICT out",
        );
    }
    Some((*name).to_owned())
}

/// Whether an INSERT holds the file's own version and name as strings.
fn records_itself(draft: &Draft<'_>, statement: &Statement) -> bool {
    let Some(own) = draft.name() else { return false };
    [own.version, own.name].iter().all(|value| {
        token::significant(draft.statement(statement))
            .any(|token| token.kind == TokenKind::Text && token.unquoted().is_some_and(|text| text == *value))
    })
}
