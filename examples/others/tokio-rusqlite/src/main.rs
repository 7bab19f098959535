//! tokio-rusqlite, where each connection has a thread of its own: migrated on that thread, or before it has one.

use std::error::Error;
use std::path::Path;

use embed_migrations::{Migrations, embed_migrations, rusqlite};
use tokio_rusqlite::Connection;

static MIGRATIONS: Migrations = embed_migrations!("../migrations");

type Failure = Box<dyn Error + Send + Sync>;

async fn open(path: &Path) -> Result<Connection, Failure> {
    let conn = Connection::open(path).await?;
    // On the connection's own thread, so a run that waits for another process blocks no task.
    conn.call(|conn| MIGRATIONS.run(conn)).await?;
    Ok(conn)
}

/// Before the runtime starts: the connection gets its thread afterwards.
fn open_first(path: &Path) -> Result<Connection, Failure> {
    Ok(Connection::from(MIGRATIONS.open(path)?))
}

/// Writes a few notes and reads how many there are.
fn work(conn: &mut rusqlite::Connection) -> rusqlite::Result<i64> {
    for number in 0..5 {
        conn.execute("INSERT INTO notes (body) VALUES (?1)", [format!("note {number}")])?;
    }
    conn.query_row("SELECT count(*) FROM notes WHERE done = 0", [], |row| row.get(0))
}

/// Four tasks at once, each on a connection of its own, which it migrates where that is still to be done.
async fn in_four_tasks(path: &Path) -> Result<i64, Failure> {
    let mut tasks = Vec::new();
    for _ in 0..4 {
        let path = path.to_owned();
        tasks.push(tokio::spawn(async move { Ok::<_, Failure>(open(&path).await?.call(work).await?) }));
    }
    let mut most = 0;
    for task in tasks {
        most = most.max(task.await??);
    }
    Ok(most)
}

fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let first = folder.path().join("first.db");
    let conn = open_first(&first)?;

    tokio::runtime::Runtime::new()?.block_on(async {
        let notes = in_four_tasks(&first).await?;
        assert_eq!(notes, 20);
        assert_eq!(conn.call(work).await?, 25);

        let inside = in_four_tasks(&folder.path().join("inside.db")).await?;
        assert_eq!(inside, 20);

        println!("tokio-rusqlite: {notes} notes by 4 tasks, migrated first; {inside} migrated by the tasks");
        Ok(())
    })
}
