//! Opens a database and brings it up to date: `cargo run --example app [-- PATH]`.

use std::error::Error;
use std::time::Duration;

use embed_migrations::rusqlite::{Connection, ErrorCode};
use embed_migrations::{Event, Migrations, embed_migrations};

static MIGRATIONS: Migrations = embed_migrations!();

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).unwrap_or_else(|| "app.db".into());
    let mut conn = Connection::open(path)?;
    // While another process switches the mode, SQLite refuses at once instead of waiting.
    while let Err(error) = conn.pragma_update(None, "journal_mode", "WAL") {
        if error.sqlite_error_code() != Some(ErrorCode::DatabaseBusy) {
            return Err(error.into());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    conn.pragma_update(None, "foreign_keys", "ON")?;

    MIGRATIONS
        .runner()
        .on_event(|event| {
            if let Event::Started { migration, .. } = event {
                println!("Running migration: {}", migration.file_name());
            }
        })
        .run(&mut conn)?;
    println!("All migrations applied.");
    Ok(())
}
