//! A pool of async-sqlite, migrated before it is opened, or on a connection from the pool.

use std::error::Error;
use std::path::{Path, PathBuf};

use async_sqlite::{JournalMode, Pool, PoolBuilder};
use embed_migrations::rusqlite::{self, Connection};
use embed_migrations::{Migrations, embed_migrations};

static MIGRATIONS: Migrations = embed_migrations!("../migrations");

type Failure = Box<dyn Error + Send + Sync>;

async fn open(path: PathBuf) -> Result<Pool, Failure> {
    let pool = PoolBuilder::new().path(path).num_conns(4).journal_mode(JournalMode::Wal).open().await?;
    // On a connection's own thread, so a run that waits for another process blocks no task.
    pool.conn_mut_and_then(|conn| -> Result<_, Failure> { Ok(MIGRATIONS.run(conn)?) }).await?;
    Ok(pool)
}

/// Before the runtime starts; opening the pool then finds nothing to do.
fn migrate(path: &Path) -> Result<(), Failure> {
    let mut conn = Connection::open(path)?;
    MIGRATIONS.run(&mut conn)?;
    Ok(())
}

/// Writes a few notes and reads how many there are.
fn work(conn: &Connection) -> rusqlite::Result<i64> {
    for number in 0..5 {
        conn.execute("INSERT INTO notes (body) VALUES (?1)", [format!("note {number}")])?;
    }
    conn.query_row("SELECT count(*) FROM notes WHERE done = 0", [], |row| row.get(0))
}

/// Four tasks at once; the pool gives each the next of its connections.
async fn in_four_tasks(pool: &Pool) -> Result<i64, Failure> {
    let mut tasks = Vec::new();
    for _ in 0..4 {
        let pool = pool.clone();
        tasks.push(tokio::spawn(async move { pool.conn(work).await }));
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
    migrate(&first)?;

    tokio::runtime::Runtime::new()?.block_on(async {
        let notes = in_four_tasks(&open(first).await?).await?;
        assert_eq!(notes, 20);

        let inside = in_four_tasks(&open(folder.path().join("inside.db")).await?).await?;
        assert_eq!(inside, 20);

        println!("async-sqlite: {notes} notes by 4 tasks, migrated first; {inside} migrated inside the pool");
        Ok(())
    })
}
