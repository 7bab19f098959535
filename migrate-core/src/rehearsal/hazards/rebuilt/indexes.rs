//! `loses-index` and `loses-trigger`. An index is not lost where something else does what it did.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};

use super::Rebuild;
use crate::live::schema::{self, Index, key};
use crate::rehearsal::hazards::File;
use crate::sql::token;

/// The indexes of a table, with the text of those that CREATE INDEX made. A key that needs no index is one as well.
pub(super) fn read(conn: &Connection, table: &str) -> rusqlite::Result<Vec<Index>> {
    let mut indexes = schema::indexes(conn, table)?;
    for index in &mut indexes {
        let sql = "SELECT sql FROM main.sqlite_master WHERE type = 'index' AND name = ?1";
        index.create = conn.query_row(sql, [&index.name], |row| row.get(0)).optional()?.flatten();
    }
    // The rowid, or WITHOUT ROWID the table itself.
    let primary = schema::primary_key(conn, table)?;
    if !primary.is_empty() && !indexes.iter().any(|index| index.is_over(&primary)) {
        indexes.push(Index::of_key(primary));
    }
    Ok(indexes)
}

/// The indexes that did not survive. What stood on a column that went is not lost.
pub(super) fn lost<'b>(
    file: &File<'_>,
    conn: &Connection,
    rebuild: &Rebuild<'b>,
) -> rusqlite::Result<Vec<&'b str>> {
    let before = rebuild.before;
    let removed: BTreeSet<&String> =
        before.columns.iter().filter(|column| rebuild.now(column).is_none()).collect();
    let now = read(conn, &before.name)?;
    let lost = before.indexes.iter().filter(|index| {
        let Some(create) = &index.create else { return false };
        let gone_with_column = schema::words(create).iter().any(|word| removed.contains(word));
        let mut index = (*index).clone();
        for column in index.columns.iter_mut().flatten() {
            *column = rebuild.now(column).unwrap_or_else(|| key(column));
        }
        let is_there = now.iter().any(|other| {
            (other.name.eq_ignore_ascii_case(&index.name) && (other.unique || !index.unique))
                || same(&index, other)
        });
        let is_dropped = file.outright.dropped_indexes.contains(&key(&index.name));
        let is_replaced = is_searched(&index, &now) && is_unique(&index, &now);
        !(gone_with_column || is_there || is_replaced || is_dropped)
    });
    Ok(lost.map(|index| index.name.as_str()).collect())
}

/// Whether another index says the same, expressions and conditions included.
fn same(index: &Index, other: &Index) -> bool {
    let indexed = |index: &Index| index.create.as_deref().map(over);
    (other.unique || !index.unique) && index.create.is_some() && indexed(index) == indexed(other)
}

/// What an index is over: everything from the first parenthesis of its text on.
fn over(create: &str) -> Vec<String> {
    let tokens = token::significant(create).skip_while(|token| token.text != "(");
    tokens.map(|token| token.text.to_ascii_lowercase()).collect()
}

/// Whether another index finds rows as well: this one is the left part of it.
fn is_searched(index: &Index, now: &[Index]) -> bool {
    index.is_plain() && now.iter().any(|other| other.is_plain() && other.begins_with(index))
}

/// Whether something unique takes the place of a unique index: over the same columns, or fewer of them.
fn is_unique(index: &Index, now: &[Index]) -> bool {
    let is_part = |other: &Index| {
        other.columns.iter().all(|column| {
            column.as_ref().is_some_and(|column| {
                index.columns.iter().flatten().any(|mine| mine.eq_ignore_ascii_case(column))
            })
        })
    };
    !index.unique || now.iter().any(|other| other.unique && other.is_plain() && is_part(other))
}

/// The triggers that did not survive, by their names.
pub(super) fn lost_triggers<'b>(
    file: &File<'_>,
    conn: &Connection,
    rebuild: &Rebuild<'b>,
) -> rusqlite::Result<Vec<&'b str>> {
    let here = schema::triggers(conn, &rebuild.before.name)?;
    let anywhere = all_triggers(conn)?;
    let outright = &file.outright;
    let is_there = |trigger: &String| {
        here.contains_key(trigger)
            || (anywhere.contains(trigger) && outright.created_triggers.contains(trigger))
    };
    let before = rebuild.before.triggers.iter();
    let lost =
        before.filter(|(trigger, _)| !is_there(trigger) && !outright.dropped_triggers.contains(*trigger));
    Ok(lost.map(|(_, name)| name.as_str()).collect())
}

fn all_triggers(conn: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let mut statement = conn.prepare("SELECT name FROM main.sqlite_master WHERE type = 'trigger'")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|name| name.map(|name| key(&name))).collect()
}
