//! What foreign keys say about a database: rows that point nowhere, and keys that are checked late.

use std::fmt;

use rusqlite::Connection;

use super::locate::is_generic;
use super::row::{self, Answer, get};
use crate::sql::quote::quoted;
use crate::sql::token;

/// The violations of a database, counted per child and parent table.
#[derive(Default)]
pub(crate) struct Violations {
    rows: Vec<Violation>,
}

/// Rows of a table that reference rows of another one that do not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) table: String,
    pub(crate) parent: String,
    /// How many there are, or how many more than before.
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
    pub(crate) fn read(conn: &Connection) -> Answer<Self> {
        let mut violations = Self::default();
        for table in children(conn)? {
            let known = violations.rows.len();
            match violations.check(conn, &table) {
                Ok(()) => {}
                Err(error) if is_generic(&error) => violations.rows.truncate(known),
                Err(error) => return Err(error),
            }
        }
        Ok(violations)
    }

    fn check(&mut self, conn: &Connection, table: &str) -> Answer<()> {
        let sql = format!("PRAGMA main.foreign_key_check({})", quoted(table));
        row::ask(conn, &sql, &[], &mut |row| {
            let (table, parent): (String, String) = (get(row, 0)?, get(row, 2)?);
            match self.rows.iter_mut().find(|known| known.is_of(&table, &parent)) {
                Some(known) => known.rows += 1,
                None => self.rows.push(Violation { table, parent, rows: 1 }),
            }
            Ok(true)
        })
    }

    /// The violations that were not there before.
    pub(crate) fn new_since<'a>(&'a self, before: &'a Self) -> impl Iterator<Item = Violation> + 'a {
        self.rows.iter().filter_map(|Violation { table, parent, rows }| {
            let known = before.rows.iter().find(|known| known.is_of(table, parent));
            let rows = rows.saturating_sub(known.map_or(0, |known| known.rows));
            (rows > 0).then(|| Violation { table: table.clone(), parent: parent.clone(), rows })
        })
    }
}

impl Violation {
    /// Each name comes as some CREATE TABLE spells it, and a rebuild may do so in another case.
    fn is_of(&self, table: &str, parent: &str) -> bool {
        self.table.eq_ignore_ascii_case(table) && self.parent.eq_ignore_ascii_case(parent)
    }
}

/// Every table that may have a foreign key. To ask SQLite about each table would take longer than all the rest where there
/// are many, and a check of one without a key costs nothing.
fn children(conn: &Connection) -> Answer<Vec<String>> {
    let sql = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND instr(upper(sql), 'REFERENCES')";
    let mut children = Vec::new();
    row::ask(conn, sql, &[], &mut |row| {
        children.push(get(row, 0)?);
        Ok(true)
    })?;
    Ok(children)
}

/// Whether any table has a key that is checked only at COMMIT. No PRAGMA tells, so the text is asked.
pub(crate) fn any_deferred(conn: &Connection) -> Answer<bool> {
    let sql = "SELECT sql FROM main.sqlite_master WHERE type = 'table' AND instr(upper(sql), 'DEFERRED')";
    let mut deferred = false;
    row::ask(conn, sql, &[], &mut |row| {
        deferred = defers(&get::<String>(row, 0)?);
        Ok(!deferred)
    })?;
    Ok(deferred)
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
