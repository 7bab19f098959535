//! `loses-rows`, `loses-index`, `loses-trigger` and `resets-autoincrement`: what does not come out of a rebuild.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rusqlite::{Connection, OptionalExtension};

use super::{File, listed};
use crate::live::schema::{self, Index, key};
use crate::model::rule::Rule;
use crate::sql::quote::quoted;
use crate::sql::token;

#[derive(Default)]
pub(super) struct Rebuilt {
    /// The tables as they were before the file, by [`key`].
    before: BTreeMap<String, Before>,
}

/// A table as it was before the file.
struct Before {
    name: String,
    root: i64,
    /// How many rows should be there at the end, as far as the file has not deleted any on purpose.
    rows: i64,
    columns: BTreeSet<String>,
    /// With their text, where CREATE INDEX made them.
    indexes: Vec<(Index, Option<String>)>,
    triggers: BTreeMap<String, String>,
    /// The highest id, where the table is AUTOINCREMENT.
    highest: Option<i64>,
}

impl Rebuilt {
    pub(super) fn begun(&mut self, file: &mut File<'_>, conn: &Connection) -> rusqlite::Result<()> {
        let roots = schema::roots(conn)?;
        file.outright.known = roots.keys().cloned().collect();
        for table in file.tables {
            let Some(&root) = roots.get(table) else { continue };
            let (name, sql): (String, String) = conn.query_row(
                "SELECT name, sql FROM main.sqlite_master WHERE type = 'table' AND name = ?1 COLLATE NOCASE",
                [table],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            let indexes = indexes_with_text(conn, &name)?;
            let columns = schema::columns(conn, &name)?.into_iter().map(|column| key(&column.name)).collect();
            let highest = is_autoincrement(&sql).then(|| highest_id(conn, &name)).transpose()?;
            let before = Before {
                rows: schema::count(conn, &name)?,
                triggers: schema::triggers(conn, &name)?,
                name,
                root,
                columns,
                indexes,
                highest,
            };
            self.before.insert(table.clone(), before);
        }
        Ok(())
    }

    /// Compares every table with what it was.
    pub(super) fn committing(
        &mut self,
        file: &mut File<'_>,
        conn: &Connection,
        lost: &BTreeSet<String>,
    ) -> rusqlite::Result<()> {
        let roots = schema::roots(conn)?;
        let names: BTreeMap<i64, &String> = roots.iter().map(|(name, root)| (*root, name)).collect();
        let before = std::mem::take(&mut self.before);
        // A page that a dropped table leaves may be taken by a new one, so only tables that stayed are known by it.
        let stayed = |root: i64| {
            before
                .values()
                .any(|table| table.root == root && !file.outright.dropped_tables.contains(&key(&table.name)))
        };
        let mut rebuilt = Vec::new();
        for (table, before) in &before {
            let Some(root) = roots.get(table) else { continue };
            let is_same = *root == before.root && !file.outright.dropped_tables.contains(table);
            // Another table took the name: renamed, and not rebuilt. Where the old one still stands under another name,
            // no row is lost, and without a copied row it is no rebuild either.
            let took_the_name = *root != before.root && stayed(*root);
            let is_kept = names.get(&before.root).is_some_and(|now| {
                *now != table
                    && !file.outright.dropped_tables.contains(table)
                    && !file.outright.created_tables.contains(*now)
            });
            let is_new = is_kept && schema::count(conn, table)? == 0;
            if !is_same && !took_the_name && !is_new {
                rebuilt.push((table.clone(), is_kept));
            }
        }
        for (table, is_kept) in rebuilt {
            let Some(before) = before.get(&table) else { continue };
            let at = file.outright.gone.get(&table).cloned().unwrap_or_else(|| file.commit());
            compare(file, conn, before, &at, is_kept || lost.contains(&table))?;
        }
        Ok(())
    }
}

/// Compares a table that was rebuilt with what it was. `at` is where the old one went.
fn compare(
    file: &mut File<'_>,
    conn: &Connection,
    before: &Before,
    at: &Range<usize>,
    rows_are_reported: bool,
) -> rusqlite::Result<()> {
    if !rows_are_reported {
        compare_rows(file, conn, before, at)?;
    }
    let lost = lost_indexes(file, conn, before)?;
    report_lost(file, before, at, Rule::LosesIndex, ["index", "indexes"], &lost);
    let lost = lost_triggers(file, conn, before)?;
    report_lost(file, before, at, Rule::LosesTrigger, ["trigger", "triggers"], &lost);
    compare_sequence(file, conn, before, at)
}

fn compare_rows(
    file: &mut File<'_>,
    conn: &Connection,
    before: &Before,
    at: &Range<usize>,
) -> rusqlite::Result<()> {
    let name = &before.name;
    let rows = schema::count(conn, name)?;
    if rows >= before.rows - file.outright.deleted(name) {
        return Ok(());
    }
    let left = if rows == 0 { "none".to_owned() } else { rows.to_string() };
    file.faults.add_hazard(
        at.clone(),
        Rule::LosesRows,
        format!(
            "{name} is rebuilt, and {left} of its {} rows come out of it; copy all of them with INSERT INTO … SELECT \
             before the old table is dropped",
            before.rows
        ),
    );
    Ok(())
}

/// The indexes that did not survive. What stood on a column that went, or came back under another name or as a
/// constraint, is not lost.
fn lost_indexes<'b>(
    file: &File<'_>,
    conn: &Connection,
    before: &'b Before,
) -> rusqlite::Result<Vec<&'b str>> {
    let name = &before.name;
    let columns: BTreeSet<String> =
        schema::columns(conn, name)?.into_iter().map(|column| key(&column.name)).collect();
    let removed: BTreeSet<&String> = before.columns.difference(&columns).collect();
    let indexes = indexes_with_text(conn, name)?;
    let mut lost: Vec<&str> = Vec::new();
    for (index, sql) in &before.indexes {
        let Some(sql) = sql else { continue };
        let gone_with_column = schema::words(sql).iter().any(|word| removed.contains(word));
        let alike = |(other, other_sql): &&(Index, Option<String>)| {
            let columns_tell = !index.partial && index.columns.iter().all(Option::is_some);
            other.columns == index.columns
                && other.partial == index.partial
                && (other.unique || !index.unique)
                && (columns_tell || other_sql.as_deref().map(indexed) == Some(indexed(sql)))
        };
        let alike_before = before.indexes.iter().filter(alike).count();
        let same_name = |(now, _): &(Index, Option<String>)| {
            now.name.eq_ignore_ascii_case(&index.name) && (now.unique || !index.unique)
        };
        let is_there = indexes.iter().any(same_name) || indexes.iter().filter(alike).count() >= alike_before;
        if !gone_with_column && !is_there && !file.outright.dropped_indexes.contains(&key(&index.name)) {
            lost.push(&index.name);
        }
    }
    Ok(lost)
}

fn lost_triggers<'b>(
    file: &File<'_>,
    conn: &Connection,
    before: &'b Before,
) -> rusqlite::Result<Vec<&'b str>> {
    let here = schema::triggers(conn, &before.name)?;
    let anywhere = all_triggers(conn)?;
    let outright = &file.outright;
    let is_there = |trigger: &String| {
        here.contains_key(trigger)
            || (anywhere.contains(trigger) && outright.created_triggers.contains(trigger))
    };
    let lost = before
        .triggers
        .iter()
        .filter(|(trigger, _)| !is_there(trigger) && !outright.dropped_triggers.contains(*trigger));
    Ok(lost.map(|(_, name)| name.as_str()).collect())
}

fn report_lost(
    file: &mut File<'_>,
    before: &Before,
    at: &Range<usize>,
    rule: Rule,
    [one, several]: [&str; 2],
    lost: &[&str],
) {
    if lost.is_empty() {
        return;
    }
    let (what, them) = if lost.len() == 1 { (one, "it") } else { (several, "them") };
    file.faults.add_hazard(
        at.clone(),
        rule,
        format!(
            "{} is rebuilt, and loses its {what} {}; recreate {them} after the old table is dropped",
            before.name,
            listed(lost)
        ),
    );
}

fn compare_sequence(
    file: &mut File<'_>,
    conn: &Connection,
    before: &Before,
    at: &Range<usize>,
) -> rusqlite::Result<()> {
    let Some(highest) = before.highest else { return Ok(()) };
    let name = &before.name;
    let sql: String = conn.query_row(
        "SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = ?1 COLLATE NOCASE",
        [name],
        |row| row.get(0),
    )?;
    if is_autoincrement(&sql) && highest_id(conn, name)? < highest {
        file.faults.add_hazard(
            at.clone(),
            Rule::ResetsAutoincrement,
            format!(
                "{name} is rebuilt, and its AUTOINCREMENT would hand out ids again that its rows have had; copy the ids \
                 with the rows"
            ),
        );
    }
    Ok(())
}

fn all_triggers(conn: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let mut statement = conn.prepare("SELECT name FROM main.sqlite_master WHERE type = 'trigger'")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|name| name.map(|name| key(&name))).collect()
}

/// The indexes of a table, with their text where CREATE INDEX made them.
fn indexes_with_text(conn: &Connection, table: &str) -> rusqlite::Result<Vec<(Index, Option<String>)>> {
    let mut indexes = Vec::new();
    for index in schema::indexes(conn, table)? {
        // A constraint's own index has no text, and a key WITHOUT ROWID no index.
        let sql = conn
            .query_row(
                "SELECT sql FROM main.sqlite_master WHERE type = 'index' AND name = ?1",
                [&index.name],
                |row| row.get(0),
            )
            .optional()?
            .flatten();
        indexes.push((index, sql));
    }
    Ok(indexes)
}

/// What an index is over: everything from the first parenthesis of its text on.
fn indexed(sql: &str) -> Vec<String> {
    let tokens = token::significant(sql).skip_while(|token| token.text != "(");
    tokens.map(|token| token.text.to_ascii_lowercase()).collect()
}

fn is_autoincrement(create: &str) -> bool {
    token::significant(create).any(|token| token.is_word("autoincrement"))
}

/// The highest id that an AUTOINCREMENT table has handed out (<https://sqlite.org/autoinc.html>).
fn highest_id(conn: &Connection, table: &str) -> rusqlite::Result<i64> {
    let sql = format!(
        "SELECT max(coalesce((SELECT max(rowid) FROM main.{}), 0),
                    coalesce((SELECT seq FROM main.sqlite_sequence WHERE name = ?1 COLLATE NOCASE), 0))",
        quoted(table)
    );
    conn.query_row(&sql, [table], |row| row.get(0))
}
