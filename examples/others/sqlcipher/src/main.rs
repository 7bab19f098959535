//! An encrypted database: the key comes before everything else, the migrations included.

use std::error::Error;
use std::fs;
use std::path::Path;

use embed_migrations::{Backup, Migrations, embed_migrations};
use rusqlite::{Connection, ErrorCode};

static MIGRATIONS: Migrations = embed_migrations!("../migrations");

fn open(path: &Path, key: &str) -> Result<Connection, Box<dyn Error>> {
    let with_key = |conn: &Connection| conn.pragma_update(None, "key", key); // never fails: it is tried when the file is read
    // The backup is read and written with the key as well.
    let backup = Backup::beside_database().keep(3).open_with(|path| {
        let conn = Connection::open(path)?;
        with_key(&conn)?;
        Ok(conn)
    });
    let (conn, _) = MIGRATIONS.runner().backup(backup).open_with(path, with_key)?;
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

    // What an older release has left is backed up before it is migrated, and the copy is as secret.
    let older = folder.path().join("older.db");
    MIGRATIONS
        .runner()
        .target("000")
        .open_with(&older, |conn| conn.pragma_update(None, "key", "correct horse"))?;
    let plain = MIGRATIONS
        .runner()
        .backup(Backup::beside_database())
        .open_with(&older, |conn| conn.pragma_update(None, "key", "correct horse"));
    assert!(matches!(plain, Err(embed_migrations::Error::Backup { .. })), "a copy without a key: {plain:?}");
    drop(open(&older, "correct horse")?);
    let names = fs::read_dir(folder.path())?.map(|entry| entry.map(|entry| entry.path()));
    let copy = names.filter_map(Result::ok).find(|path| path.extension().is_some_and(|end| end == "backup"));
    let copy = copy.expect("something was pending");
    assert!(!fs::read(&copy)?.starts_with(b"SQLite format 3"), "the copy is not encrypted");
    let conn = Connection::open(&copy)?;
    conn.pragma_update(None, "key", "correct horse")?;
    assert_eq!(MIGRATIONS.status(&conn)?.applied().len(), 1);

    println!("sqlcipher: SQLCipher {cipher}, SQLite {}; with a wrong key: {error}", rusqlite::version());
    Ok(())
}
