//! The history, run in order on a SQLite in memory while the program compiles.
//!
//! What is checked is what SQLite does. Each migration runs as the runner will run it: the same statements,
//! the same settings, committed before the next. After the first `sql-error` the rehearsal stops, since what
//! follows would be its echo.

mod observer;
mod stand_ins;

use std::ops::Range;

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::{Batch, Connection, ErrorCode};

pub use stand_ins::StandIns;

use crate::error::Cause;
use crate::folder::{Draft, Folder};
use crate::foreign_keys::Violations;
use crate::history::{self, quoted};
use crate::locate::{locate, message};
use crate::migration::Settings;
use crate::name;
use crate::problem::Rule;
use crate::record;
use crate::script::{Fault, Statement, StatementKind};
use crate::token;
use crate::transaction;
use observer::Observer;

/// Runs the certain part of a folder's history, and adds what it shows to the folder's problems.
pub(crate) fn rehearse(folder: &mut Folder<'_>, stand_ins: &StandIns) {
    let mut faults = Vec::new();
    if let Err(error) = try_rehearse(folder, stand_ins, &mut faults) {
        // Memory, most likely; never a panic in somebody's compiler.
        let range = 0..0;
        faults.push((0, Fault::new(range, Rule::SqlError, format!("the rehearsal cannot run: {error}"))));
    }
    for (index, fault) in faults {
        folder.report(index, fault);
    }
}

fn try_rehearse(
    folder: &Folder<'_>,
    stand_ins: &StandIns,
    faults: &mut Vec<(usize, Fault)>,
) -> rusqlite::Result<()> {
    let mut conn = Connection::open_in_memory()?;
    stand_ins.register(&conn)?;
    let observer = Observer::new(&mut conn, folder.table.as_deref());
    let mut stage = Stage {
        conn,
        observer,
        table: folder.table.clone(),
        settings: None,
        width: folder.drafts.first().and_then(Draft::name).map_or(0, |first| first.version.len()),
        recorded: Vec::new(),
        violations: None,
    };
    for (index, draft) in folder.drafts.iter().take(folder.certain).enumerate() {
        let mut found = Vec::new();
        let refused = stage.migration(draft, &mut found)?;
        faults.extend(found.into_iter().map(|fault| (index, fault)));
        if refused {
            break;
        }
    }
    Ok(())
}

/// The database of a rehearsal, and what it holds so far.
struct Stage {
    conn: Connection,
    observer: Observer,
    table: Option<String>,
    /// What the connection is set to, once it has been set.
    settings: Option<Settings>,
    /// The digits of the first version.
    width: usize,
    /// The rows of the tracking table.
    recorded: Vec<(String, String)>,
    /// As they were after the last migration, if it ran with foreign keys off.
    violations: Option<Violations>,
}

/// What the statements of one file have shown.
#[derive(Default)]
struct Seen {
    /// The first statement that writes to the tracking table.
    record: Option<Range<usize>>,
    /// The first that creates something temporary.
    temporary: Option<Range<usize>>,
    /// The record was found wanting already.
    misrecorded: bool,
    /// A temporary table was found to hide another already.
    hides: bool,
}

impl Stage {
    /// Runs one file. `true` where SQLite refuses it.
    fn migration(&mut self, draft: &Draft<'_>, faults: &mut Vec<Fault>) -> rusqlite::Result<bool> {
        let frame = draft.transaction.as_ref();
        let settings = frame.map_or(transaction::DEFAULT, |frame| frame.settings);
        self.set(settings)?;
        let before = match self.violations.take() {
            _ if settings.foreign_keys => None,
            Some(violations) => Some(violations),
            None => Some(Violations::read(&self.conn)?),
        };
        self.conn.execute_batch("BEGIN IMMEDIATE")?;
        let body = frame.map_or(0..draft.script.statements.len(), |transaction| transaction.body.clone());
        let mut seen = Seen::default();
        for statement in draft.script.statements.get(body).unwrap_or_default() {
            if !self.is_rehearsed(draft, statement) {
                continue;
            }
            if let Some(fault) = self.statement(draft, statement, &mut seen, faults)? {
                faults.push(fault);
                self.conn.execute_batch("ROLLBACK")?;
                return Ok(true);
            }
        }
        let commit = frame.and_then(|transaction| draft.script.statements.get(transaction.body.end));
        let end = commit.map_or(draft.text.len()..draft.text.len(), |commit| commit.first.clone());
        self.check_temporary(&seen, faults)?;
        // Without a transaction there is one message for the file already.
        if commit.is_some() {
            self.check_record(draft, &seen, end.clone(), faults)?;
        }
        if let Some(before) = before {
            let after = Violations::read(&self.conn)?;
            if let Some(cause) = after.new_since(&before) {
                faults.push(Fault::new(end.clone(), Rule::ForeignKeyViolation, dangling_rows(&cause)));
            }
            self.violations = Some(after);
        }
        if let Err(error) = self.conn.execute_batch("COMMIT") {
            faults.push(Fault::new(end, Rule::SqlError, refusal(&error)));
            self.conn.execute_batch("ROLLBACK")?;
            return Ok(true);
        }
        if seen.temporary.is_some() {
            self.drop_temporary()?;
        }
        Ok(false)
    }

    fn set(&mut self, settings: Settings) -> rusqlite::Result<()> {
        if self.settings.replace(settings) == Some(settings) {
            return Ok(());
        }
        let switch = |on| if on { "ON" } else { "OFF" };
        self.conn.execute_batch(&format!(
            "PRAGMA foreign_keys = {}; PRAGMA legacy_alter_table = {}",
            switch(settings.foreign_keys),
            switch(settings.legacy_alter_table)
        ))
    }

    /// Whether a statement is run: not where the file has asked for its record only, and not where a rule has
    /// something against it already.
    fn is_rehearsed(&self, draft: &Draft<'_>, statement: &Statement) -> bool {
        let text = statement.text(&draft.text);
        let records = || {
            let table = record::insert(text).map(|insert| insert.table);
            table.zip(self.table.as_ref()).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
        };
        let is_faulty = || {
            let within = statement.first.start..statement.end;
            draft.faults().any(|fault| within.contains(&fault.range.start))
        };
        matches!(statement.kind, StatementKind::Other | StatementKind::Pragma)
            && (draft.script.not_rehearsed.is_none() || records())
            && !is_faulty()
    }

    /// Runs one statement. A fault is returned where SQLite refuses it.
    fn statement(
        &self,
        draft: &Draft<'_>,
        statement: &Statement,
        seen: &mut Seen,
        faults: &mut Vec<Fault>,
    ) -> rusqlite::Result<Option<Fault>> {
        let slice = statement.slice(&draft.text);
        self.observer.forget();
        let result = run(&self.conn, slice);
        let touched = self.observer.touched();
        if touched.records && seen.record.is_none() {
            seen.record = Some(statement.first.clone());
        }
        if let Err(error) = result {
            if touched.records
                && error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation)
                && let Some(fault) = self.wrong_record_that_collides(draft, statement)?
            {
                seen.misrecorded = true;
                faults.push(fault);
                return Ok(None);
            }
            let at = locate(slice, &error);
            let range = statement.start + at.start..statement.start + at.end;
            return Ok(Some(Fault::new(range, Rule::SqlError, refusal(&error))));
        }
        let conflict_clause =
            || record::insert(statement.text(&draft.text)).is_some_and(|insert| insert.conflict_clause);
        if touched.records && conflict_clause() {
            seen.misrecorded = true;
            faults.push(Fault::new(
                statement.first.clone(),
                Rule::NotRecorded,
                "a record that may replace another, or be left out, can be applied twice; write a plain INSERT INTO",
            ));
        } else if touched.meddles {
            seen.misrecorded = true;
            faults.push(Fault::new(
                statement.first.clone(),
                Rule::NotRecorded,
                "this touches other rows of the tracking table than the file's own; a migration adds one row to it, \
                 and nothing else",
            ));
        }
        if touched.temporary && seen.temporary.is_none() {
            seen.temporary = Some(statement.first.clone());
        }
        if (touched.temporary || touched.table)
            && seen.temporary.is_some()
            && !seen.hides
            && let Some(name) = self.hidden_table()?
        {
            seen.hides = true;
            faults.push(Fault::new(
                statement.first.clone(),
                Rule::LeftoverTemp,
                format!("the temporary {name} hides the table {name} of the database; give it another name"),
            ));
        }
        Ok(None)
    }

    /// The record of another migration collides with that one. Tried again on an empty table, it shows itself.
    fn wrong_record_that_collides(
        &self,
        draft: &Draft<'_>,
        statement: &Statement,
    ) -> rusqlite::Result<Option<Fault>> {
        let Some(table) = self.table.as_deref().map(quoted) else { return Ok(None) };
        self.conn.execute_batch(&format!("SAVEPOINT record; DELETE FROM main.{table}"))?;
        let rows = match run(&self.conn, statement.slice(&draft.text)) {
            Ok(()) => self.rows()?,
            Err(_) => Vec::new(),
        };
        self.conn.execute_batch("ROLLBACK TO record; RELEASE record")?;
        let [(version, name)] = rows.as_slice() else { return Ok(None) };
        Ok(Some(if is_own(draft, version, name) {
            Fault::new(
                statement.first.clone(),
                Rule::NotRecorded,
                "the file records itself twice; leave one of the two out",
            )
        } else {
            wrong_record(draft, statement, version, name)
        }))
    }

    /// The rows of the tracking table.
    fn rows(&self) -> rusqlite::Result<Vec<(String, String)>> {
        let Some(table) = self.table.as_deref().map(quoted) else { return Ok(Vec::new()) };
        let mut statement = self.conn.prepare(&format!("SELECT version, name FROM main.{table}"))?;
        let rows = statement
            .query_map([], |row| Ok((history::shown(row.get_ref(0)?), history::shown(row.get_ref(1)?))))?;
        rows.collect()
    }

    /// Exactly one new row, the file's own.
    fn check_record(
        &mut self,
        draft: &Draft<'_>,
        seen: &Seen,
        commit: Range<usize>,
        faults: &mut Vec<Fault>,
    ) -> rusqlite::Result<()> {
        let (Some(table), Some(own)) = (self.table.clone(), draft.name()) else { return Ok(()) };
        if draft.number == 0
            && let Some(fault) = self.bootstrap_fault(draft, &table)?
        {
            faults.push(fault);
            // Without the columns, nothing can be recorded.
            self.table = None;
            return Ok(());
        }
        // Counting is what the usual case costs; all rows are read only to tell what is wrong.
        let (rows, name) = match history::record(&self.conn, &quoted(&table), own.version) {
            Ok(found) => found,
            Err(error) => {
                let told = message(&error);
                faults.push(Fault::new(
                    commit,
                    Rule::NotRecorded,
                    format!(
                        "after this file the tracking table cannot be read ({told}); it must stay as it is"
                    ),
                ));
                self.table = None;
                return Ok(());
            }
        };
        if rows == self.recorded.len() + 1 && name.as_deref() == Some(own.name) {
            self.recorded.push((own.version.to_owned(), own.name.to_owned()));
            return Ok(());
        }
        let now = self.rows()?;
        let new: Vec<_> = now.iter().filter(|row| !self.recorded.contains(row)).cloned().collect();
        self.recorded = now;
        // The width is a problem of its own, and decides what would be right here.
        if seen.misrecorded || own.version != name::padded(own.number, self.width) {
            return Ok(());
        }
        let record =
            format!("INSERT INTO {table} (version, name) VALUES ('{}', '{}');", own.version, own.name);
        faults.push(match (new.as_slice(), &seen.record) {
            ([(version, name)], Some(at)) => {
                let statement = draft.script.statements.iter().find(|statement| statement.first == *at);
                match statement {
                    Some(statement) => wrong_record(draft, statement, version, name),
                    None => Fault::new(at.clone(), Rule::WrongRecord, format!("it must be {record}")),
                }
            }
            ([], _) => Fault::new(
                commit,
                Rule::NotRecorded,
                format!(
                    "the file does not record itself, so it would run again; before COMMIT write {record}"
                ),
            ),
            (rows, at) => Fault::new(
                at.clone().unwrap_or(commit),
                Rule::NotRecorded,
                format!(
                    "the file adds {} rows to {table}; the one that belongs there is {record}",
                    rows.len()
                ),
            ),
        });
        Ok(())
    }

    /// The tracking table has a version that is its primary key, and a name.
    fn bootstrap_fault(&self, draft: &Draft<'_>, table: &str) -> rusqlite::Result<Option<Fault>> {
        let mut statement = self.conn.prepare(&format!("PRAGMA main.table_info({})", quoted(table)))?;
        let columns: Vec<(String, i64)> = statement
            .query_map([], |row| Ok((row.get(1)?, row.get(5)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let is = |column: &str, name: &str| column.eq_ignore_ascii_case(name);
        let keyed = columns.iter().all(|(column, key)| (*key > 0) == is(column, "version"));
        let has = |name| columns.iter().any(|(column, _)| is(column, name));
        if keyed && has("version") && has("name") {
            return Ok(None);
        }
        let created = draft.script.statements.iter().find(|statement| {
            record::created_table(statement.text(&draft.text)).is_some_and(|name| is(&name, table))
        });
        let range = created.map_or(0..0, |statement| statement.first.clone());
        Ok(Some(Fault::new(
            range,
            Rule::MissingBootstrap,
            format!(
                "the tracking table {table} needs the columns version, as its primary key, and name: \
                 (version TEXT PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL DEFAULT (datetime('now')))"
            ),
        )))
    }

    /// A temporary table or view that has the name of one of the database's.
    fn hidden_table(&self) -> rusqlite::Result<Option<String>> {
        let mut statement = self.conn.prepare(
            "SELECT name FROM temp.sqlite_master WHERE type IN ('table', 'view')
             AND lower(name) IN (SELECT lower(name) FROM main.sqlite_master WHERE type IN ('table', 'view'))",
        )?;
        let mut rows = statement.raw_query();
        rows.next()?.map(|row| row.get(0)).transpose()
    }

    fn check_temporary(&self, seen: &Seen, faults: &mut Vec<Fault>) -> rusqlite::Result<()> {
        let Some(at) = seen.temporary.clone().filter(|_| !seen.hides) else { return Ok(()) };
        if let Some((kind, name)) = self.temporary()?.into_iter().next() {
            faults.push(Fault::new(
                at,
                Rule::LeftoverTemp,
                format!("the temporary {kind} {name} is still there at COMMIT; drop it before"),
            ));
        }
        Ok(())
    }

    /// Kind and name of what is in the temporary schema.
    fn temporary(&self) -> rusqlite::Result<Vec<(String, String)>> {
        let mut statement = self.conn.prepare(
            "SELECT type, name FROM temp.sqlite_master WHERE type IN ('table', 'view', 'trigger')",
        )?;
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }

    fn drop_temporary(&self) -> rusqlite::Result<()> {
        for (kind, name) in self.temporary()? {
            // A trigger goes with its table, and is no longer there when its turn comes.
            self.conn.execute_batch(&format!("DROP {kind} IF EXISTS temp.{}", quoted(&name)))?;
        }
        Ok(())
    }
}

/// Runs a slice as the runner does, and holds its end against SQLite's own idea of where it is.
fn run(conn: &Connection, slice: &str) -> rusqlite::Result<()> {
    let mut batch = Batch::new(conn, slice);
    if let Some(mut statement) = batch.next()? {
        let mut rows = statement.raw_query();
        while rows.next()?.is_some() {}
    }
    match batch.next()? {
        None => Ok(()),
        Some(_) => Err(rusqlite::Error::MultipleStatement),
    }
}

fn is_own(draft: &Draft<'_>, version: &str, name: &str) -> bool {
    draft.name().is_some_and(|own| own.version == version && own.name == name)
}

fn wrong_record(draft: &Draft<'_>, statement: &Statement, version: &str, name: &str) -> Fault {
    let own = draft.name();
    let (own_version, own_name) = own.map_or(("", ""), |own| (own.version, own.name));
    let wrong = if version == own_version { name } else { version };
    let text = statement.text(&draft.text);
    let value = token::significant(text).find(|token| {
        matches!(token.kind, token::Kind::Text | token::Kind::Number)
            && token.unquoted().is_some_and(|value| value == wrong)
    });
    let start = statement.first.start;
    let range = value.map_or(statement.first.clone(), |value| start + value.start..start + value.end());
    Fault::new(
        range,
        Rule::WrongRecord,
        format!(
            "the file records ('{version}', '{name}'), and its own name says ('{own_version}', '{own_name}')"
        ),
    )
}

/// SQLite's message, and the way out where it lies outside of the SQL.
fn refusal(error: &rusqlite::Error) -> String {
    let message = message(error);
    let hint = if message.starts_with("no such function") {
        "; a function of the application's is named to the macro: functions = [\"name/2\"]"
    } else if message.starts_with("no such collation") {
        "; a collation of the application's is named to the macro: collations = [\"name\"]"
    } else if message.starts_with("no such module") {
        "; a file that needs a module of the application's says so: -- migrate: not-rehearsed: reason"
    } else {
        ""
    };
    format!("{message}{hint}")
}

fn dangling_rows(cause: &Cause) -> String {
    format!("{cause}; the runner would refuse it before this COMMIT")
}
