//! A database that Litestream replicates: WAL, and beside the application a reader whose transaction keeps the WAL from
//! being restarted before it is copied. It holds no lock that a migration needs.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use embed_migrations::rusqlite::{self, Connection, OpenFlags};
use embed_migrations::{Migrations, embed_migrations};

static MIGRATIONS: Migrations = embed_migrations!("../migrations");

/// The settings that Litestream asks an application for.
fn open(path: &Path) -> rusqlite::Result<Connection> {
    let conn = Connection::open(path)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "NORMAL")?;
    conn.busy_timeout(Duration::from_secs(5))?;
    Ok(conn)
}

fn tables(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'table'", [], |row| row.get(0))
}

fn setting(conn: &Connection, name: &str) -> rusqlite::Result<i64> {
    conn.pragma_query_value(None, name, |row| row.get(0))
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("app.db");

    // An earlier release has left its tables, and replication begins: a read transaction that does not end.
    let mut conn = open(&path)?;
    MIGRATIONS.runner().target("000").run(&mut conn)?;
    conn.execute_batch(
        "CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER);
         CREATE TABLE _litestream_lock (id INTEGER);",
    )?;
    drop(conn);
    let replica = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    replica.execute_batch("BEGIN")?;
    assert_eq!(tables(&replica)?, 3);

    let mut conn = open(&path)?;
    let report = MIGRATIONS.run(&mut conn)?;
    assert_eq!(report.applied().len(), 2);
    conn.execute("INSERT INTO notes (body) VALUES ('milk')", [])?;
    assert_eq!((setting(&conn, "synchronous")?, setting(&conn, "busy_timeout")?), (1, 5000));

    // The reader still sees what it saw, and no checkpoint takes the newer frames from the WAL.
    assert_eq!(tables(&replica)?, 3);
    let checkpoint = |conn: &Connection| -> rusqlite::Result<(i64, i64)> {
        conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| Ok((row.get(1)?, row.get(2)?)))
    };
    let (frames, copied) = checkpoint(&conn)?;
    assert!(copied < frames, "{copied} of {frames} frames");

    // Litestream's own tables are in the database too.
    MIGRATIONS.verifier().ignoring(&["_litestream_seq", "_litestream_lock"]).verify(&conn)?;

    // Once it is done, the rest of the WAL can go into the database.
    replica.execute_batch("COMMIT")?;
    assert_eq!(tables(&replica)?, 4);
    let (all, moved) = checkpoint(&conn)?;
    assert_eq!(moved, all);

    println!(
        "litestream-like: {} migrations beside a reader, {frames} frames kept for it",
        report.applied().len()
    );
    Ok(())
}
