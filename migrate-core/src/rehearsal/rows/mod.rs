//! Rows for any table, so that what only bites on real data bites at build time.
//!
//! No two values are the same: each column of each row has a number of its own. A table that cannot be filled is left
//! empty, and says nothing.

mod candidates;
mod insert;
mod others;
mod value;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::types::Value;

use self::insert::Inserter;
pub(super) use self::insert::Recipes;
use self::value::value;
use super::catalog::{Catalog, Relation};
use crate::live::schema::{self, Column, ForeignKey, key};
use crate::sql::quote::quoted;

/// The number of the first value.
const FIRST: i64 = 10_001;

/// What is put into each table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    One,
    /// Where one would hide a loss: a copy that keeps one row for each value of something, say.
    Two,
    /// A row, and a second one in which every column is NULL that may be.
    WithNulls,
    /// A row, and copies of it that differ only where two rows must. `some`: also rows for an index that may hold only some of
    /// them, with the defaults, or with NULL somewhere.
    WithDuplicates {
        some: bool,
    },
}

/// What was put into which table, by [`key`]: for each row its values by column, those left to a default apart.
pub(super) type Filled = BTreeMap<String, Vec<BTreeMap<String, Value>>>;

/// Fills tables, those that they reference first. Foreign keys must be off or deferred, since references may run in
/// circles.
pub(super) fn fill(
    conn: &Connection,
    catalog: &Catalog,
    recipes: &mut Recipes,
    tables: &BTreeSet<String>,
    rows: Rows,
) -> rusqlite::Result<Filled> {
    let mut filler = Filler {
        conn,
        catalog,
        recipes,
        rows,
        filled: Filled::new(),
        visited: BTreeSet::new(),
        next: FIRST,
        open: Vec::new(),
    };
    for table in tables {
        filler.fill(table)?;
    }
    filler.close_circles()?;
    Ok(filler.filled)
}

/// Empties a table, whatever its triggers say to that.
pub(super) fn empty(conn: &Connection, table: &str, triggers: bool) -> rusqlite::Result<()> {
    let sql = format!("DELETE FROM main.{}", quoted(table));
    let emptied = conn.execute(&sql, []);
    // Its triggers had their turn, as they may keep another table, such as a search index, in step.
    if triggers && (emptied.is_err() || schema::count(conn, table)? > 0) {
        without_triggers(conn, || conn.execute(&sql, []))?;
        return Ok(());
    }
    emptied.map(drop)
}

pub(super) fn without_triggers<T>(
    conn: &Connection,
    work: impl FnOnce() -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    let result = work();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true)?;
    result
}

/// The values of a row, by column.
type Row = Vec<(String, Value)>;

struct Filler<'c> {
    conn: &'c Connection,
    catalog: &'c Catalog,
    recipes: &'c mut Recipes,
    rows: Rows,
    filled: Filled,
    visited: BTreeSet<String>,
    /// The number of the next value.
    next: i64,
    /// References to a table that had no row yet, as it references this one in turn.
    open: Vec<(String, ForeignKey)>,
}

/// What a table is like, as far as its rows depend on it.
struct Table {
    name: String,
    columns: Vec<Column>,
    keys: Vec<ForeignKey>,
}

impl Filler<'_> {
    fn fill(&mut self, table: &str) -> rusqlite::Result<()> {
        let Some(entry) = self.catalog.get(table).filter(|entry| entry.kind == Relation::Table) else {
            return Ok(());
        };
        if !self.visited.insert(key(table)) {
            return Ok(());
        }
        let (name, parents) = (entry.name.clone(), entry.parents.clone());
        for parent in &parents {
            self.fill(parent)?;
        }
        let keys = if parents.is_empty() { Vec::new() } else { schema::foreign_keys(self.conn, &name)? };
        let mut columns = schema::columns(self.conn, &name)?;
        columns.retain(|column| !column.generated);
        for foreign_key in &keys {
            let parent = key(&foreign_key.parent);
            if parent != key(&name) && self.visited.contains(&parent) && !self.filled.contains_key(&parent) {
                self.open.push((name.clone(), foreign_key.clone()));
            }
        }
        let table = Table { name, columns, keys };
        match self.rows {
            Rows::One => self.fill_distinct(&table, 1),
            Rows::Two => self.fill_distinct(&table, 2),
            Rows::WithNulls => self.fill_with_nulls(&table),
            Rows::WithDuplicates { some } => self.fill_with_duplicates(&table, some),
        }
    }

    fn fill_distinct(&mut self, table: &Table, rows: usize) -> rusqlite::Result<()> {
        let mut inserter = Inserter::new(self.conn, table)?;
        for row in 0..rows {
            // A default is the value that an application's own rows are likely to have. One row can have it, however
            // unique it has to be; but it may be one that the table itself refuses.
            let mut made = None;
            for with_defaults in [row == 0, false] {
                let mut values = self.values(table, row)?;
                if with_defaults {
                    let is_left = |name: &str| {
                        table
                            .columns
                            .iter()
                            .any(|column| column.name == name && takes_default(column, &table.keys))
                    };
                    values.retain(|(name, _)| !is_left(name));
                }
                if inserter.insert(&mut values, row, self.recipes)? {
                    made = Some(values);
                    break;
                }
            }
            let Some(values) = made else { break };
            self.keep(table, values);
        }
        Ok(())
    }

    /// Remembers a row that was made.
    fn keep(&mut self, table: &Table, values: Row) {
        let made = values.into_iter().map(|(column, value)| (key(&column), value)).collect();
        self.filled.entry(key(&table.name)).or_default().push(made);
    }

    /// A value for every column of a row.
    fn values(&mut self, table: &Table, row: usize) -> rusqlite::Result<Row> {
        let mut values = Row::with_capacity(table.columns.len());
        for column in &table.columns {
            values.push((column.name.clone(), value(column, self.number())));
        }
        for foreign_key in &table.keys {
            self.refer(table, foreign_key, row, &mut values)?;
        }
        Ok(values)
    }

    fn number(&mut self) -> i64 {
        self.next += 1;
        self.next - 1
    }

    /// Points a row at one of its parent's.
    fn refer(
        &self,
        table: &Table,
        foreign_key: &ForeignKey,
        row: usize,
        values: &mut [(String, Value)],
    ) -> rusqlite::Result<()> {
        let to_itself = foreign_key.parent.eq_ignore_ascii_case(&table.name);
        for (from, to) in schema::references(self.conn, foreign_key)? {
            let target = if to_itself && row == 0 {
                // The first row is a root, or refers to itself where it has to; the second refers to the first.
                let nullable = table.columns.iter().any(|column| {
                    column.name.eq_ignore_ascii_case(&from) && !column.not_null && column.primary_key == 0
                });
                if nullable { Some(Value::Null) } else { value_of(values, &to).cloned() }
            } else {
                self.parent_value(&foreign_key.parent, &to, row)?
            };
            let place = values.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(&from));
            if let (Some((_, value)), Some(target)) = (place, target) {
                *value = target;
            }
        }
        Ok(())
    }

    fn parent_value(&self, parent: &str, column: &str, row: usize) -> rusqlite::Result<Option<Value>> {
        let rows = self.filled.get(&key(parent)).map(Vec::as_slice).unwrap_or_default();
        let of_row = |row: &BTreeMap<String, Value>| row.get(&key(column)).cloned();
        let made = rows.get(row).or_else(|| rows.last()).and_then(of_row);
        // Nothing can refer to a NULL.
        let made = if made == Some(Value::Null) { rows.first().and_then(of_row) } else { made };
        if made.is_some() {
            return Ok(made);
        }
        // Filled by a migration, left to a default, or in a circle of references still to be filled.
        let sql = format!("SELECT {} FROM main.{} LIMIT 1", quoted(column), quoted(parent));
        let Ok(mut statement) = self.conn.prepare(&sql) else { return Ok(None) };
        let mut rows = statement.raw_query();
        rows.next()?.map(|row| row.get(0)).transpose()
    }

    /// Points the rows of tables that reference each other in a circle at rows that are there by now.
    fn close_circles(&mut self) -> rusqlite::Result<()> {
        for (child, foreign_key) in std::mem::take(&mut self.open) {
            let references = schema::references(self.conn, &foreign_key)?;
            let count = self.filled.get(&key(&child)).map_or(0, Vec::len);
            for row in 0..count {
                for (from, to) in &references {
                    let Some(target) = self.parent_value(&foreign_key.parent, to, row)? else { continue };
                    let Some(made) = self.filled.get_mut(&key(&child)).and_then(|rows| rows.get_mut(row))
                    else {
                        continue;
                    };
                    let before = made.get(&key(from)).cloned().unwrap_or(Value::Null);
                    let (child, from_column) = (quoted(&child), quoted(from));
                    let sql = format!("UPDATE main.{child} SET {from_column} = ?1 WHERE {from_column} IS ?2");
                    // One that a constraint refuses stays as it is, and the table says less.
                    let changed = without_triggers(self.conn, || self.conn.execute(&sql, (&target, &before)));
                    if changed.is_ok() {
                        made.insert(key(from), target);
                    }
                }
            }
        }
        Ok(())
    }
}

fn value_of<'v>(values: &'v [(String, Value)], column: &str) -> Option<&'v Value> {
    values.iter().find(|(name, _)| name.eq_ignore_ascii_case(column)).map(|(_, value)| value)
}

/// Whether a column can be left to its default.
fn takes_default(column: &Column, keys: &[ForeignKey]) -> bool {
    let refers =
        || keys.iter().flat_map(|key| &key.columns).any(|(from, _)| from.eq_ignore_ascii_case(&column.name));
    let default = column.default.as_deref();
    // An empty string is what a column gets that was added later, and seldom what an application writes.
    default.is_some_and(|default| !default.eq_ignore_ascii_case("null") && default != "''")
        && column.primary_key == 0
        && !refers()
}
