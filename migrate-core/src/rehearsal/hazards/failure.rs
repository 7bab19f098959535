//! `fails-with-rows`: a statement that runs on empty tables, and fails on filled ones.

use rusqlite::{Connection, ffi};

use super::{File, listed};
use crate::live::locate::{failure, message};
use crate::live::schema::{self, key};
use crate::model::rule::Rule;
use crate::rehearsal::stage::Refusal;
use crate::sql::script::Statement;
use crate::sql::verb::Verb;

/// `conn` is the database as it was before the file.
pub(super) fn report(file: &mut File<'_>, conn: &Connection, refusal: Refusal) {
    let Refusal { range, error, .. } = refusal;
    let statement = file.draft.script.statement_at(range.start);
    let (message, way_out) = (message(&error), way_out(&error, statement, file, conn));
    file.faults.add_hazard(
        range,
        Rule::FailsWithRows,
        format!("{message}, once there are rows: it runs on empty tables and fails on a user's; {way_out}"),
    );
}

/// What would work for rows that are there.
fn way_out(
    error: &rusqlite::Error,
    statement: Option<&Statement>,
    file: &File<'_>,
    conn: &Connection,
) -> String {
    let way_out = match failure(error).map(|failure| failure.extended_code) {
        Some(ffi::SQLITE_CONSTRAINT_NOTNULL) => "give that column a value in the existing rows first",
        Some(
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID,
        ) => "make the existing rows differ first",
        Some(ffi::SQLITE_CONSTRAINT_CHECK) => "make the existing rows satisfy it first",
        // RESTRICT fails as a trigger does. A deferred violation shows as late as at COMMIT.
        Some(ffi::SQLITE_CONSTRAINT_FOREIGNKEY | ffi::SQLITE_CONSTRAINT_TRIGGER) => {
            return reference_way_out(statement, file, conn);
        }
        _ => refused_column(&message(error)),
    };
    way_out.to_owned()
}

fn reference_way_out(statement: Option<&Statement>, file: &File<'_>, conn: &Connection) -> String {
    const OFF: &str = "to rebuild a table that others reference, write PRAGMA foreign_keys = OFF; before BEGIN and PRAGMA \
                       foreign_keys = ON; after COMMIT";
    let Some(statement) = statement else { return OFF.to_owned() };
    match &statement.verb {
        Verb::Drop { object, .. } => {
            // Where the file drops what references it as well, only the order is wrong.
            let later = file.draft.script.statements.iter().filter(|other| other.start > statement.start);
            let references = schema::all_foreign_keys(conn).unwrap_or_default();
            let refers = |table: &str| {
                references
                    .iter()
                    .any(|(child, to)| key(child) == key(table) && key(&to.parent) == key(&object.name))
            };
            let children: Vec<&str> = later
                .filter_map(|other| other.verb.dropped_table())
                .filter(|table| key(table) != key(&object.name) && refers(table))
                .collect();
            let recreated = file.draft.script.statements.iter().any(|other| match &other.verb {
                Verb::Rename { to, .. } => key(to) == key(&object.name),
                verb => verb.created_table().is_some_and(|table| key(table) == key(&object.name)),
            });
            match children.as_slice() {
                [] => OFF.to_owned(),
                _ if recreated => OFF.to_owned(),
                [only] => format!("drop {only} first, which references it"),
                children => format!("drop {} first, which reference it", listed(children)),
            }
        }
        Verb::Commit { .. } => OFF.to_owned(),
        Verb::Insert(_) => {
            "the rows that it references are not there; insert them first, or take what it references from existing rows"
                .to_owned()
        }
        _ => "change or delete the rows that reference these first".to_owned(),
    }
}

/// SQLite has no code for a column that it will not add to a table with rows.
fn refused_column(message: &str) -> &'static str {
    if message.starts_with("Cannot add a NOT NULL column") {
        "give the column a DEFAULT"
    } else if message.starts_with("Cannot add a column with non-constant default") {
        "add it with a constant default or none, and UPDATE the rows"
    } else if message.starts_with("Cannot add a REFERENCES column") {
        "add it without a default, and UPDATE the rows"
    } else if message.starts_with("cannot add a STORED column") {
        "make it VIRTUAL, or rebuild the table"
    } else {
        "make it work for the existing rows"
    }
}
