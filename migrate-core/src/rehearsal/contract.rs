//! What a file owes to the others, as its run on empty tables shows: exactly one row for itself in the tracking
//! table, nothing temporary left behind, and with foreign keys off no new violation.

use std::ops::Range;

use rusqlite::{Connection, ErrorCode};

use super::observer::Touched;
use super::stage::{self, Stage, Watch};
use crate::check::Draft;
use crate::live::foreign_keys::Violations;
use crate::live::history;
use crate::live::locate::message;
use crate::model::name;
use crate::model::problem::Rule;
use crate::sql::quote::quoted;
use crate::sql::record;
use crate::sql::script::{Fault, Statement};
use crate::sql::token;

/// What the files so far have left.
#[derive(Default)]
pub(super) struct Ledger {
    /// The tracking table, while it can be read.
    pub(super) table: Option<String>,
    /// The digits of the first version.
    width: usize,
    /// The rows of the tracking table.
    recorded: Vec<(String, String)>,
    /// As they were after the last file, if it ran with foreign keys off.
    violations: Option<Violations>,
}

impl Ledger {
    pub(super) fn new(table: Option<String>, width: usize) -> Self {
        Self { table, width, ..Self::default() }
    }
}

/// One file, held against the contract.
pub(super) struct Contract<'l, 'd> {
    ledger: &'l mut Ledger,
    draft: &'d Draft<'d>,
    /// A rule has spoken about statements that did not run, so that what is missing says nothing.
    doubtful: bool,
    pub(super) faults: Vec<Fault>,
    /// The first statement that writes to the tracking table.
    record: Option<Range<usize>>,
    /// How many rows its statements have added to the tracking table.
    added: u64,
    /// The record was found wanting already.
    misrecorded: bool,
    /// What is temporary, and the statement that made it.
    temporary: Vec<(Temporary, Range<usize>)>,
    before: Option<Violations>,
    /// What all of its statements touch.
    pub(super) touched: Touched,
    /// Drops or renames something.
    pub(super) restructures: bool,
}

/// Kind and name of an object of the temporary schema.
type Temporary = (String, String);

impl<'l, 'd> Contract<'l, 'd> {
    pub(super) fn new(ledger: &'l mut Ledger, draft: &'d Draft<'d>, doubtful: bool) -> Self {
        Self {
            ledger,
            draft,
            doubtful,
            faults: Vec::new(),
            record: None,
            added: 0,
            misrecorded: false,
            temporary: Vec::new(),
            before: None,
            touched: Touched::default(),
            restructures: false,
        }
    }

    /// Whether a temporary object took the place of one of the database's, so that what follows is doubtful.
    pub(super) fn hides(&self) -> bool {
        self.faults.iter().any(|fault| fault.rule == Rule::LeftoverTemp && fault.message.contains("hides"))
    }

    fn fault(&mut self, range: Range<usize>, rule: Rule, message: impl Into<String>) {
        self.faults.push(Fault::new(range, rule, message));
    }

    fn text(&self, statement: &Statement) -> &'d str {
        statement.text(&self.draft.text)
    }

    fn checks_foreign_keys(&self) -> bool {
        self.draft.transaction.as_ref().is_some_and(|transaction| !transaction.settings.foreign_keys)
    }

    /// The record of another migration collides with that one. Tried again on an empty table, it shows itself.
    fn explain_collision(&self, stage: &Stage, statement: &Statement) -> rusqlite::Result<Option<Fault>> {
        let Some(table) = self.ledger.table.as_deref().map(quoted) else { return Ok(None) };
        // `OR ROLLBACK` has ended the transaction, and with it the file.
        if stage.conn.is_autocommit() {
            return Ok(None);
        }
        stage.conn.execute_batch(&format!("SAVEPOINT record; DELETE FROM main.{table}"))?;
        let rows = match stage::run(&stage.conn, self.text(statement)) {
            Ok(()) => rows(&stage.conn, &table)?,
            Err(_) => Vec::new(),
        };
        stage.conn.execute_batch("ROLLBACK TO record; RELEASE record")?;
        let [(version, name)] = rows.as_slice() else { return Ok(None) };
        let own = self.draft.name();
        Ok(Some(if own.is_some_and(|own| own.version == version && own.name == name) {
            let message = "the file records itself twice; leave one of the two out";
            Fault::new(statement.first.clone(), Rule::NotRecorded, message)
        } else {
            self.wrong_record(statement, version, name)
        }))
    }

    fn wrong_record(&self, statement: &Statement, version: &str, name: &str) -> Fault {
        let (own_version, own_name) = self.draft.name().map_or(("", ""), |own| (own.version, own.name));
        let wrong = if version == own_version { name } else { version };
        let value = token::significant(self.text(statement)).find(|token| {
            matches!(token.kind, token::Kind::Text | token::Kind::Number)
                && token.unquoted().is_some_and(|value| value == wrong)
        });
        let start = statement.first.start;
        let range = value.map_or(statement.first.clone(), |value| start + value.start..start + value.end());
        if (version, name) == (own_version, own_name) {
            let message =
                "the file records its version or name as something else than text; write both in '…'";
            return Fault::new(statement.first.clone(), Rule::WrongRecord, message);
        }
        let quote = |value: &str| if value == "NULL" { value.to_owned() } else { format!("'{value}'") };
        Fault::new(
            range,
            Rule::WrongRecord,
            format!(
                "the file records ({}, {}), and its own name says ('{own_version}', '{own_name}')",
                quote(version),
                quote(name)
            ),
        )
    }

    /// Exactly one new row, the file's own. Leaves the table as it should be, so that the next file is judged on
    /// its own merits.
    fn check_record(&mut self, stage: &Stage, commit: Range<usize>) -> rusqlite::Result<()> {
        let conn = &stage.conn;
        let (Some(table), Some(own)) = (self.ledger.table.clone(), self.draft.name()) else { return Ok(()) };
        if self.draft.number == 0
            && let Some(fault) = self.bootstrap_fault(conn, &table)?
        {
            self.faults.push(fault);
            self.ledger.table = None;
            return Ok(());
        }
        // The usual case costs one look; all rows are read only to tell what is wrong.
        let name = match history::recorded_name(conn, &quoted(&table), own.version) {
            Ok(name) => name,
            Err(error) => {
                if !self.misrecorded && !self.doubtful {
                    let told = message(&error);
                    self.fault(
                        commit,
                        Rule::NotRecorded,
                        format!("after this file the tracking table cannot be read ({told}); it must stay as it is"),
                    );
                }
                self.ledger.table = None;
                return Ok(());
            }
        };
        if self.added == 1 && !self.misrecorded && name.as_deref() == Some(own.name) {
            self.ledger.recorded.push((own.version.to_owned(), own.name.to_owned()));
            return Ok(());
        }
        let is_own = name.as_deref() == Some(own.name);
        let now = rows(conn, &quoted(&table))?;
        let new: Vec<_> = now.into_iter().filter(|row| !self.ledger.recorded.contains(row)).collect();
        if let [(version, name)] = new.as_slice()
            && (version.as_str(), name.as_str()) == (own.version, own.name)
            && is_own
        {
            self.ledger.recorded.extend(new);
            return Ok(());
        }
        self.put_right(conn, &table, &new)?;
        // The width is a problem of its own, and decides what would be right here.
        if self.misrecorded || self.doubtful || own.version != name::padded(own.number, self.ledger.width) {
            return Ok(());
        }
        let plain = table.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        let shown = if plain { table.clone() } else { quoted(&table) };
        let record =
            format!("INSERT INTO {shown} (version, name) VALUES ('{}', '{}');", own.version, own.name);
        let statement = self
            .record
            .as_ref()
            .and_then(|at| self.draft.script.statements.iter().find(|statement| statement.first == *at));
        match (new.as_slice(), statement) {
            ([(version, name)], Some(statement)) => {
                let fault = self.wrong_record(statement, version, name);
                self.faults.push(fault);
            }
            ([], _) => self.fault(
                commit,
                Rule::NotRecorded,
                format!(
                    "the file does not record itself, so it would run again; before COMMIT write {record}"
                ),
            ),
            (rows, statement) => self.fault(
                statement.map_or(commit, |statement| statement.first.clone()),
                Rule::NotRecorded,
                format!(
                    "the file adds {} rows to {shown}; the one that belongs there is {record}",
                    rows.len()
                ),
            ),
        }
        Ok(())
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
        self.ledger.recorded = rows(conn, &table)?;
        Ok(())
    }

    /// The tracking table has a version that is its primary key, and a name, both text.
    fn bootstrap_fault(&self, conn: &Connection, table: &str) -> rusqlite::Result<Option<Fault>> {
        let statements = || self.draft.script.statements.iter();
        let is = |name: &str| name.eq_ignore_ascii_case(table);
        let created = statements()
            .find(|statement| record::created_table(self.text(statement)).is_some_and(|name| is(&name)));
        let range = created.map_or(0..0, |statement| statement.first.clone());
        let mut statement = conn.prepare(&format!("PRAGMA main.table_info({})", quoted(table)))?;
        let columns: Vec<(String, i64)> = statement
            .query_map([], |row| Ok((row.get(1)?, row.get(5)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let keyed = columns.iter().all(|(column, key)| (*key > 0) == column.eq_ignore_ascii_case("version"));
        let has = |name: &str| columns.iter().any(|(column, _)| column.eq_ignore_ascii_case(name));
        let what = if !keyed || !has("version") || !has("name") {
            "needs the columns version, as its primary key, and name"
        } else if !self.holds_text(conn, table)? {
            "must keep version and name as text"
        } else {
            return Ok(None);
        };
        Ok(Some(Fault::new(
            range,
            Rule::MissingBootstrap,
            format!(
                "the tracking table {table} {what}: (version TEXT PRIMARY KEY, name TEXT NOT NULL, applied_at \
                 TEXT NOT NULL DEFAULT (datetime('now')))"
            ),
        )))
    }

    /// Without the affinity of TEXT, a column may make '000' the number 0.
    fn holds_text(&self, conn: &Connection, table: &str) -> rusqlite::Result<bool> {
        let sql = format!(
            "SELECT NOT EXISTS (SELECT 1 FROM main.{} WHERE typeof(version) <> 'text' OR typeof(name) NOT IN ('text', 'null'))",
            quoted(table)
        );
        conn.query_row(&sql, [], |row| row.get(0))
    }

    /// What was made temporary by this statement, and whether it takes the place of something.
    fn watch_temporary(&mut self, stage: &Stage, statement: &Statement) -> rusqlite::Result<()> {
        for object in temporary(&stage.conn)? {
            if !self.temporary.iter().any(|(known, _)| *known == object) {
                self.temporary.push((object, statement.first.clone()));
            }
        }
        Ok(())
    }

    fn check_hidden(&mut self, stage: &Stage, statement: &Statement) -> rusqlite::Result<()> {
        if self.hides() {
            return Ok(());
        }
        let mut query = stage.conn.prepare(
            "SELECT m.type, m.name FROM temp.sqlite_master t JOIN main.sqlite_master m ON lower(m.name) = lower(t.name)
             WHERE t.type IN ('table', 'view') AND m.type IN ('table', 'view')",
        )?;
        let mut rows = query.raw_query();
        if let Some(row) = rows.next()? {
            let (kind, name): (String, String) = (row.get(0)?, row.get(1)?);
            self.fault(
                statement.first.clone(),
                Rule::LeftoverTemp,
                format!(
                    "a temporary table or view hides the {kind} {name} of the database; give it another name"
                ),
            );
        }
        Ok(())
    }

    fn check_temporary(&mut self, stage: &Stage) -> rusqlite::Result<()> {
        if self.temporary.is_empty() {
            return Ok(());
        }
        let left = temporary(&stage.conn)?;
        let hides = self.hides();
        for (object, at) in std::mem::take(&mut self.temporary) {
            // One that hides another is told already.
            if left.contains(&object) && !hides {
                let (kind, name) = &object;
                self.fault(
                    at,
                    Rule::LeftoverTemp,
                    format!("the temporary {kind} {name} is still there at COMMIT; drop it before"),
                );
            }
        }
        for (kind, name) in left {
            // A trigger goes with its table, and is no longer there when its turn comes.
            stage.conn.execute_batch(&format!("DROP {kind} IF EXISTS temp.{}", quoted(&name)))?;
        }
        Ok(())
    }
}

impl Watch for Contract<'_, '_> {
    fn begun(&mut self, stage: &Stage) -> rusqlite::Result<()> {
        if self.checks_foreign_keys() {
            self.before = Some(match self.ledger.violations.take() {
                Some(violations) => violations,
                None => Violations::read(&stage.conn)?,
            });
        }
        self.ledger.violations = None;
        Ok(())
    }

    fn after(&mut self, stage: &Stage, statement: &Statement, touched: &Touched) -> rusqlite::Result<()> {
        self.touched.extend(touched);
        self.restructures |= touched.drops || (touched.alters && !adds_column(self.text(statement)));
        if touched.records {
            self.added += stage.conn.changes();
        }
        if touched.records && self.record.is_none() {
            self.record = Some(statement.first.clone());
        }
        let forgives = || {
            // Hardly any record needs the closer look.
            let text = self.text(statement).to_ascii_lowercase();
            ["conflict", "ignore", "replace"].iter().any(|word| text.contains(word))
                && record::insert(&text).is_some_and(|insert| insert.conflict_clause)
        };
        if touched.records && forgives() {
            self.misrecorded = true;
            self.fault(
                statement.first.clone(),
                Rule::NotRecorded,
                "a record that may replace another, or be left out, can be applied twice; write a plain INSERT INTO",
            );
        } else if touched.meddles {
            self.misrecorded = true;
            self.fault(
                statement.first.clone(),
                Rule::NotRecorded,
                "this touches other rows of the tracking table than the file's own; a migration adds one row to it, \
                 and nothing else",
            );
        }
        if touched.temporary {
            self.watch_temporary(stage, statement)?;
        }
        if touched.temporary || (touched.creates && !self.temporary.is_empty()) {
            self.check_hidden(stage, statement)?;
        }
        Ok(())
    }

    fn refused(
        &mut self,
        stage: &Stage,
        statement: &Statement,
        touched: &Touched,
        error: &rusqlite::Error,
    ) -> rusqlite::Result<bool> {
        if !touched.records || error.sqlite_error_code() != Some(ErrorCode::ConstraintViolation) {
            return Ok(false);
        }
        let Some(fault) = self.explain_collision(stage, statement)? else { return Ok(false) };
        self.misrecorded = true;
        self.faults.push(fault);
        Ok(true)
    }

    fn committing(&mut self, stage: &Stage, commit: Option<&Statement>) -> rusqlite::Result<()> {
        self.check_temporary(stage)?;
        let end = self.draft.text.len();
        let commit = commit.map_or(end..end, |commit| commit.first.clone());
        self.check_record(stage, commit.clone())?;
        if let Some(before) = self.before.take() {
            let after = Violations::read(&stage.conn)?;
            if let Some(cause) = after.new_since(&before).next() {
                let message = format!("{cause}; the runner would refuse it before this COMMIT");
                let fault = Fault::new(commit, Rule::ForeignKeyViolation, message);
                self.faults.push(Fault { certain: true, ..fault });
            }
            self.ledger.violations = Some(after);
        }
        Ok(())
    }
}

/// `ALTER TABLE … ADD`, after which everything is still called what it was.
fn adds_column(statement: &str) -> bool {
    token::significant(statement).any(|token| token.is_word("add"))
}

/// The rows of the tracking table, as messages show them. `table` is quoted.
fn rows(conn: &Connection, table: &str) -> rusqlite::Result<Vec<(String, String)>> {
    let mut statement = conn.prepare(&format!("SELECT version, name FROM main.{table}"))?;
    let rows = statement
        .query_map([], |row| Ok((history::shown(row.get_ref(0)?), history::shown(row.get_ref(1)?))))?;
    rows.collect()
}

/// What is in the temporary schema, indexes apart: they go with their tables.
fn temporary(conn: &Connection) -> rusqlite::Result<Vec<Temporary>> {
    let mut statement =
        conn.prepare("SELECT type, name FROM temp.sqlite_master WHERE type IN ('table', 'view', 'trigger')")?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
