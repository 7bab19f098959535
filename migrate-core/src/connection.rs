//! What a run changes about a connection, and puts back on every path, a panic in a callback included.

use std::time::Duration;

use rusqlite::{Connection, MAIN_DB};

use crate::migration::Settings;
use crate::row::get;

/// A connection on loan. Dropping it rolls back what is open and restores what was changed.
pub(crate) struct Loan<'c> {
    conn: &'c Connection,
    /// What it was, where it has been changed.
    busy_timeout: Option<Duration>,
    settings: Option<Settings>,
    journal_mode: Option<String>,
}

/// A setting that did not become what it should, and SQLite's answer where it gave one.
pub(crate) struct NotSet {
    pub(crate) setting: &'static str,
    pub(crate) source: Option<rusqlite::Error>,
}

impl<'c> Loan<'c> {
    /// Takes the connection, and its waiting into our own hands: with a busy timeout, a cache spill under
    /// a reader would wait in every single statement. A custom busy handler is left alone, since SQLite
    /// cannot give it back; while one is set, the timeout reads as 0.
    pub(crate) fn new(conn: &'c Connection) -> rusqlite::Result<Self> {
        let milliseconds: i64 = conn.query_row("PRAGMA busy_timeout", [], |row| get(row, 0))?;
        let mut loan = Self { conn, busy_timeout: None, settings: None, journal_mode: None };
        if let Some(before) = u64::try_from(milliseconds).ok().filter(|&before| before > 0) {
            conn.busy_timeout(Duration::ZERO)?;
            loan.busy_timeout = Some(Duration::from_millis(before));
        }
        Ok(loan)
    }

    /// Sets what a transaction is to run with. Only outside of one: inside, SQLite ignores it silently.
    pub(crate) fn set(&mut self, settings: Settings) -> Result<(), NotSet> {
        if self.settings.is_none() {
            self.settings = Some(Settings {
                foreign_keys: read(self.conn, FOREIGN_KEYS)?,
                legacy_alter_table: read(self.conn, LEGACY_ALTER_TABLE)?,
            });
        }
        write(self.conn, settings)?;
        // Left on by whoever had the connection, it would defer every foreign key of this transaction.
        let off = self.conn.execute_batch("PRAGMA defer_foreign_keys = OFF");
        off.map_err(|source| NotSet { setting: "defer_foreign_keys", source: Some(source) })
    }

    /// Switches to a rollback journal where the connection has none on disk: without one a crash corrupts
    /// the file, and with OFF `ROLLBACK TO` does nothing. `false` where SQLite cannot: in memory.
    pub(crate) fn ensure_journal(&mut self) -> rusqlite::Result<bool> {
        let mode: String = self.conn.query_row("PRAGMA main.journal_mode", [], |row| get(row, 0))?;
        if mode != "off" && mode != "memory" {
            return Ok(true);
        }
        let set: String = self.conn.query_row("PRAGMA main.journal_mode = DELETE", [], |row| get(row, 0))?;
        if set != mode {
            self.journal_mode = Some(mode);
        }
        Ok(set != "off")
    }

    /// Puts everything back. What succeeded is not done again.
    pub(crate) fn restore(&mut self) -> Result<(), NotSet> {
        let failed = |setting| move |source| NotSet { setting, source: Some(source) };
        if !self.conn.is_autocommit() {
            self.conn.execute_batch("ROLLBACK").map_err(failed("transaction"))?;
        }
        if let Some(settings) = self.settings {
            write(self.conn, settings)?;
            self.settings = None;
        }
        if let Some(mode) = &self.journal_mode {
            let sql = format!("PRAGMA main.journal_mode = {mode}");
            let set: String =
                self.conn.query_row(&sql, [], |row| get(row, 0)).map_err(failed("journal_mode"))?;
            if set != *mode {
                return Err(NotSet { setting: "journal_mode", source: None });
            }
            self.journal_mode = None;
        }
        if let Some(timeout) = self.busy_timeout {
            self.conn.busy_timeout(timeout).map_err(failed("busy_timeout"))?;
            self.busy_timeout = None;
        }
        Ok(())
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

fn read(conn: &Connection, setting: &'static str) -> Result<bool, NotSet> {
    conn.query_row(&format!("PRAGMA {setting}"), [], |row| get(row, 0))
        .map_err(|source| NotSet { setting, source: Some(source) })
}

/// Sets, and reads back: a SQLite that was built without a setting ignores it.
fn write(conn: &Connection, settings: Settings) -> Result<(), NotSet> {
    for (setting, on) in
        [(FOREIGN_KEYS, settings.foreign_keys), (LEGACY_ALTER_TABLE, settings.legacy_alter_table)]
    {
        if read(conn, setting)? == on {
            continue;
        }
        let switch = if on { "ON" } else { "OFF" };
        conn.execute_batch(&format!("PRAGMA {setting} = {switch}"))
            .map_err(|source| NotSet { setting, source: Some(source) })?;
        if read(conn, setting)? != on {
            return Err(NotSet { setting, source: None });
        }
    }
    Ok(())
}

/// Why a connection cannot write to its database, if it cannot: `Some(true)` for `PRAGMA query_only`.
pub(crate) fn read_only(conn: &Connection) -> rusqlite::Result<Option<bool>> {
    if conn.query_row("PRAGMA query_only", [], |row| get(row, 0))? {
        return Ok(Some(true));
    }
    Ok(conn.is_readonly(MAIN_DB)?.then_some(false))
}
