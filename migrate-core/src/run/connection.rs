//! What a run changes about a connection, and puts back on every path, a panic in a callback included.

use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, MAIN_DB, Statement};

use super::error::Error;
use super::wait::Wait;
use crate::live::row::{self, Answer};
use crate::model::migration::Settings;

/// A connection on loan. Dropping it ends what the run has begun and restores what was changed.
pub(crate) struct Loan<'c> {
    pub(crate) conn: &'c Connection,
    wait: &'c Wait,
    /// Whether there was a transaction of the lender's, which is not ours to end.
    in_transaction: bool,
    /// What they were, where they have been changed.
    busy_timeout: Option<Duration>,
    foreign_keys: Option<bool>,
    legacy_alter_table: Option<bool>,
    journal_mode: Option<String>,
}

/// A setting that did not become what it should be, and SQLite's answer where it gave one.
pub(crate) struct SettingFailed {
    pub(crate) setting: &'static str,
    pub(crate) source: Option<Box<rusqlite::Error>>,
}

impl SettingFailed {
    fn because<E: Into<Box<rusqlite::Error>>>(setting: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self { setting, source: Some(source.into()) }
    }
}

impl<'c> Loan<'c> {
    /// Takes the connection, and its waiting into our own hands: with a busy timeout, a cache spill under
    /// a reader would wait in every single statement. A custom busy handler is left alone, since SQLite
    /// cannot give it back; while one is set, the timeout reads as 0.
    pub(crate) fn new(conn: &'c Connection, wait: &'c Wait) -> Answer<Self> {
        let milliseconds: i64 = row::value(conn, "PRAGMA busy_timeout")?;
        let mut loan = Self {
            conn,
            wait,
            in_transaction: !conn.is_autocommit(),
            busy_timeout: None,
            foreign_keys: None,
            legacy_alter_table: None,
            journal_mode: None,
        };
        if let Some(before) = u64::try_from(milliseconds).ok().filter(|&before| before > 0) {
            conn.busy_timeout(Duration::ZERO)?;
            loan.busy_timeout = Some(Duration::from_millis(before));
        }
        Ok(loan)
    }

    /// Reads from one snapshot: that of the lender's transaction, or a transaction of its own.
    pub(crate) fn snapshot<T>(&self, reads: impl FnOnce() -> Result<T, Box<Error>>) -> Result<T, Box<Error>> {
        if self.in_transaction {
            return reads();
        }
        let mut commit = self.begin_reading().map_err(Error::reading)?;
        let read = reads();
        let end = commit.raw_execute().map_err(|source| Error::reading(source.into()));
        read.and_then(|read| end.map(|_| read))
    }

    /// Begins a transaction, and gives what ends it. That is prepared before, since what makes the reading fail may also
    /// make this fail. Nothing is written, so it ends a failure as well as a success.
    fn begin_reading(&self) -> Answer<Statement<'c>> {
        // One that could not be ended, as in a shared cache whose schema was locked meanwhile.
        self.end_transaction()?;
        let commit = self.conn.prepare("COMMIT")?;
        row::execute(self.conn, "BEGIN")?;
        Ok(commit)
    }

    /// Sets what a transaction is to run with. Only outside of one: inside, SQLite ignores it silently.
    ///
    /// `defer_foreign_keys` is no part of it: every COMMIT turns that one off, and the history has been read.
    pub(crate) fn set(&mut self, settings: Settings) -> Result<(), SettingFailed> {
        for (setting, on, before) in [
            (FOREIGN_KEYS, settings.foreign_keys, &mut self.foreign_keys),
            (LEGACY_ALTER_TABLE, settings.legacy_alter_table, &mut self.legacy_alter_table),
        ] {
            if before.is_none() {
                *before = Some(read(self.conn, self.wait, setting)?);
            }
            write(self.conn, self.wait, setting, on)?;
        }
        Ok(())
    }

    /// Switches to a rollback journal where the connection has none on disk: without one a crash corrupts
    /// the file, and with OFF `ROLLBACK TO` does nothing. `false` where SQLite cannot: in memory.
    pub(crate) fn ensure_journal(&mut self) -> Answer<bool> {
        let mode: String = row::value(self.conn, "PRAGMA main.journal_mode")?;
        if mode != "off" && mode != "memory" {
            return Ok(true);
        }
        let set: String = row::value(self.conn, "PRAGMA main.journal_mode = DELETE")?;
        if set != mode {
            self.journal_mode = Some(mode);
        }
        Ok(set != "off")
    }

    /// Puts everything back, each setting whatever became of the others, and tells what failed first. What
    /// succeeded is not done again.
    pub(crate) fn restore(&mut self) -> Result<(), SettingFailed> {
        let (conn, wait) = (self.conn, self.wait);
        let restored = [
            self.end_transaction().map_err(SettingFailed::because("transaction")),
            put_back(&mut self.foreign_keys, |&on| {
                put_back_flag(conn, FOREIGN_KEYS, DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, on)
            }),
            put_back(&mut self.legacy_alter_table, |&on| {
                put_back_flag(conn, LEGACY_ALTER_TABLE, DbConfig::SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, on)
            }),
            put_back(&mut self.journal_mode, |mode| write_journal_mode(conn, wait, mode)),
            put_back(&mut self.busy_timeout, |&timeout| {
                conn.busy_timeout(timeout).map_err(SettingFailed::because("busy_timeout"))
            }),
        ];
        restored.into_iter().collect()
    }

    /// Rolls back a transaction that is still open, unless it is the lender's.
    pub(crate) fn end_transaction(&self) -> Answer<()> {
        if self.in_transaction || self.conn.is_autocommit() {
            return Ok(());
        }
        self.wait.retry(|| row::execute(self.conn, "ROLLBACK"))
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        // Only reached with something to do when the run returned early or panicked; whoever gets that
        // error or panic learns nothing useful from this one.
        let _ = self.restore();
    }
}

const FOREIGN_KEYS: &str = "foreign_keys";
const LEGACY_ALTER_TABLE: &str = "legacy_alter_table";

fn put_back<T>(
    before: &mut Option<T>,
    write: impl FnOnce(&T) -> Result<(), SettingFailed>,
) -> Result<(), SettingFailed> {
    if let Some(value) = before {
        write(value)?;
        *before = None;
    }
    Ok(())
}

/// Unlike a PRAGMA this takes no memory and asks no authorizer, so what has stopped the run cannot stop it.
fn put_back_flag(
    conn: &Connection,
    setting: &'static str,
    config: DbConfig,
    on: bool,
) -> Result<(), SettingFailed> {
    conn.set_db_config(config, on).map(drop).map_err(SettingFailed::because(setting))
}

fn read(conn: &Connection, wait: &Wait, setting: &'static str) -> Result<bool, SettingFailed> {
    wait.retry(|| row::value(conn, &format!("PRAGMA {setting}"))).map_err(SettingFailed::because(setting))
}

/// Sets, and reads back: a SQLite that was built without a setting ignores it.
fn write(conn: &Connection, wait: &Wait, setting: &'static str, on: bool) -> Result<(), SettingFailed> {
    if read(conn, wait, setting)? == on {
        return Ok(());
    }
    let sql = format!("PRAGMA {setting} = {}", if on { "ON" } else { "OFF" });
    wait.retry(|| row::execute(conn, &sql)).map_err(SettingFailed::because(setting))?;
    if read(conn, wait, setting)? != on {
        return Err(SettingFailed { setting, source: None });
    }
    Ok(())
}

fn write_journal_mode(conn: &Connection, wait: &Wait, mode: &str) -> Result<(), SettingFailed> {
    let sql = format!("PRAGMA main.journal_mode = {mode}");
    let set: String =
        wait.retry(|| row::value(conn, &sql)).map_err(SettingFailed::because("journal_mode"))?;
    if set != mode {
        return Err(SettingFailed { setting: "journal_mode", source: None });
    }
    Ok(())
}

/// Why a connection cannot write to its database, if it cannot: `Some(true)` for `PRAGMA query_only`.
pub(crate) fn read_only(conn: &Connection) -> Answer<Option<bool>> {
    if row::value(conn, "PRAGMA query_only")? {
        return Ok(Some(true));
    }
    Ok(conn.is_readonly(MAIN_DB)?.then_some(false))
}
