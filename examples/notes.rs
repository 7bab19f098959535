//! A small program that keeps notes: `cargo run --example notes -- add "buy milk"`.
//!
//! It opens its database in one line, backs it up before a migration, and tells on stderr what happens. A step in Rust is part
//! of its second migration, and the test at the end upgrades the data of the first release.

use std::error::Error;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use embed_migrations::rusqlite::{self, Connection};
use embed_migrations::{Backup, Event, Migrations, checked_sql, embed_migrations};

static MIGRATIONS: Migrations = embed_migrations!("examples/notes", steps = [count_words]);
checked_sql! { sql, "examples/notes", steps = [count_words] }

#[derive(Parser)]
#[command(about = "Keeps notes in a database")]
struct Arguments {
    /// The database.
    #[arg(long, default_value = "notes.db")]
    database: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes a note down.
    Add { body: String },
    /// Prints all notes, the newest first.
    List,
    /// Says whether the database is what this program expects.
    Verify,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { database, command } = Arguments::parse();
    let (conn, _) = MIGRATIONS
        .runner()
        .backup(Backup::beside_database().keep(3))
        .on_event(tell)
        .open_with(database, |_| Ok(()))?;
    match command {
        Command::Add { body } => println!("note {} is written down", add(&conn, &body)?),
        Command::List => {
            let mut notes = conn.prepare(sql!("SELECT id, body, words FROM notes ORDER BY id DESC"))?;
            let mut rows = notes.query([])?;
            while let Some(row) = rows.next()? {
                let (id, body, words): (i64, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                println!("{id}: {body} ({words} words)");
            }
        }
        Command::Verify => {
            MIGRATIONS.verify(&conn)?;
            println!("the database is what the migrations make");
        }
    }
    Ok(())
}

fn tell(event: Event) {
    match event {
        Event::BackedUp { path, .. } => eprintln!("your notes of before are in {}", path.display()),
        Event::Started { migration, position, total, .. } => {
            eprintln!("migrating {position}/{total}: {}", migration.name());
        }
        _ => {}
    }
}

fn add(conn: &Connection, body: &str) -> rusqlite::Result<i64> {
    conn.execute(sql!("INSERT INTO notes (body, words) VALUES (?1, ?2)"), (body, words(body)))?;
    Ok(conn.last_insert_rowid())
}

fn words(body: &str) -> i64 {
    body.split_whitespace().map(|_| 1).sum()
}

/// Part of `002_count_words.sql`, which calls it by this name.
fn count_words(conn: &Connection) -> rusqlite::Result<()> {
    let mut update = conn.prepare("UPDATE notes SET words = ?2 WHERE id = ?1")?;
    let mut notes = conn.prepare("SELECT id, body FROM notes")?;
    let mut rows = notes.query([])?;
    while let Some(row) = rows.next()? {
        let (id, body): (i64, String) = (row.get(0)?, row.get(1)?);
        update.execute((id, words(&body)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_of_the_first_release_are_counted() -> Result<(), Box<dyn Error>> {
        let mut conn = MIGRATIONS.in_memory_at("001")?;
        conn.execute("INSERT INTO notes (body) VALUES ('buy milk and bread'), ('')", [])?;

        MIGRATIONS.run(&mut conn)?;

        let counted: Vec<i64> = conn
            .prepare(sql!("SELECT words FROM notes ORDER BY id"))?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        assert_eq!(counted, [4, 0]);
        MIGRATIONS.verify(&conn)?;
        Ok(())
    }
}
