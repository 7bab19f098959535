//! A pool of r2d2, migrated before it is built, or by each worker on a connection from the pool.

use std::error::Error;
use std::path::Path;
use std::thread;

use embed_migrations::rusqlite::Connection;
use embed_migrations::{Migrations, embed_migrations};
use r2d2::Pool;
use r2d2_sqlite::SqliteConnectionManager;

static MIGRATIONS: Migrations = embed_migrations!("../migrations");

type Failure = Box<dyn Error + Send + Sync>;

fn open(path: &Path) -> Result<Pool<SqliteConnectionManager>, Failure> {
    // On a connection of its own first: WAL and the schema stay in the file.
    drop(MIGRATIONS.open(path)?);

    // What does not stay in the file is set on every connection.
    let manager =
        SqliteConnectionManager::file(path).with_init(|conn| conn.pragma_update(None, "foreign_keys", "ON"));
    Ok(Pool::builder().max_size(4).build(manager)?)
}

/// Writes a few notes and reads how many there are.
fn work(conn: &Connection) -> Result<i64, Failure> {
    for number in 0..5 {
        conn.execute("INSERT INTO notes (body) VALUES (?1)", [format!("note {number}")])?;
    }
    Ok(conn.query_row("SELECT count(*) FROM notes WHERE done = 0", [], |row| row.get(0))?)
}

/// Four of them at once, each on a connection of its own.
fn in_four_threads(
    pool: &Pool<SqliteConnectionManager>,
    worker: fn(&Pool<SqliteConnectionManager>) -> Result<i64, Failure>,
) -> Result<i64, Failure> {
    thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(|| worker(pool))).collect();
        let mut most = 0;
        for worker in workers {
            most = most.max(worker.join().expect("no worker panics")?);
        }
        Ok(most)
    })
}

fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;

    let pool = open(&folder.path().join("first.db"))?;
    let notes = in_four_threads(&pool, |pool| work(&*pool.get()?))?;
    assert_eq!(notes, 20);

    // Inside a pool that is there already, by four threads at once.
    let manager = SqliteConnectionManager::file(folder.path().join("inside.db"));
    let pool = Pool::builder().max_size(4).build(manager)?;
    let inside = in_four_threads(&pool, |pool| {
        let mut conn = pool.get()?;
        MIGRATIONS.run(&mut conn)?;
        work(&conn)
    })?;
    assert_eq!(inside, 20);

    println!("r2d2: {notes} notes by 4 workers, migrated first; {inside} migrated inside the pool");
    Ok(())
}
