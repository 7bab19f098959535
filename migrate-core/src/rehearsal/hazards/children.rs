//! `deletes-child-rows`: dropping a table with foreign keys on deletes or nulls the rows of tables that reference it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rusqlite::Connection;

use super::{File, listed};
use crate::live::schema::{self, key};
use crate::model::rule::Rule;
use crate::sql::quote::quoted;
use crate::sql::script::Statement;
use crate::sql::verb::Verb;

#[derive(Default)]
pub(super) struct Children {
    /// While a DROP TABLE runs: what stood in the tables that reference it.
    counted: BTreeMap<String, Child>,
    lost: Vec<LostChild>,
}

/// Rows of a table that references another, and how many of them do by each column.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Child {
    rows: i64,
    references: BTreeMap<String, i64>,
}

/// A table that has lost rows or references.
struct LostChild {
    /// What it is called now.
    name: String,
    parent: String,
    deleted: i64,
    nulled: Vec<String>,
    /// As it was.
    before: Child,
    range: Range<usize>,
}

impl Children {
    pub(super) fn before(
        &mut self,
        file: &File<'_>,
        conn: &Connection,
        statement: &Statement,
    ) -> rusqlite::Result<()> {
        if let Some(parent) = statement.verb.dropped_table().filter(|_| file.foreign_keys_on()) {
            self.counted = count(conn, parent)?;
        }
        Ok(())
    }

    pub(super) fn after(&mut self, conn: &Connection, statement: &Statement) -> rusqlite::Result<()> {
        match &statement.verb {
            Verb::Rename { table, to } => {
                for child in self.lost.iter_mut().filter(|child| key(&child.name) == key(&table.name)) {
                    child.name.clone_from(to);
                }
            }
            verb => {
                if let Some(parent) = verb.dropped_table().filter(|_| !self.counted.is_empty()) {
                    self.compare(conn, parent, &statement.first)?;
                }
            }
        }
        Ok(())
    }

    fn compare(&mut self, conn: &Connection, parent: &str, range: &Range<usize>) -> rusqlite::Result<()> {
        let roots = schema::roots(conn)?;
        for (name, before) in std::mem::take(&mut self.counted) {
            if !roots.contains_key(&key(&name)) {
                continue;
            }
            let rows = schema::count(conn, &name)?;
            let deleted = before.rows - rows;
            let mut nulled = Vec::new();
            for (column, references) in &before.references {
                let sql = format!("SELECT count({}) FROM main.{}", quoted(column), quoted(&name));
                let now: i64 = conn.query_row(&sql, [], |row| row.get(0))?;
                if deleted <= 0 && now < *references {
                    nulled.push(column.clone());
                }
            }
            if deleted > 0 || !nulled.is_empty() {
                self.lost.push(LostChild {
                    name,
                    parent: parent.to_owned(),
                    deleted,
                    nulled,
                    before,
                    range: range.clone(),
                });
            }
        }
        Ok(())
    }

    /// Reports the children that are still there at the end and have not been given back what they lost.
    pub(super) fn committing(
        &mut self,
        file: &mut File<'_>,
        conn: &Connection,
    ) -> rusqlite::Result<BTreeSet<String>> {
        let roots = schema::roots(conn)?;
        let mut lost = BTreeSet::new();
        let mut drops: BTreeMap<(usize, String), Drop> = BTreeMap::new();
        for child in std::mem::take(&mut self.lost) {
            let name = &child.name;
            if !roots.contains_key(&key(name)) {
                continue;
            }
            let given_back = child.deleted > 0 && schema::count(conn, name)? >= child.before.rows;
            if given_back {
                continue;
            }
            lost.insert(key(name));
            let drop = drops.entry((child.range.start, child.parent)).or_insert_with(|| Drop {
                range: child.range,
                deletes: Vec::new(),
                nulls: Vec::new(),
            });
            if child.deleted > 0 {
                drop.deletes.push(child.name);
            } else {
                drop.nulls.push(format!("{} of {name}", listed(&child.nulled)));
            }
        }
        for ((_, parent), Drop { range, deletes, nulls }) in drops {
            let deletes = (!deletes.is_empty()).then(|| format!("deletes rows of {}", listed(&deletes)));
            let nulls = (!nulls.is_empty()).then(|| format!("sets {} to NULL", listed(&nulls)));
            let what: Vec<String> = deletes.into_iter().chain(nulls).collect();
            file.faults.add_hazard(
                range,
                Rule::DeletesChildRows,
                format!(
                    "with foreign keys on, dropping {parent} {}; write PRAGMA foreign_keys = OFF; before BEGIN and PRAGMA \
                     foreign_keys = ON; after COMMIT",
                    what.join(", and ")
                ),
            );
        }
        Ok(lost)
    }
}

/// What one DROP TABLE does to tables that reference it.
struct Drop {
    range: Range<usize>,
    deletes: Vec<String>,
    nulls: Vec<String>,
}

/// Counts what references, directly or through others, a table that is about to be dropped.
fn count(conn: &Connection, parent: &str) -> rusqlite::Result<BTreeMap<String, Child>> {
    let keys = schema::all_foreign_keys(conn)?;
    let mut found: BTreeMap<String, Child> = BTreeMap::new();
    let mut open = vec![key(parent)];
    while let Some(parent) = open.pop() {
        for (child, foreign_key) in &keys {
            if key(&foreign_key.parent) != parent || key(child) == parent {
                continue;
            }
            if !found.contains_key(child) {
                let rows = schema::count(conn, child)?;
                found.insert(child.clone(), Child { rows, references: BTreeMap::new() });
                open.push(key(child));
            }
            let Some(entry) = found.get_mut(child) else { continue };
            for (column, _) in &foreign_key.columns {
                let sql = format!("SELECT count({}) FROM main.{}", quoted(column), quoted(child));
                let references = conn.query_row(&sql, [], |row| row.get(0))?;
                entry.references.insert(column.clone(), references);
            }
        }
    }
    Ok(found)
}
