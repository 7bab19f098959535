//! `loses-values`: a column stands in a table before and after its rebuild, and none of its values come out, because no
//! statement of the file writes it, or because `SELECT *` feeds columns in another order.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use rusqlite::types::Value;

use super::Rebuild;
use crate::live::schema::{self, key};
use crate::model::rule::Rule;
use crate::rehearsal::hazards::{File, listed};
use crate::sql::quote::quoted;
use crate::sql::token;
use crate::sql::verb::Verb;

pub(super) fn compare(file: &mut File<'_>, conn: &Connection, rebuild: &Rebuild<'_>) -> rusqlite::Result<()> {
    let name = &rebuild.before.name;
    let Some(filled) = file.filled.get(&key(name)).filter(|rows| !rows.is_empty()) else { return Ok(()) };
    if schema::count(conn, name)? == 0 {
        return Ok(());
    }
    let written = Written::read(file, name);
    let now = columns(conn, name)?;
    let described = schema::columns(conn, name)?.into_iter().filter(|column| column.default.is_some());
    let defaults: BTreeSet<String> = described.map(|column| key(&column.name)).collect();
    let create = schema::create_text(conn, name)?;
    let is_checked = token::significant(&create).any(|token| token.is_word("check"));
    let mut lost = Vec::new();
    let mut swapped = Vec::new();
    for (column, values) in &now {
        // Ids of AUTOINCREMENT that do not come out are reported as that. A column that is renamed is another one to every
        // copy.
        let is_sequence = rebuild.before.highest.is_some() && rebuild.before.constraints.is_key(column);
        if is_sequence
            || !rebuild.before.columns.contains(column)
            || rebuild.renamed.values().any(|to| to == column)
        {
            continue;
        }
        let before: BTreeSet<String> =
            filled.iter().filter_map(|row| row.get(column)).filter_map(shown).collect();
        let is_written = written.columns.contains(column) || written.all || written.star;
        // What a copy leaves to a default has it in every row, also where it is a value that some rows had. Others are gone,
        // or would be in a user's rows, unless a CHECK knows of one value only.
        let is_left = written.inserts
            && !is_written
            && defaults.contains(column)
            && values.len() == 1
            && (!is_checked || before.iter().any(|value| !values.contains(value)));
        if !is_left && (before.is_empty() || values.iter().any(|value| before.contains(value))) {
            continue;
        }
        if written.star {
            // Whatever else the star does, the values of another column stand here.
            let others = filled.iter().flatten().filter(|(other, _)| *other != column);
            if others.filter_map(|(_, value)| shown(value)).any(|value| values.contains(&value)) {
                swapped.push(column.clone());
                continue;
            }
        }
        // What a star feeds is reported above.
        if !is_written {
            lost.push(column.clone());
        }
    }
    report(file, rebuild, &lost, &swapped);
    Ok(())
}

fn report(file: &mut File<'_>, rebuild: &Rebuild<'_>, lost: &[String], swapped: &[String]) {
    let name = &rebuild.before.name;
    if !swapped.is_empty() {
        file.faults.add_hazard(
            rebuild.at.clone(),
            Rule::LosesValues,
            format!(
                "{name} is rebuilt, and SELECT * puts the values of other columns into {}, as the columns stand in \
                 another order; name the columns in INSERT INTO and in SELECT",
                listed(swapped)
            ),
        );
    }
    if !lost.is_empty() {
        file.faults.add_hazard(
            rebuild.at.clone(),
            Rule::LosesValues,
            format!(
                "{name} is rebuilt, and none of the values of {} come out of it, since nothing copies them; add {} to the \
                 columns of INSERT INTO … SELECT",
                listed(lost),
                if lost.len() == 1 { "it" } else { "them" }
            ),
        );
    }
}

/// What the statements of a file write to a table under any of its names.
#[derive(Default)]
struct Written {
    /// Columns that they name as their targets.
    columns: BTreeSet<String>,
    /// One of them adds rows.
    inserts: bool,
    /// One of them means every column, each by a value of its own.
    all: bool,
    /// One of them is fed by `SELECT *`.
    star: bool,
}

impl Written {
    fn read(file: &File<'_>, table: &str) -> Self {
        let names = file.outright.names_of(table);
        let mut written = Self::default();
        for statement in &file.draft.script.statements {
            match &statement.verb {
                Verb::Insert(insert) if names.contains(&key(&insert.table.name)) => {
                    written.inserts = true;
                    written.star |= insert.selects_star;
                    match &insert.columns {
                        Some(columns) => written.columns.extend(columns.iter().map(|column| key(column))),
                        None => written.all |= !insert.selects_star,
                    }
                }
                Verb::Update(update) if names.contains(&key(&update.table.name)) => {
                    written.columns.extend(update.columns.iter().map(|column| key(column)));
                }
                _ => {}
            }
        }
        written
    }
}

/// The values of each column of a table, as they are shown.
fn columns(conn: &Connection, table: &str) -> rusqlite::Result<BTreeMap<String, BTreeSet<String>>> {
    let names: Vec<String> = schema::columns(conn, table)?
        .into_iter()
        .filter(|column| !column.generated)
        .map(|column| column.name)
        .collect();
    let list: Vec<_> = names.iter().map(|name| quoted(name)).collect();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut statement = conn.prepare(&format!("SELECT {} FROM main.{}", list.join(", "), quoted(table)))?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        for (index, name) in names.iter().enumerate() {
            let value: Value = row.get(index)?;
            found.entry(key(name)).or_default().extend(shown(&value));
        }
    }
    Ok(found)
}

/// A value whatever type a column has given it; nothing for NULL.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Integer(number) => Some(number.to_string()),
        Value::Real(number) => Some(number.to_string()),
        Value::Text(text) => Some(text.clone()),
        Value::Blob(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
    }
}
