//! What foreign keys say about a database: rows that point nowhere, and keys that are checked late.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::live::row::get;
use crate::run::error::Cause;
use crate::sql::quote::quoted;
use crate::sql::token;

/// The violations of a database, counted per child and parent table.
#[derive(Default)]
pub(crate) struct Violations {
    rows: BTreeMap<(String, String), usize>,
    /// Child tables with a key that fits no unique index of its parent: SQLite refuses to check them.
    mismatched: BTreeMap<String, String>,
}

impl Violations {
    /// Checks every table with <https://sqlite.org/pragma.html#pragma_foreign_key_check>, each on its own:
    /// one mismatched key would fail the check of all.
    pub(crate) fn read(conn: &Connection) -> rusqlite::Result<Self> {
        let mut violations = Self::default();
        for (table, parents) in keys(conn)? {
            let sql = format!("PRAGMA main.foreign_key_check({})", quoted(&table));
            match check(conn, &sql, &mut violations.rows) {
                Ok(()) => {}
                Err(error) if error.to_string().contains("foreign key mismatch") => {
                    violations.mismatched.insert(table, parents);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(violations)
    }

    /// The violations that were not there before.
    pub(crate) fn new_since<'a>(&'a self, before: &'a Self) -> impl Iterator<Item = Cause> + 'a {
        let mismatched =
            self.mismatched.iter().filter(|(table, _)| !before.mismatched.contains_key(*table)).map(
                |(table, parent)| Cause::ForeignKeys {
                    table: table.clone(),
                    parent: parent.clone(),
                    rows: None,
                },
            );
        let dangling = self.rows.iter().filter_map(|(key, &rows)| {
            let more = rows.saturating_sub(before.rows.get(key).copied().unwrap_or_default());
            let (table, parent) = key.clone();
            (more > 0).then_some(Cause::ForeignKeys { table, parent, rows: Some(more) })
        });
        mismatched.chain(dangling)
    }
}

fn check(
    conn: &Connection,
    sql: &str,
    found: &mut BTreeMap<(String, String), usize>,
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        *found.entry((get(row, 0)?, get(row, 2)?)).or_default() += 1;
    }
    Ok(())
}

/// Every table with a foreign key, and the tables that it refers to.
fn keys(conn: &Connection) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut statement = conn.prepare("SELECT name FROM main.sqlite_master WHERE type = 'table'")?;
    let tables: Vec<String> = statement.query_map([], |row| get(row, 0))?.collect::<rusqlite::Result<_>>()?;
    let mut keys = BTreeMap::new();
    for table in tables {
        let mut statement = conn.prepare(&format!("PRAGMA main.foreign_key_list({})", quoted(&table)))?;
        let parents: BTreeSet<String> =
            statement.query_map([], |row| get(row, 2))?.collect::<rusqlite::Result<_>>()?;
        if !parents.is_empty() {
            keys.insert(table, parents.into_iter().collect::<Vec<_>>().join(", "));
        }
    }
    Ok(keys)
}

/// Whether any table has a key that is checked only at COMMIT. No PRAGMA tells, so the text is asked.
pub(crate) fn any_deferred(conn: &Connection) -> rusqlite::Result<bool> {
    let mut statement = conn.prepare(
        "SELECT sql FROM main.sqlite_master WHERE type = 'table' AND instr(upper(sql), 'DEFERRED')",
    )?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let sql: String = get(row, 0)?;
        if defers(&sql) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a table's text says INITIALLY DEFERRED, comments and strings apart.
fn defers(sql: &str) -> bool {
    let mut initially = false;
    token::significant(sql).any(|token| {
        let deferred = initially && token.is_word("deferred");
        initially = token.is_word("initially");
        deferred
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_deferred_where_the_text_says_so() {
        for (sql, deferred) in [
            ("CREATE TABLE t (a REFERENCES p DEFERRABLE INITIALLY DEFERRED)", true),
            ("CREATE TABLE t (a REFERENCES p deferrable initially /* so */ deferred)", true),
            ("CREATE TABLE t (a REFERENCES p)", false),
            ("CREATE TABLE t (a REFERENCES p DEFERRABLE)", false),
            ("CREATE TABLE t (a REFERENCES p DEFERRABLE INITIALLY IMMEDIATE)", false),
            ("CREATE TABLE t (a DEFAULT 'INITIALLY DEFERRED' REFERENCES p)", false),
            ("CREATE TABLE t (a REFERENCES p -- INITIALLY DEFERRED\n)", false),
            ("CREATE TABLE deferred (initially, deferred)", false),
        ] {
            assert_eq!(defers(sql), deferred, "{sql}");
        }
    }
}
