//! What does not come out of a rebuild. A table is rebuilt where its name stands before and after, and its storage is
//! another.

mod constraints;
mod indexes;
mod rows;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rusqlite::Connection;

use self::constraints::Constraints;
use super::{File, listed};
use crate::live::schema::{self, Index, key};
use crate::model::rule::Rule;
use crate::sql::verb::Verb;

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
    indexes: Vec<Index>,
    triggers: BTreeMap<String, String>,
    constraints: Constraints,
    /// The highest id, where the table is AUTOINCREMENT.
    highest: Option<i64>,
}

/// A table that was rebuilt: what it was, and what has become of it.
struct Rebuild<'b> {
    before: &'b Before,
    /// Where the old one went.
    at: Range<usize>,
    /// The columns that it has now.
    columns: BTreeSet<String>,
    /// What the file has renamed columns to.
    renamed: BTreeMap<String, String>,
}

impl Rebuild<'_> {
    /// What a column of the old table is called now, where it is still there.
    fn now(&self, column: &str) -> Option<String> {
        let column = key(column);
        let column = self.renamed.get(&column).cloned().unwrap_or(column);
        self.columns.contains(&column).then_some(column)
    }
}

impl Rebuilt {
    pub(super) fn begun(&mut self, file: &mut File<'_>, conn: &Connection) -> rusqlite::Result<()> {
        let roots = schema::roots(conn)?;
        file.outright.known = roots.keys().cloned().collect();
        for table in file.tables {
            let Some(&root) = roots.get(table) else { continue };
            let (name, create): (String, String) = conn.query_row(
                "SELECT name, sql FROM main.sqlite_master WHERE type = 'table' AND name = ?1 COLLATE NOCASE",
                [table],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            let columns = schema::columns(conn, &name)?.into_iter().map(|column| key(&column.name)).collect();
            let before = Before {
                rows: schema::count(conn, &name)?,
                triggers: schema::triggers(conn, &name)?,
                indexes: indexes::read(conn, &name)?,
                constraints: Constraints::read(conn, &name, &create)?,
                highest: rows::highest(conn, &name, &create)?,
                name,
                root,
                columns,
            };
            self.before.insert(table.clone(), before);
        }
        Ok(())
    }

    /// Compares every table that was rebuilt with what it was. `lost` are tables whose rows are accounted for.
    pub(super) fn committing(
        &mut self,
        file: &mut File<'_>,
        conn: &Connection,
        lost: &BTreeSet<String>,
    ) -> rusqlite::Result<()> {
        let before = std::mem::take(&mut self.before);
        for (table, is_kept) in rebuilt(&before, file, conn)? {
            let Some(before) = before.get(&table) else { continue };
            let rebuild = Rebuild {
                before,
                at: gone(file, &table),
                columns: schema::columns(conn, &table)?.into_iter().map(|column| key(&column.name)).collect(),
                renamed: renamed_columns(file),
            };
            if !file.without_rows {
                if !is_kept && !lost.contains(&table) {
                    rows::compare(file, conn, before, rebuild.at.clone(), "")?;
                }
                values::compare(file, conn, &rebuild)?;
                rows::compare_sequence(file, conn, &rebuild)?;
            }
            // Dropped and created anew without a copy, it is another table.
            if !is_copied(&table, file, conn)? {
                continue;
            }
            constraints::compare(file, conn, &rebuild)?;
            let lost = indexes::lost(file, conn, &rebuild)?;
            report_lost(file, &rebuild, Rule::LosesIndex, ["index", "indexes"], &lost);
            let lost = indexes::lost_triggers(file, conn, &rebuild)?;
            report_lost(file, &rebuild, Rule::LosesTrigger, ["trigger", "triggers"], &lost);
        }
        Ok(())
    }

    /// Looks only for rows that have not come out of a rebuild because a column of theirs is NULL.
    pub(super) fn committing_nulls(
        &mut self,
        file: &mut File<'_>,
        conn: &Connection,
    ) -> rusqlite::Result<()> {
        let before = std::mem::take(&mut self.before);
        // A join, and `OR IGNORE`, leave rows out by the way.
        if rows::are_left_out(file) {
            return Ok(());
        }
        for (table, is_kept) in rebuilt(&before, file, conn)? {
            let Some(before) = before.get(&table).filter(|_| !is_kept) else { continue };
            if rows::copy(file, &table).is_none() {
                continue;
            }
            rows::compare(file, conn, before, gone(file, &table), ", once a column is NULL that may be")?;
        }
        Ok(())
    }
}

/// Where a table went.
fn gone(file: &File<'_>, table: &str) -> Range<usize> {
    file.outright.gone.get(table).cloned().unwrap_or_else(|| file.commit())
}

/// The tables that were rebuilt, and whether the old one still stands under another name.
fn rebuilt(
    before: &BTreeMap<String, Before>,
    file: &File<'_>,
    conn: &Connection,
) -> rusqlite::Result<Vec<(String, bool)>> {
    let roots = schema::roots(conn)?;
    let names: BTreeMap<i64, &String> = roots.iter().map(|(name, root)| (*root, name)).collect();
    let outright = &file.outright;
    // A page that a dropped table leaves may be taken by a new one, so only tables that stayed are known by it.
    let stayed = |root: i64| {
        let is = |table: &Before| table.root == root && !outright.dropped_tables.contains(&key(&table.name));
        before.values().any(is)
    };
    let mut rebuilt = Vec::new();
    for (table, before) in before {
        let Some(root) = roots.get(table) else { continue };
        let is_same = *root == before.root && !outright.dropped_tables.contains(table);
        // Another table took the name: renamed, and not rebuilt. Where the old one still stands under another name,
        // no row is lost, and without a copied row it is no rebuild either.
        let took_the_name = *root != before.root && stayed(*root);
        let is_kept = names.get(&before.root).is_some_and(|now| {
            *now != table
                && !outright.dropped_tables.contains(table)
                && !outright.created_tables.contains(*now)
        });
        let is_new = is_kept && !is_copied(table, file, conn)?;
        if !is_same && !took_the_name && !is_new {
            rebuilt.push((table.clone(), is_kept));
        }
    }
    Ok(rebuilt)
}

/// Whether anything was copied into a table.
fn is_copied(table: &str, file: &File<'_>, conn: &Connection) -> rusqlite::Result<bool> {
    if !file.without_rows {
        return Ok(schema::count(conn, table)? > 0);
    }
    let names = file.outright.names_of(table);
    let copies = |verb: &Verb| verb.inserted_table().is_some_and(|into| names.contains(&key(into)));
    Ok(file.draft.script.statements.iter().any(|statement| copies(&statement.verb)))
}

/// What ALTER TABLE … RENAME COLUMN has renamed.
fn renamed_columns(file: &File<'_>) -> BTreeMap<String, String> {
    let renamed = file.draft.script.statements.iter().filter_map(|statement| match &statement.verb {
        Verb::RenameColumn { from, to, .. } => Some((key(from), key(to))),
        _ => None,
    });
    renamed.collect()
}

fn report_lost(
    file: &mut File<'_>,
    rebuild: &Rebuild<'_>,
    rule: Rule,
    [one, several]: [&str; 2],
    lost: &[&str],
) {
    if lost.is_empty() {
        return;
    }
    let (what, them) = if lost.len() == 1 { (one, "it") } else { (several, "them") };
    file.faults.add_hazard(
        rebuild.at.clone(),
        rule,
        format!(
            "{} is rebuilt, and loses its {what} {}; recreate {them} after the old table is dropped",
            rebuild.before.name,
            listed(lost)
        ),
    );
}
