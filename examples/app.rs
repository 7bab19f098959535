//! Opens a database and brings it up to date: `cargo run --example app [-- PATH]`.

use std::error::Error;

use embed_migrations::{Event, Migrations, embed_migrations};

static MIGRATIONS: Migrations = embed_migrations!();

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).unwrap_or_else(|| "app.db".into());
    let (conn, _) = MIGRATIONS
        .runner()
        .on_event(|event| {
            if let Event::Started { migration, .. } = event {
                println!("Running migration: {}", migration.file_name());
            }
        })
        .open_with(path, |_| Ok(()))?;
    println!("All migrations applied.");
    conn.close().map_err(|(_, error)| error)?;
    Ok(())
}
