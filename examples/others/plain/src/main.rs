//! An application: it embeds its migrations and runs them, on whichever rusqlite of the range its graph holds.

use std::error::Error;

use embed_migrations::rusqlite::{self, Connection};
use embed_migrations::{Event, Migrations, embed_migrations};

static MIGRATIONS: Migrations = embed_migrations!("../migrations");

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("app.db");

    let mut told = Vec::new();
    let report = MIGRATIONS
        .runner()
        .on_event(|event| {
            if let Event::Applied { migration, .. } = event {
                told.push(migration.file_name());
            }
        })
        .run(&mut Connection::open(&path)?)?;
    assert_eq!(report.applied().len(), 3);
    assert_eq!(
        told,
        ["000_create_schema_migrations.sql", "001_create_notes.sql", "002_add_done_to_notes.sql"]
    );

    // The next start finds nothing to do.
    let mut conn = Connection::open(&path)?;
    assert!(MIGRATIONS.run(&mut conn)?.applied().is_empty());
    assert_eq!(MIGRATIONS.status(&conn)?.pending().len(), 0);
    conn.execute("INSERT INTO notes (body) VALUES (?1)", ["milk"])?;

    // A program that made `notes` before it had migrations is told which file cannot run on it.
    let mut conn = Connection::open_in_memory()?;
    conn.execute_batch("CREATE TABLE notes (text)")?;
    let error = MIGRATIONS.run(&mut conn).expect_err("the table is there already");
    assert!(matches!(error, embed_migrations::Error::Failed { .. }), "{error:?}");

    println!("plain: {} migrations on SQLite {}; {error}", MIGRATIONS.len(), rusqlite::version());
    Ok(())
}
