//! The record of a file: exactly one new row in the tracking table, with its own version and name.

use std::ops::Range;

use rusqlite::{Connection, ErrorCode};

use super::Contract;
use crate::live::history;
use crate::live::locate::message;
use crate::model::numbering::FIRST;
use crate::model::rule::Rule;
use crate::rehearsal::observer::Touched;
use crate::rehearsal::stage::{self, Stage};
use crate::rehearsal::trust::Trust;
use crate::sql::quote::quoted;
use crate::sql::script::Statement;
use crate::sql::token::{self, TokenKind};
use crate::sql::verb::Verb;

/// What a file has done to the tracking table so far.
#[derive(Default)]
pub(super) struct Record {
    /// The first statement that writes to it.
    statement: Option<Range<usize>>,
    /// How many rows its statements have added.
    added: u64,
    /// It was found wanting already.
    is_reported: bool,
}

impl Contract<'_, '_> {
    /// Takes note of a statement that has run.
    pub(super) fn after_record(&mut self, stage: &Stage, statement: &Statement, touched: &Touched) {
        let first = || statement.first.clone();
        if touched.records {
            self.record.added += stage.conn.changes();
            self.record.statement.get_or_insert_with(first);
            self.record.is_reported |= self.is_faulty(statement);
        }
        if touched.records && matches!(&statement.verb, Verb::Insert(insert) if insert.forgives) {
            self.record.is_reported = true;
            self.faults.add(
                first(),
                Rule::NotRecorded,
                "a record that may replace another, or be left out, can be applied twice; write a plain INSERT INTO",
            );
        } else if touched.meddles {
            self.record.is_reported = true;
            self.faults.add(
                first(),
                Rule::NotRecorded,
                "this touches rows of the tracking table other than the file's own; a migration adds one row to it and \
                 nothing else",
            );
        }
    }

    /// Whether a refused statement was the record of another migration, which collides with that one.
    pub(super) fn refused_record(
        &mut self,
        stage: &Stage,
        statement: &Statement,
        touched: &Touched,
        error: &rusqlite::Error,
    ) -> rusqlite::Result<bool> {
        if touched.records && self.is_faulty(statement) {
            self.record.is_reported = true;
            return Ok(false);
        }
        if !touched.records || error.sqlite_error_code() != Some(ErrorCode::ConstraintViolation) {
            return Ok(false);
        }
        let Some(table) = self.so_far.table.as_deref().map(quoted) else { return Ok(false) };
        // `OR ROLLBACK` has ended the transaction, and with it the file.
        if stage.conn.is_autocommit() {
            return Ok(false);
        }
        // Tried again on an empty table, it shows itself.
        stage.conn.execute_batch(&format!("SAVEPOINT record; DELETE FROM main.{table}"))?;
        let rows = match stage::run(&stage.conn, self.text(statement)) {
            Ok(()) => rows(&stage.conn, &table)?,
            Err(_) => Vec::new(),
        };
        stage.conn.execute_batch("ROLLBACK TO record; RELEASE record")?;
        let [(version, name)] = rows.as_slice() else { return Ok(false) };
        let own = self.draft.name();
        if own.is_some_and(|own| own.version == version && own.name == name) {
            let message = "the file records itself twice; remove one of the two";
            self.faults.add(statement.first.clone(), Rule::NotRecorded, message);
        } else {
            self.wrong_record(statement, version, name);
        }
        self.record.is_reported = true;
        Ok(true)
    }

    /// Whether a pure rule has something against a statement.
    fn is_faulty(&self, statement: &Statement) -> bool {
        let range = statement.range();
        self.draft.faults.iter().any(|fault| fault.is_within(&range))
    }

    fn wrong_record(&mut self, statement: &Statement, version: &str, name: &str) {
        let (own_version, own_name) = self.draft.name().map_or(("", ""), |own| (own.version, own.name));
        let wrong = if version == own_version { name } else { version };
        if (version, name) == (own_version, own_name) {
            let message =
                "the file records its version or name as something other than text; write both in '…'";
            return self.faults.add(statement.first.clone(), Rule::WrongRecord, message);
        }
        let value = token::significant(self.text(statement)).find(|token| {
            matches!(token.kind, TokenKind::Text | TokenKind::Number)
                && token.unquoted().is_some_and(|value| value == wrong)
        });
        let start = statement.first.start;
        let range = value.map_or(statement.first.clone(), |value| start + value.start..start + value.end());
        let quote = |value: &str| if value == "NULL" { value.to_owned() } else { format!("'{value}'") };
        self.faults.add(
            range,
            Rule::WrongRecord,
            format!(
                "the file records ({}, {}), but its own name says ('{own_version}', '{own_name}')",
                quote(version),
                quote(name)
            ),
        );
    }

    /// Exactly one new row, the file's own. Leaves the table as it should be, so that the next file is judged on
    /// its own merits.
    pub(super) fn check_record(&mut self, stage: &Stage, commit: Range<usize>) -> rusqlite::Result<()> {
        let conn = &stage.conn;
        let (Some(table), Some(own)) = (self.so_far.table.clone(), self.draft.name()) else { return Ok(()) };
        // Without a transaction, what the file lacks is told already.
        let is_silent =
            self.record.is_reported || self.trust == Trust::Lost || self.draft.transaction.is_none();
        if self.draft.number == FIRST && self.is_no_tracking_table(conn, &table)? {
            self.lose_table();
            return Ok(());
        }
        // The usual case costs one look; all rows are read only to tell what is wrong.
        let name = match history::recorded_name(conn, &quoted(&table), own.version) {
            Ok(name) => name,
            Err(error) => {
                if !is_silent {
                    let message = format!(
                        "after this file the tracking table cannot be read ({}); it must stay as it is",
                        message(&error)
                    );
                    self.faults.add(commit, Rule::NotRecorded, message);
                }
                self.lose_table();
                return Ok(());
            }
        };
        let is_own = name.as_deref() == Some(own.name);
        if self.record.added == 1 && !self.record.is_reported && is_own {
            self.so_far.recorded.push((own.version.to_owned(), own.name.to_owned()));
            return Ok(());
        }
        let now = rows(conn, &quoted(&table))?;
        let new: Vec<_> = now.into_iter().filter(|row| !self.so_far.recorded.contains(row)).collect();
        if let [(version, name)] = new.as_slice()
            && (version.as_str(), name.as_str()) == (own.version, own.name)
            && is_own
        {
            self.so_far.recorded.extend(new);
            return Ok(());
        }
        self.put_right(conn, &table, &new)?;
        // The width is a problem of its own, and decides what would be right here.
        if !is_silent && own.version == self.so_far.numbering.version(own.number) {
            self.report_record(&table, &new, commit);
        }
        Ok(())
    }

    /// Says what is wrong with the rows that a file has added.
    fn report_record(&mut self, table: &str, new: &[(String, String)], commit: Range<usize>) {
        let Some(own) = self.draft.name() else { return };
        let plain = table.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        let shown = if plain { table.to_owned() } else { quoted(table) };
        let record =
            format!("INSERT INTO {shown} (version, name) VALUES ('{}', '{}');", own.version, own.name);
        let at = self.record.statement.clone();
        let mut statements = self.draft.script.statements.iter();
        let statement = at.and_then(|at| statements.find(|statement| statement.first == at));
        match (new, statement) {
            ([(version, name)], Some(statement)) => self.wrong_record(statement, version, name),
            ([], _) => self.faults.add(
                commit,
                Rule::NotRecorded,
                format!(
                    "the file does not record itself, so it would run again; before COMMIT write {record}"
                ),
            ),
            (rows, statement) => self.faults.add(
                statement.map_or(commit, |statement| statement.first.clone()),
                Rule::NotRecorded,
                format!("the file adds {} rows to {shown}; it must add only {record}", rows.len()),
            ),
        }
    }

    /// Replaces what a file has recorded by what it should have.
    fn put_right(
        &mut self,
        conn: &Connection,
        table: &str,
        new: &[(String, String)],
    ) -> rusqlite::Result<()> {
        let Some(own) = self.draft.name() else { return Ok(()) };
        let table = quoted(table);
        for (index, (version, _)) in new.iter().enumerate() {
            // Other columns may allow no row that we could make, so one of the file's is kept and renamed.
            let changed = if index == 0 {
                let sql =
                    format!("UPDATE OR IGNORE main.{table} SET version = ?2, name = ?3 WHERE version = ?1");
                conn.execute(&sql, [version.as_str(), own.version, own.name])
            } else {
                conn.execute(&format!("DELETE FROM main.{table} WHERE version = ?1"), [version])
            };
            changed?;
        }
        self.so_far.recorded = rows(conn, &table)?;
        Ok(())
    }

    /// A tracking table that is not what it should be is reported; every later file would stumble over it.
    fn lose_table(&mut self) {
        self.so_far.table = None;
        self.trust = Trust::Lost;
    }

    /// The tracking table must have a version that is its primary key, and a name, both text.
    fn is_no_tracking_table(&mut self, conn: &Connection, table: &str) -> rusqlite::Result<bool> {
        let mut statements = self.draft.script.statements.iter();
        let created = statements.find(|statement| {
            statement.verb.created_table().is_some_and(|name| name.eq_ignore_ascii_case(table))
        });
        let range = created.map_or(0..0, |statement| statement.first.clone());
        let mut statement = conn.prepare(&format!("PRAGMA main.table_info({})", quoted(table)))?;
        let columns: Vec<(String, i64)> = statement
            .query_map([], |row| Ok((row.get(1)?, row.get(5)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let keyed = columns.iter().all(|(column, key)| (*key > 0) == column.eq_ignore_ascii_case("version"));
        let has = |name: &str| columns.iter().any(|(column, _)| column.eq_ignore_ascii_case(name));
        let what = if !keyed || !has("version") || !has("name") {
            "needs the columns version, as its primary key, and name"
        } else if !holds_text(conn, table)? {
            "must keep version and name as text"
        } else {
            return Ok(false);
        };
        self.faults.add(
            range,
            Rule::MissingBootstrap,
            format!(
                "the tracking table {table} {what}: (version TEXT PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT \
                 NULL DEFAULT (datetime('now')))"
            ),
        );
        Ok(true)
    }
}

/// Without the affinity of TEXT, a column may make '000' the number 0.
fn holds_text(conn: &Connection, table: &str) -> rusqlite::Result<bool> {
    let sql = format!(
        "SELECT NOT EXISTS (SELECT 1 FROM main.{} WHERE typeof(version) <> 'text' OR typeof(name) NOT IN ('text', 'null'))",
        quoted(table)
    );
    conn.query_row(&sql, [], |row| row.get(0))
}

/// The rows of the tracking table, as messages show them. `table` is quoted.
pub(super) fn rows(conn: &Connection, table: &str) -> rusqlite::Result<Vec<(String, String)>> {
    let mut statement =
        conn.prepare(&format!("SELECT CAST(version AS TEXT), CAST(name AS TEXT) FROM main.{table}"))?;
    let rows = statement
        .query_map([], |row| Ok((history::shown(row.get_ref(0)?), history::shown(row.get_ref(1)?))))?;
    rows.collect()
}
