//! Rows for any table, so that what only bites on real data bites at build time.
//!
//! Text is a number, JSON and a date at once ('10001' is a Julian day), so that ordinary data steps do not trip
//! over it. A table that cannot be filled is left empty, and says nothing.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, ffi, params_from_iter};

use super::catalog::{Catalog, Relation};
use crate::live::locate::failure;
use crate::live::schema::{self, Column, ForeignKey, key};
use crate::sql::quote::quoted;
use crate::sql::token::{self, TokenKind};

/// Two, where one would hide a loss: a copy that keeps one row for each value of something, say.
pub(super) const ROWS: usize = 2;

/// The first number of the first table's rows. Each table has its own, so that rows of two tables can be
/// brought together.
const FIRST: i64 = 10_001;

/// How many ways to please a CHECK constraint are tried.
const ATTEMPTS: usize = 400;

/// What was put into which table, by [`key`]: for each row its values by column.
pub(super) type Filled = BTreeMap<String, Vec<BTreeMap<String, Value>>>;

/// Fills tables with this many rows, those that they refer to first. Foreign keys must be off, since references may run in circles.
pub(super) fn fill(
    conn: &Connection,
    catalog: &Catalog,
    tables: &BTreeSet<String>,
    rows: usize,
) -> rusqlite::Result<Filled> {
    let mut filler = Filler { conn, catalog, rows, filled: Filled::new(), visited: BTreeSet::new() };
    for table in tables {
        filler.fill(table)?;
    }
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

struct Filler<'c> {
    conn: &'c Connection,
    catalog: &'c Catalog,
    rows: usize,
    filled: Filled,
    visited: BTreeSet<String>,
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
        let columns = schema::columns(self.conn, &name)?;
        let number = FIRST + i64::try_from(self.visited.len() * ROWS).unwrap_or_default();
        for row in 0..self.rows {
            let number = number + i64::try_from(row).unwrap_or_default();
            // A default is the value that an application's own rows are likely to have. One row can have it, however
            // unique it has to be; but it may be one that the table itself refuses.
            let mut made = None;
            for with_defaults in [row == 0, false] {
                let mut values: Vec<(String, Value)> = columns
                    .iter()
                    .filter(|column| !column.generated)
                    .filter(|column| !with_defaults || !takes_default(column, &keys))
                    .map(|column| (column.name.clone(), value(column, number)))
                    .collect();
                for foreign_key in &keys {
                    self.refer(&name, &columns, foreign_key, row, &mut values)?;
                }
                if self.insert(&name, &mut values, row)? {
                    made = Some(values);
                    break;
                }
            }
            let Some(values) = made else { break };
            let made = values.into_iter().map(|(column, value)| (key(&column), value)).collect();
            self.filled.entry(key(table)).or_default().push(made);
        }
        Ok(())
    }

    /// Points a row at one of its parent's.
    fn refer(
        &self,
        table: &str,
        columns: &[Column],
        foreign_key: &ForeignKey,
        row: usize,
        values: &mut [(String, Value)],
    ) -> rusqlite::Result<()> {
        let parent = &foreign_key.parent;
        let to_itself = parent.eq_ignore_ascii_case(table);
        let parent_columns;
        let parent_columns = if to_itself {
            columns
        } else {
            parent_columns = schema::columns(self.conn, parent)?;
            &parent_columns
        };
        let mut primary: Vec<&Column> =
            parent_columns.iter().filter(|column| column.primary_key > 0).collect();
        primary.sort_by_key(|column| column.primary_key);
        for (index, (from, to)) in foreign_key.columns.iter().enumerate() {
            let Some(to) = to.clone().or_else(|| primary.get(index).map(|column| column.name.clone())) else {
                continue;
            };
            let target = if to_itself && row == 0 {
                // The first row is a root, or refers to itself where it has to; the second refers to the first.
                let nullable = columns.iter().any(|column| {
                    column.name.eq_ignore_ascii_case(from) && !column.not_null && column.primary_key == 0
                });
                if nullable {
                    if let Some((_, value)) =
                        values.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(from))
                    {
                        *value = Value::Null;
                    }
                    continue;
                }
                values.iter().find(|(name, _)| name.eq_ignore_ascii_case(&to)).map(|(_, value)| value.clone())
            } else {
                self.parent_value(parent, &to, row, parent_columns)?
            };
            let place = values.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(from));
            if let (Some((_, value)), Some(target)) = (place, target) {
                *value = target;
            }
        }
        Ok(())
    }

    fn parent_value(
        &self,
        parent: &str,
        column: &str,
        row: usize,
        parent_columns: &[Column],
    ) -> rusqlite::Result<Option<Value>> {
        let made = self.filled.get(&key(parent)).and_then(|rows| rows.get(row).or_else(|| rows.last()));
        if let Some(value) = made.and_then(|row| row.get(&key(column))) {
            return Ok(Some(value.clone()));
        }
        let column_exists = parent_columns.iter().any(|other| other.name.eq_ignore_ascii_case(column));
        if !column_exists {
            return Ok(None);
        }
        // Filled by a migration, or in a circle of references still to be filled.
        let sql = format!("SELECT {} FROM main.{} LIMIT 1", quoted(column), quoted(parent));
        let mut statement = self.conn.prepare(&sql)?;
        let mut rows = statement.raw_query();
        rows.next()?.map(|row| row.get(0)).transpose()
    }

    /// Inserts a row, with other values where a constraint does not take these. `false` where nothing helps.
    fn insert(&self, table: &str, values: &mut [(String, Value)], row: usize) -> rusqlite::Result<bool> {
        let names: Vec<_> = values.iter().map(|(name, _)| quoted(name)).collect();
        let places: Vec<_> = (1..=values.len()).map(|place| format!("?{place}")).collect();
        let sql = if names.is_empty() {
            format!("INSERT INTO main.{} DEFAULT VALUES", quoted(table))
        } else {
            format!(
                "INSERT INTO main.{} ({}) VALUES ({})",
                quoted(table),
                names.join(", "),
                places.join(", ")
            )
        };
        let run = |values: &[(String, Value)]| {
            self.conn.prepare(&sql)?.execute(params_from_iter(values.iter().map(|(_, value)| value)))
        };
        // A trigger may refuse, or silently leave out, what the table itself takes; it may not even compile.
        let attempt = |values: &[(String, Value)]| match run(values) {
            Ok(1) => Ok(()),
            Ok(_) | Err(_) => without_triggers(self.conn, || run(values)).map(drop),
        };
        let Err(mut error) = attempt(values) else { return Ok(true) };
        if !is_choosy(&error) {
            return Ok(false);
        }
        let candidates = self.candidates(table, row)?;
        let mut attempts = 0;
        let mut seen = BTreeSet::new();
        // One constraint after the other: one that is content brings the next one's error.
        'next: while seen.insert(error.to_string()) {
            let words = schema::words(&error.to_string());
            let (named, others): (Vec<usize>, Vec<usize>) = (0..values.len())
                .partition(|index| values.get(*index).is_some_and(|(name, _)| words.contains(&key(name))));
            for index in if named.is_empty() { others } else { named } {
                let Some((_, original)) = values.get(index).cloned() else { continue };
                for candidate in &candidates {
                    attempts += 1;
                    if attempts > ATTEMPTS {
                        return Ok(false);
                    }
                    if let Some((_, value)) = values.get_mut(index) {
                        *value = candidate.clone();
                    }
                    match attempt(values) {
                        Ok(()) => return Ok(true),
                        Err(next) if is_choosy(&next) && !seen.contains(&next.to_string()) => {
                            error = next;
                            continue 'next;
                        }
                        Err(_) => {}
                    }
                }
                if let Some((_, value)) = values.get_mut(index) {
                    *value = original;
                }
            }
        }
        Ok(false)
    }

    /// Values that a CHECK constraint of the table may want: what its text holds, and the usual ones.
    fn candidates(&self, table: &str, row: usize) -> rusqlite::Result<Vec<Value>> {
        let digit = (2 + row).to_string();
        let sql: String = self.conn.query_row(
            "SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = ?1 COLLATE NOCASE",
            [table],
            |row| row.get(0),
        )?;
        let mut candidates = Vec::new();
        for token in token::significant(&sql) {
            match (token.kind, token.unquoted()) {
                (TokenKind::Text, Some(text)) => candidates.push(Value::Text(text)),
                (TokenKind::Number, Some(number)) => {
                    if let Ok(number) = number.parse::<i64>() {
                        candidates.extend([number, number + 1, number - 1].map(Value::Integer));
                        // As the length of something.
                        if (0..=64).contains(&number) {
                            candidates
                                .push(Value::Text(digit.repeat(usize::try_from(number).unwrap_or_default())));
                        }
                    } else if let Ok(number) = number.parse::<f64>() {
                        candidates.push(Value::Real(number));
                    }
                }
                _ => {}
            }
        }
        candidates.extend([Value::Integer(1), Value::Integer(0), Value::Null, Value::Integer(-1)]);
        candidates
            .extend(["{}", "[]", "", "a", "a@b.c", "2000-01-01"].map(|text| Value::Text(text.to_owned())));
        let mut seen: Vec<Value> = Vec::new();
        for candidate in candidates {
            if !seen.contains(&candidate) {
                seen.push(candidate);
            }
        }
        Ok(seen)
    }
}

/// Whether other values may please a constraint.
fn is_choosy(error: &rusqlite::Error) -> bool {
    let code = failure(error).map(|failure| failure.extended_code);
    matches!(
        code,
        Some(
            ffi::SQLITE_CONSTRAINT_CHECK
                | ffi::SQLITE_CONSTRAINT_UNIQUE
                | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                | ffi::SQLITE_CONSTRAINT_ROWID
        )
    )
}

/// Whether a column can be left to its default.
fn takes_default(column: &Column, keys: &[ForeignKey]) -> bool {
    let refers =
        || keys.iter().flat_map(|key| &key.columns).any(|(from, _)| from.eq_ignore_ascii_case(&column.name));
    let default = column.default.as_deref();
    default.is_some_and(|default| !default.eq_ignore_ascii_case("null"))
        && column.primary_key == 0
        && !refers()
}

/// A value for a column, by its declared type (<https://sqlite.org/datatype3.html#determination_of_column_affinity>).
fn value(column: &Column, number: i64) -> Value {
    let declared = column.declared.as_str();
    let has = |part: &str| declared.contains(part);
    if has("BOOL") || declared == "TINYINT(1)" {
        Value::Integer(number % 2)
    } else if has("INT") {
        Value::Integer(number)
    } else if has("DATE") || has("TIME") {
        // Midnight of 2000-01-01 and what follows it, a second each.
        let second = number.rem_euclid(60);
        Value::Text(format!("2000-01-01 00:{:02}:{second:02}", (number / 60).rem_euclid(60)))
    } else if has("CHAR")
        || has("CLOB")
        || has("TEXT")
        || has("JSON")
        || declared.is_empty()
        || declared == "ANY"
    {
        Value::Text(number.to_string())
    } else if has("BLOB") {
        Value::Blob(format!("{number:016}").into_bytes())
    } else if has("REAL") || has("FLOA") || has("DOUB") {
        Value::Real(f64::from(i32::try_from(number).unwrap_or_default()))
    } else {
        Value::Integer(number)
    }
}
