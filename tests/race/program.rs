//! What one process of a race does, with `DATABASE SET HOW NAME` as its arguments: it says that it is ready, waits until
//! it may go, migrates, and writes down what it has applied. It is compiled in a crate of its own.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use embed_migrations::rusqlite::Connection;
use embed_migrations::{Backup, Migrations, embed_migrations};

static SMALL: Migrations = embed_migrations!("small");
static MIXED: Migrations = embed_migrations!("mixed");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [database, set, how, name] = arguments.as_slice() else { return Err("DATABASE SET HOW NAME".into()) };
    let migrations = if set == "small" { SMALL } else { MIXED };
    let database = PathBuf::from(database);
    std::fs::write(database.with_file_name(format!("ready-{name}")), "")?;
    let start = Instant::now();
    while !database.with_file_name("go").exists() {
        assert!(start.elapsed() < Duration::from_secs(60), "nobody says go");
        std::thread::sleep(Duration::from_millis(1));
    }

    let mut runner = migrations.runner();
    let (mut conn, report) = match how.as_str() {
        "run" => {
            let mut conn = Connection::open(&database)?;
            let report = runner.run(&mut conn)?;
            (conn, report)
        }
        "open" => {
            let (conn, report) = runner.open_with(&database, |_| Ok(()))?;
            let mode: String = conn.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
            let foreign_keys: bool = conn.query_row("PRAGMA foreign_keys", [], |row| row.get(0))?;
            assert!(mode == "wal" && foreign_keys, "{mode} {foreign_keys}");
            (conn, report)
        }
        "backup" => {
            let mut conn = Connection::open(&database)?;
            let report = runner.backup(Backup::beside_database()).run(&mut conn)?;
            (conn, report)
        }
        other => return Err(other.into()),
    };
    // Whoever ran last, nothing is left to do.
    assert!(migrations.run(&mut conn)?.applied().is_empty());
    assert!(conn.is_autocommit());
    let applied: Vec<_> = report.applied().iter().map(|migration| migration.version()).collect();
    std::fs::write(database.with_file_name(format!("done-{name}")), applied.join("\n"))?;
    Ok(())
}
