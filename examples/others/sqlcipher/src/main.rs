//! An encrypted database: the key comes before everything else, the migrations included.

use std::error::Error;
use std::fs;
use std::path::Path;

use embed_migrations::{Migrations, embed_migrations};
use rusqlite::{Connection, ErrorCode};

static MIGRATIONS: Migrations = embed_migrations!("../migrations");

fn open(path: &Path, key: &str) -> Result<Connection, Box<dyn Error>> {
    let mut conn = Connection::open(path)?;
    conn.pragma_update(None, "key", key)?; // never fails: a key is tried when the file is first read
    MIGRATIONS.run(&mut conn)?;
    Ok(conn)
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("secret.db");

    let conn = open(&path, "correct horse")?;
    conn.execute("INSERT INTO notes (body) VALUES ('milk')", [])?;
    let cipher: String = conn.query_row("PRAGMA cipher_version", [], |row| row.get(0))?;
    drop(conn);
    let bytes = fs::read(&path)?;
    assert!(!bytes.starts_with(b"SQLite format 3"), "the file is not encrypted");

    // With the right key there is nothing left to do.
    let conn = open(&path, "correct horse")?;
    let notes: i64 = conn.query_row("SELECT count(*) FROM notes", [], |row| row.get(0))?;
    assert_eq!(notes, 1);
    drop(conn);

    // With a wrong one the run fails before it writes anything.
    let error = open(&path, "battery staple").expect_err("the key is wrong");
    let cause = error.source().and_then(|cause| cause.downcast_ref::<rusqlite::Error>());
    assert_eq!(cause.and_then(rusqlite::Error::sqlite_error_code), Some(ErrorCode::NotADatabase));
    assert_eq!(fs::read(&path)?, bytes);

    println!("sqlcipher: SQLCipher {cipher}, SQLite {}; with a wrong key: {error}", rusqlite::version());
    Ok(())
}
