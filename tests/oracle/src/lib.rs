//! What SQLite itself makes of a file: `sqlite3_exec`, which the `sqlite3` shell is built on too. rusqlite's
//! `execute_batch` is a loop of its own, so it could share a mistake with the runner.

use std::ffi::{CStr, CString};
use std::ptr;

use rusqlite::{Connection, ffi};

/// Runs every statement of a text, to its last row, until one fails.
///
/// # Errors
///
/// SQLite's message. What ran before stays, as does an open transaction.
#[allow(unsafe_code, reason = "rusqlite does not hand out sqlite3_exec")]
pub fn exec(conn: &Connection, sql: &str) -> Result<(), String> {
    let sql = CString::new(sql).map_err(|error| error.to_string())?;
    let mut message = ptr::null_mut();
    // SAFETY: the connection is open as long as it is borrowed, and the text ends with a NUL.
    let code =
        unsafe { ffi::sqlite3_exec(conn.handle(), sql.as_ptr(), None, ptr::null_mut(), &raw mut message) };
    if code == ffi::SQLITE_OK {
        return Ok(());
    }
    if message.is_null() {
        return Err(format!("SQLite failed with code {code}"));
    }
    // SAFETY: SQLite has made the message, which ends with a NUL, and leaves it to be freed here.
    unsafe {
        let copy = CStr::from_ptr(message).to_string_lossy().into_owned();
        ffi::sqlite3_free(message.cast());
        Err(copy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_text_is_run_up_to_what_fails() {
        let conn = Connection::open_in_memory().expect("a database in memory");
        assert_eq!(exec(&conn, "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2);"), Ok(()));
        let failed = exec(&conn, "BEGIN; DELETE FROM t; SELECT * FROM missing; COMMIT;");
        assert_eq!(failed, Err("no such table: missing".to_owned()));
        assert!(!conn.is_autocommit());
        assert_eq!(conn.query_row("SELECT count(*) FROM t", [], |row| row.get(0)), Ok(0));
    }
}
