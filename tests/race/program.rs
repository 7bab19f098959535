//! What one process of a race does, with `DATABASE SET NAME` as its arguments: it says that it is ready, waits until
//! it may go, migrates, and writes down what it has applied. It is compiled in a crate of its own.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use embed_migrations::rusqlite::Connection;
use embed_migrations::{Migrations, embed_migrations};

static SMALL: Migrations = embed_migrations!("small");
static MIXED: Migrations = embed_migrations!("mixed");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [database, set, name] = arguments.as_slice() else { return Err("DATABASE SET NAME".into()) };
    let migrations = if set == "small" { SMALL } else { MIXED };
    let database = PathBuf::from(database);
    std::fs::write(database.with_file_name(format!("ready-{name}")), "")?;
    let start = Instant::now();
    while !database.with_file_name("go").exists() {
        assert!(start.elapsed() < Duration::from_secs(60), "nobody says go");
        std::thread::sleep(Duration::from_millis(1));
    }

    let mut conn = Connection::open(&database)?;
    let report = migrations.run(&mut conn)?;
    // Whoever ran last, nothing is left to do.
    assert!(migrations.run(&mut conn)?.applied().is_empty());
    assert!(conn.is_autocommit());
    let applied: Vec<_> = report.applied().iter().map(|migration| migration.version()).collect();
    std::fs::write(database.with_file_name(format!("done-{name}")), applied.join("\n"))?;
    Ok(())
}
