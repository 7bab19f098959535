//! One point: the ladder is run under one fault, and what is left is held against every invariant.
//!
//! I1 the database is sound, I2 it is what so many migrations make of it and of the user's rows (I7), I3 nothing that was
//! acknowledged is missing, I4 the connection is as it was, I5 it can go on, I6 another one can, I8 nothing panics or
//! hangs (see [`Watched`]), I9 the error says which file and which statement, and what was kept.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use embed_migrations::{Error, Event, Reached, Report};
use rusqlite::{Connection, OpenFlags};

use crate::ladder::{self, Journal, LADDER, Start};
use crate::tally::{Tally, Watched};
use crate::vfs;

/// Something that goes wrong while migrations run on a connection.
pub trait Fault {
    /// From here on.
    fn arm(&self, conn: &mut Connection);
    /// Ends it: whether it has struck a run that has failed or not.
    fn disarm(&self, conn: &mut Connection, failed: bool) -> bool;
    /// How long a run may wait under it.
    fn lock_timeout(&self) -> Duration {
        Duration::from_secs(10)
    }
}

/// Where a fault strikes.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub start: &'a Start,
    pub journal: Journal,
    /// What the connection has before the run, and must have after it.
    pub foreign_keys: bool,
    /// Of a new database.
    pub page_size: u32,
}

impl<'a> Place<'a> {
    pub fn new(start: &'a Start, journal: Journal) -> Self {
        Self { start, journal, foreign_keys: true, page_size: 4096 }
    }

    pub fn name(&self) -> String {
        let keys = if self.foreign_keys { "" } else { ", foreign keys off" };
        format!("{}, {}{keys}", self.journal.name(), self.start.name)
    }

    /// A connection that the fault can reach. Touches no file where the start is what a crash has left.
    pub(crate) fn open(&self, path: &Path) -> rusqlite::Result<Connection> {
        vfs::register();
        let conn = Connection::open_with_flags_and_vfs(path, OpenFlags::default(), vfs::NAME)?;
        conn.execute_batch(&format!(
            "PRAGMA busy_timeout = 77; PRAGMA foreign_keys = {}; PRAGMA legacy_alter_table = {}",
            self.foreign_keys, !self.foreign_keys
        ))?;
        Ok(conn)
    }

    pub(crate) fn prepare(&self, conn: &Connection) -> rusqlite::Result<()> {
        conn.execute_batch(&format!("PRAGMA page_size = {}", self.page_size))?;
        self.journal.set(conn)?;
        // A small cache, so that pages reach the file before COMMIT; and checkpoints within a run.
        conn.execute_batch("PRAGMA cache_size = 8; PRAGMA wal_autocheckpoint = 24")
    }
}

/// What a run has to leave as it was.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    foreign_keys: bool,
    legacy_alter_table: bool,
    busy_timeout: i64,
    autocommit: bool,
}

pub(crate) fn settings(conn: &Connection) -> rusqlite::Result<Settings> {
    Ok(Settings {
        foreign_keys: conn.query_row("PRAGMA foreign_keys", [], |row| row.get(0))?,
        legacy_alter_table: conn.query_row("PRAGMA legacy_alter_table", [], |row| row.get(0))?,
        busy_timeout: conn.query_row("PRAGMA busy_timeout", [], |row| row.get(0))?,
        autocommit: conn.is_autocommit(),
    })
}

/// Takes a point: whether the fault has struck. Where it has not, it lies beyond the end of the run.
pub fn take(tally: &Tally, place: Place<'_>, name: &str, fault: &dyn Fault) -> bool {
    let _watched = Watched::new(name.to_owned());
    let mut violations = Vec::new();
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    // Half of the points go on with the same connection, the others leave all that there is to the next one.
    let go_on = hasher.finish().is_multiple_of(2);
    let struck = inspect(place, fault, go_on, &mut violations);
    for violation in violations {
        tally.violation(name, violation);
    }
    struck
}

fn inspect(place: Place<'_>, fault: &dyn Fault, go_on: bool, violations: &mut Vec<String>) -> bool {
    let folder = ladder::folder();
    let path = place.start.put(folder.path());
    let mut conn = place.open(&path).expect("a connection");
    if !place.start.crashed {
        place.prepare(&conn).expect("settings");
    }
    let before = settings(&conn).expect("settings");

    let mut acknowledged = 0;
    fault.arm(&mut conn);
    let result = catch_unwind(AssertUnwindSafe(|| {
        LADDER
            .runner()
            .lock_timeout(fault.lock_timeout())
            .on_event(|event| {
                if let Event::Applied { .. } = event {
                    acknowledged += 1;
                }
            })
            .run(&mut conn)
    }));
    let struck = fault.disarm(&mut conn, !matches!(result, Ok(Ok(_))));

    let Ok(result) = result else {
        violations.push("I8: it panics".to_owned());
        return struck;
    };
    match settings(&conn) {
        Ok(after) if after == before => {}
        after => violations.push(format!("I4: {before:?} became {after:?}; {}", shown(&result))),
    }
    let kept = database(place.start, &path, violations);
    if let Some(count) = kept {
        if count < place.start.applied + acknowledged {
            violations.push(format!("I3: {acknowledged} were acknowledged, and {count} are there in all"));
        }
        told(&result, count, acknowledged, violations);
        if result.is_ok() && count != LADDER.len() {
            violations.push(format!("I2: the run succeeds with {count} applied"));
        }
    }
    if !struck && let Err(error) = &result {
        violations.push(format!("nothing was in the way: {error:?}"));
    }

    if go_on && let Err(error) = LADDER.run(&mut conn) {
        violations.push(format!("I5: the same connection cannot go on: {error:?}; {}", shown(&result)));
    }
    drop(conn);
    match Connection::open(&path).map(|mut conn| LADDER.run(&mut conn)) {
        Ok(Ok(_)) => {}
        other => violations.push(format!("I6: a new connection cannot go on: {other:?}; {}", shown(&result))),
    }
    match database(place.start, &path, violations) {
        Some(count) if count != LADDER.len() => violations.push(format!("I6: it ends with {count} applied")),
        _ => {}
    }
    struck
}

/// Reads a database through a connection that no fault reaches: how many migrations it has.
pub fn database(start: &Start, path: &Path, violations: &mut Vec<String>) -> Option<usize> {
    let read = || -> rusqlite::Result<_> {
        let conn = Connection::open(path)?;
        let integrity: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        let dangling = conn.prepare("PRAGMA foreign_key_check")?.exists([])?;
        Ok((integrity, dangling, ladder::recorded(&conn), ladder::state(&conn)?))
    };
    match read() {
        Err(error) => violations.push(format!("I1: it cannot be read: {error}")),
        Ok((integrity, ..)) if integrity != "ok" => violations.push(format!("I1: {integrity}")),
        Ok((_, true, ..)) => violations.push("I1: foreign keys are violated".to_owned()),
        Ok((_, _, Err(recorded), _)) => violations.push(format!("I2: {recorded}")),
        Ok((_, _, Ok(count), state)) => match start.with(count) {
            None => violations.push(format!("I3: it has {count}, and began with {}", start.applied)),
            Some(expected) if *expected == state => return Some(count),
            Some(expected) => {
                let missing = expected.iter().filter(|line| !state.contains(line));
                let added = state.iter().filter(|line| !expected.contains(line));
                let lines: Vec<_> = missing
                    .map(|line| format!("-{line}"))
                    .chain(added.map(|line| format!("+{line}")))
                    .collect();
                let first: Vec<_> = lines.iter().take(3).collect();
                violations.push(format!("I2: with {count} applied, {} lines differ: {first:?}", lines.len()));
            }
        },
    }
    None
}

/// Holds what the caller was told against the database.
fn told(result: &Result<Report, Error>, count: usize, acknowledged: usize, violations: &mut Vec<String>) {
    let error = match result {
        Ok(report) if report.applied().len() == acknowledged => return,
        Ok(report) => {
            let told = report.applied().len();
            violations.push(format!("I9: {told} are reported, and {acknowledged} were acknowledged"));
            return;
        }
        Err(error) => error,
    };
    let (one_line, all) = (error.to_string(), format!("{error:?}"));
    if !is_one_line(&one_line) {
        violations.push(format!("I9: no line of text: {one_line:?}"));
    }
    if let Error::Failed { migration, place, statement, .. } = error {
        let (file, line, column) = (migration.file_name(), place.line, place.column);
        let text = migration.sql().lines().nth(line - 1).unwrap_or_default();
        let first_line = statement.lines().next().unwrap_or_default();
        if column < 1 || column > text.chars().count() + 1 || first_line.is_empty() {
            violations.push(format!("I9: no place: {file}:{line}:{column}: {statement}"));
        }
        if !one_line.contains(&format!("{file}:{line}:{column}")) || !all.contains(first_line) {
            violations.push(format!("I9: it does not say where: {all}"));
        }
    }
    let Some(kept) = error.kept() else { return };
    if kept.applied.len() != acknowledged {
        violations.push(format!("I9: {kept:?} is told, and {acknowledged} were acknowledged"));
    }
    let last = count.checked_sub(1).and_then(|last| LADDER.iter().nth(last));
    let last = last.map_or(Reached::Nothing, Reached::Migration);
    if kept.database != Reached::Unknown && kept.database != last {
        violations.push(format!("I9: {kept:?} is told, and the database is at {last:?}: {all}"));
    }
}

/// What a run ended with, in a word or two that can be counted.
pub(crate) fn ending<T>(result: &Result<T, Error>) -> String {
    let name = match result {
        Ok(_) => "Ok",
        Err(Error::NewerDatabase { .. }) => "NewerDatabase",
        Err(Error::Diverged { .. }) => "Diverged",
        Err(Error::UnusableTable { .. }) => "UnusableTable",
        Err(Error::Hidden { .. }) => "Hidden",
        Err(Error::ReadOnly { .. }) => "ReadOnly",
        Err(Error::NeedsRecovery { .. }) => "NeedsRecovery",
        Err(Error::LockTimeout { .. }) => "LockTimeout",
        Err(Error::Backup { .. }) => "Backup",
        Err(Error::Failed { .. }) => "Failed",
        Err(Error::SettingNotApplied { .. }) => "SettingNotApplied",
        Err(Error::SettingNotRestored { .. }) => "SettingNotRestored",
        Err(Error::Sqlite { source, .. }) => match source.sqlite_error_code() {
            Some(code) => return format!("Sqlite {code:?}"),
            None => "Sqlite",
        },
        Err(_) => "another error",
    };
    name.to_owned()
}

/// Whether an error can be shown as a line of text.
pub(crate) fn is_one_line(told: &str) -> bool {
    !told.is_empty() && !told.contains(char::is_control)
}

pub(crate) fn shown<T>(result: &Result<T, Error>) -> String {
    match result {
        Ok(_) => "the run succeeded".to_owned(),
        Err(error) => format!("the run said: {error:?}"),
    }
}
