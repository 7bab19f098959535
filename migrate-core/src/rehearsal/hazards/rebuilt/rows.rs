//! `loses-rows` and `resets-autoincrement`: fewer rows than before, or ids that would be handed out again.

use std::ops::Range;

use rusqlite::Connection;

use super::{Before, Rebuild};
use crate::live::schema;
use crate::model::rule::Rule;
use crate::rehearsal::hazards::File;
use crate::sql::quote::quoted;
use crate::sql::script::Statement;
use crate::sql::token;
use crate::sql::verb::{NARROWING, Verb};

/// `at` is where the old table went. `once` says under what condition rows are lost, or nothing.
pub(super) fn compare(
    file: &mut File<'_>,
    conn: &Connection,
    before: &Before,
    at: Range<usize>,
    once: &str,
) -> rusqlite::Result<()> {
    let name = &before.name;
    let rows = schema::count(conn, name)?;
    if rows >= before.rows - file.outright.deleted(name) {
        return Ok(());
    }
    let left = if rows == 0 { "none".to_owned() } else { rows.to_string() };
    let way_out = match copy(file, name) {
        None => "copy all of them with INSERT INTO … SELECT before the old table is dropped".to_owned(),
        Some(None) => "check what its INSERT INTO … SELECT leaves out".to_owned(),
        Some(Some(word)) => {
            format!(
                "its copy leaves rows out by {word}; copy all of them, or DELETE those that are to go first"
            )
        }
    };
    file.faults.add_hazard(
        at,
        Rule::LosesRows,
        format!("{name} is rebuilt, and {left} of its {} rows come out of it{once}; {way_out}", before.rows),
    );
    Ok(())
}

/// The copy into a table, and the word by which it may leave rows out.
pub(super) fn copy(file: &File<'_>, table: &str) -> Option<Option<&'static str>> {
    let names = file.outright.names_of(table);
    file.draft.script.statements.iter().find_map(|statement| match &statement.verb {
        Verb::Insert(insert) if insert.selects && names.contains(&schema::key(&insert.table.name)) => {
            Some(insert.narrows)
        }
        _ => None,
    })
}

/// Whether some statement says in so many words that it leaves rows out, at whatever depth: what comes out of a rebuild may
/// have gone through several.
pub(super) fn are_left_out(file: &File<'_>) -> bool {
    let outright = || NARROWING.iter().filter(|word| **word != "JOIN");
    let narrows = |statement: &Statement| {
        let mut tokens = token::significant(file.draft.statement(statement));
        tokens.any(|token| outright().any(|word| token.is_word(word)))
    };
    file.draft.script.statements.iter().any(|statement| match &statement.verb {
        Verb::Delete(_) => true,
        Verb::Insert(insert) => insert.selects && narrows(statement),
        Verb::CreateTable(_) => narrows(statement),
        _ => false,
    })
}

pub(super) fn compare_sequence(
    file: &mut File<'_>,
    conn: &Connection,
    rebuild: &Rebuild<'_>,
) -> rusqlite::Result<()> {
    let name = &rebuild.before.name;
    let now = highest(conn, name, &schema::create_text(conn, name)?)?;
    if now.zip(rebuild.before.highest).is_some_and(|(now, before)| now < before) {
        file.faults.add_hazard(
            rebuild.at.clone(),
            Rule::ResetsAutoincrement,
            format!(
                "{name} is rebuilt, and its AUTOINCREMENT would hand out ids again that its rows have had; copy the ids \
                 with the rows"
            ),
        );
    }
    Ok(())
}

/// The highest id that an AUTOINCREMENT table has handed out (<https://sqlite.org/autoinc.html>).
pub(super) fn highest(conn: &Connection, table: &str, create: &str) -> rusqlite::Result<Option<i64>> {
    if !token::significant(create).any(|token| token.is_word("autoincrement")) {
        return Ok(None);
    }
    let sql = format!(
        "SELECT max(coalesce((SELECT max(rowid) FROM main.{}), 0),
                    coalesce((SELECT CAST(seq AS INTEGER) FROM main.sqlite_sequence WHERE name = ?1 COLLATE NOCASE), 0))",
        quoted(table)
    );
    conn.query_row(&sql, [table], |row| row.get(0)).map(Some)
}
