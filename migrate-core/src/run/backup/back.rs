//! The way back: a backup is copied *into* the database. Moved into its place, it would lie beside a WAL of other pages, which
//! SQLite would then replay.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::copy::{Copied, check, copy};
use super::names::Names;
use super::{Backup, failed, has_tables, utc};
use crate::run::error::Error;
use crate::run::wait::Wait;

/// The backups beside a database that a run has made, the oldest first.
#[must_use]
pub fn backups(database: &Path) -> Vec<PathBuf> {
    Names::of(database).all()
}

/// Makes a database what a backup of it holds. Gives the copy that was made of what it held before, if that was anything.
///
/// Nobody else may have the database open: where another connection is at work, or keeps a WAL, this is refused. A process that
/// is killed on the way leaves the database as it was.
///
/// # Errors
///
/// [`Error::Backup`]: why not; the database is as it was.
pub fn go_back(database: &Path, backup: &Path, lock_timeout: Duration) -> Result<Option<PathBuf>, Error> {
    try_go_back(database, backup, lock_timeout).map_err(|error| *error)
}

fn try_go_back(
    database: &Path,
    backup: &Path,
    lock_timeout: Duration,
) -> Result<Option<PathBuf>, Box<Error>> {
    let wait = Wait::new(lock_timeout);
    let of_backup = |doing| move |error: rusqlite::Error| failed(Some(backup), doing, error);
    // Not only for reading: then the files of its WAL would stay.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = Connection::open_with_flags(backup, flags).map_err(of_backup("opening the backup"))?;
    let verdict = check(&source).map_err(of_backup("checking the backup"))?;
    if verdict != "ok" {
        let reason = format!("the backup is damaged ({verdict})");
        return Err(Error::Backup { path: Some(backup.to_owned()), reason, source: None }.into());
    }
    // No run makes one of nothing.
    if !has_tables(&source).map_err(of_backup("reading the backup"))? {
        let reason = "the backup holds no tables".to_owned();
        return Err(Error::Backup { path: Some(backup.to_owned()), reason, source: None }.into());
    }
    let of_database = |doing| move |error: rusqlite::Error| failed(Some(database), doing, error);
    let mut conn = Connection::open(database).map_err(of_database("opening the database"))?;
    conn.busy_timeout(Duration::ZERO).map_err(of_database("opening the database"))?;
    // Kept from here on until the connection is closed. In WAL mode it is refused while anybody else has the file open.
    wait.retry(|| {
        conn.query_row("PRAGMA main.locking_mode = EXCLUSIVE", [], |_| Ok(()))?;
        conn.execute_batch("BEGIN EXCLUSIVE; COMMIT")
    })
    .map_err(of_database("locking the database, which no other program may use meanwhile"))?;
    let replaced = if has_tables(&conn).map_err(of_database("reading the database"))? {
        let stamp = utc(&conn).map_err(of_database("asking for the time"))?;
        let copied = Copied::of(&conn, &Backup::beside_database(), database, &wait)?;
        Some(copied.named_first_free(Names::of(database).of_replaced(&stamp))?)
    } else {
        None
    };
    copy(&source, &mut conn, &wait).map_err(of_database("copying the backup into the database"))?;
    conn.close().map_err(|(_, error)| error).map_err(of_database("closing the database"))?;
    source.close().map_err(|(_, error)| error).map_err(of_backup("closing the backup"))?;
    Ok(replaced)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    // POSIX ends the locks of a process when it closes any handle of the file.
    #[test]
    #[ignore = "needs the sqlite3 shell"]
    fn no_lock_of_this_process_is_dropped() {
        for mode in ["delete", "wal"] {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("app.db");
            let holder = Connection::open(&path).expect("it opens");
            holder.pragma_update(None, "journal_mode", mode).expect("it is set");
            holder.execute_batch("CREATE TABLE t (a)").expect("it runs");
            let backup = folder.path().join("copy.db");
            let copied = Copied::of(&holder, &Backup::to(&backup), &path, &Wait::new(Duration::ZERO));
            copied.and_then(|copied| copied.named(&backup)).expect("it is copied");

            holder.execute_batch("BEGIN IMMEDIATE; INSERT INTO t VALUES (1)").expect("it runs");
            let refused = go_back(&path, &backup, Duration::ZERO);
            assert!(matches!(refused, Err(Error::Backup { .. })), "{refused:?}");
            let other =
                Command::new("sqlite3").arg(&path).arg("BEGIN IMMEDIATE").output().expect("the shell");
            let told = String::from_utf8_lossy(&other.stderr).into_owned();
            assert!(told.contains("locked"), "{mode}: {told}");
            holder.execute_batch("COMMIT").expect("it is ours still");
            drop(holder);

            let replaced = go_back(&path, &backup, Duration::ZERO).expect("nobody has it");
            let rows = |path: &Path| -> i64 {
                let conn = Connection::open(path).expect("it opens");
                conn.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).expect("a count")
            };
            assert_eq!((rows(&path), rows(&replaced.expect("it held something"))), (0, 1), "{mode}");
        }
    }
}
