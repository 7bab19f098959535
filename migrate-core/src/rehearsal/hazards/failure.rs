//! `fails-with-rows`: a statement that runs on empty tables, and fails on filled ones.

use rusqlite::ffi;

use super::File;
use crate::live::locate::{failure, message};
use crate::model::rule::Rule;
use crate::rehearsal::stage::Refusal;
use crate::sql::verb::Verb;

pub(super) fn report(file: &mut File<'_>, refusal: Refusal) {
    let Refusal { range, error } = refusal;
    let statement = file.draft.script.statements.iter().find(|statement| statement.end > range.start);
    let verb = statement.map(|statement| &statement.verb);
    let (message, way_out) = (message(&error), way_out(&error, verb));
    file.faults.add_hazard(
        range,
        Rule::FailsWithRows,
        format!("{message}, once there are rows: it runs on empty tables and fails on a user's; {way_out}"),
    );
}

/// What would work for rows that are there.
fn way_out(error: &rusqlite::Error, verb: Option<&Verb>) -> &'static str {
    match failure(error).map(|failure| failure.extended_code) {
        Some(ffi::SQLITE_CONSTRAINT_NOTNULL) => "give that column a value in the existing rows first",
        Some(
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID,
        ) => "make the existing rows differ first",
        Some(ffi::SQLITE_CONSTRAINT_CHECK) => "make the existing rows satisfy it first",
        // RESTRICT fails as a trigger does. A deferred violation shows as late as at COMMIT.
        Some(ffi::SQLITE_CONSTRAINT_FOREIGNKEY | ffi::SQLITE_CONSTRAINT_TRIGGER) => match verb {
            Some(Verb::Commit { .. } | Verb::Drop { .. }) => {
                "to rebuild a table that others reference, write PRAGMA foreign_keys = OFF; before BEGIN and PRAGMA \
                 foreign_keys = ON; after COMMIT"
            }
            _ => "change or delete the rows that reference these first",
        },
        _ => refused_column(&message(error)),
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
