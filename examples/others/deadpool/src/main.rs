//! A pool of deadpool, migrated before it is built, or by each task on a connection from the pool.

use std::error::Error;
use std::path::PathBuf;

use deadpool_sqlite::{Config, Pool, Runtime};
use embed_migrations::rusqlite::{self, Connection};
use embed_migrations::{Migrations, embed_migrations};

static MIGRATIONS: Migrations = embed_migrations!("../migrations");

type Failure = Box<dyn Error + Send + Sync>;

async fn open(path: PathBuf) -> Result<Pool, Failure> {
    let pool = Config::new(&path).create_pool(Runtime::Tokio1)?;
    // A run may wait for another process, so it gets a thread that may block.
    tokio::task::spawn_blocking(move || -> Result<(), Failure> {
        drop(MIGRATIONS.open(path)?); // WAL and the schema stay in the file
        Ok(())
    })
    .await??;
    Ok(pool)
}

/// The same on a connection from a pool; `interact` has such a thread already.
async fn migrate_inside(pool: &Pool) -> Result<(), Failure> {
    let conn = pool.get().await?;
    conn.interact(|conn| MIGRATIONS.run(conn)).await.map_err(|error| error.to_string())??;
    Ok(())
}

/// Writes a few notes and reads how many there are.
fn work(conn: &mut Connection) -> rusqlite::Result<i64> {
    for number in 0..5 {
        conn.execute("INSERT INTO notes (body) VALUES (?1)", [format!("note {number}")])?;
    }
    conn.query_row("SELECT count(*) FROM notes WHERE done = 0", [], |row| row.get(0))
}

/// Four tasks at once, each on a connection of its own.
async fn in_four_tasks(pool: &Pool, migrate: bool) -> Result<i64, Failure> {
    let mut tasks = Vec::new();
    for _ in 0..4 {
        let pool = pool.clone();
        tasks.push(tokio::spawn(async move {
            if migrate {
                migrate_inside(&pool).await?;
            }
            let conn = pool.get().await?;
            let notes = conn.interact(work).await.map_err(|error| error.to_string())??;
            Ok::<_, Failure>(notes)
        }));
    }
    let mut most = 0;
    for task in tasks {
        most = most.max(task.await??);
    }
    Ok(most)
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;

    let pool = open(folder.path().join("first.db")).await?;
    let notes = in_four_tasks(&pool, false).await?;
    assert_eq!(notes, 20);

    let pool = Config::new(folder.path().join("inside.db")).create_pool(Runtime::Tokio1)?;
    let inside = in_four_tasks(&pool, true).await?;
    assert_eq!(inside, 20);

    println!("deadpool: {notes} notes by 4 tasks, migrated first; {inside} migrated inside the pool");
    Ok(())
}
