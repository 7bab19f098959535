//! What foreign keys say about a database: rows that point nowhere, and keys that are checked late.

use std::collections::BTreeMap;
use std::fmt;

use rusqlite::Connection;

use super::locate::is_generic;
use super::row::get;
use crate::sql::quote::quoted;
use crate::sql::token;

/// The violations of a database, counted per child and parent table.
#[derive(Default)]
pub(crate) struct Violations {
    rows: BTreeMap<(String, String), usize>,
}

/// Rows of a table that reference rows of another one that do not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) table: String,
    pub(crate) parent: String,
    /// How many rows more than before.
    pub(crate) rows: usize,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, parent, rows } = self;
        let plural = if *rows == 1 { "" } else { "s" };
        write!(
            f,
            "adds {rows} foreign-key violation{plural}: rows of {table} reference missing rows of {parent}"
        )
    }
}

impl Violations {
    /// Checks every table with <https://sqlite.org/pragma.html#pragma_foreign_key_check>, each on its own: a key that
    /// fits no unique column of its parent fails the check of its table. Such a key cannot be counted, and is tolerated
    /// as SQLite tolerates it while foreign keys are on.
    pub(crate) fn read(conn: &Connection) -> rusqlite::Result<Self> {
        let mut violations = Self::default();
        for table in children(conn)? {
            let mut rows = BTreeMap::new();
            match check(conn, &table, &mut rows) {
                Ok(()) => violations.rows.extend(rows),
                Err(error) if is_generic(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(violations)
    }

    /// The violations that were not there before.
    pub(crate) fn new_since<'a>(&'a self, before: &'a Self) -> impl Iterator<Item = Violation> + 'a {
        self.rows.iter().filter_map(|(key, &rows)| {
            let more = rows.saturating_sub(before.rows.get(key).copied().unwrap_or_default());
            let (table, parent) = key.clone();
            (more > 0).then_some(Violation { table, parent, rows: more })
        })
    }
}

fn check(
    conn: &Connection,
    table: &str,
    found: &mut BTreeMap<(String, String), usize>,
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(&format!("PRAGMA main.foreign_key_check({})", quoted(table)))?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        *found.entry((get(row, 0)?, get(row, 2)?)).or_default() += 1;
    }
    Ok(())
}

/// Every table with a foreign key.
fn children(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = conn.prepare("SELECT name FROM main.sqlite_master WHERE type = 'table'")?;
    let tables: Vec<String> = statement.query_map([], |row| get(row, 0))?.collect::<rusqlite::Result<_>>()?;
    let mut children = Vec::new();
    for table in tables {
        let keys = format!("PRAGMA main.foreign_key_list({})", quoted(&table));
        if conn.prepare(&keys)?.raw_query().next()?.is_some() {
            children.push(table);
        }
    }
    Ok(children)
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
