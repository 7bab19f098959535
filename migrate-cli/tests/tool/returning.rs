//! `up --backup` and `back`, `verify` and `baseline` on real files: what is shown, what is left behind, and every exit code.

use std::fs;
use std::time::Duration;

use insta::assert_snapshot;
use rusqlite::Connection;

use crate::package::{Package, TOOL};

const USERS: (&str, &str) =
    ("001_create_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);");
const BIO: (&str, &str) = ("002_add_bio.sql", "ALTER TABLE users ADD COLUMN bio TEXT;");

fn open(package: &Package, database: &str) -> Connection {
    Connection::open(package.path(database)).unwrap()
}

fn names(conn: &Connection) -> Vec<String> {
    let mut statement = conn.prepare("SELECT name FROM users ORDER BY 1").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Without times, in names and elsewhere.
fn untimed(text: &str) -> String {
    let mut plain = String::new();
    let mut digits = 0;
    for character in text.replace("ms)", "s)").chars() {
        digits = if character.is_ascii_digit() { digits + 1 } else { 0 };
        plain.push(if character.is_ascii_digit() { '9' } else { character });
    }
    let lines = plain.lines().map(|line| line.split(" (").next().unwrap_or(line));
    lines.map(|line| format!("{line}\n")).collect()
}

/// A package and a database that is at 001, with a row, in a journal mode.
fn at_001(mode: &str) -> Package {
    let package = Package::with(&[USERS]);
    let conn = open(&package, "app.db");
    conn.pragma_update(None, "journal_mode", mode).unwrap();
    package.succeeds(&["up", "-d", "app.db"]);
    conn.execute("INSERT INTO users (name) VALUES ('before')", []).unwrap();
    package.migration(BIO.0, BIO.1);
    package
}

fn files(package: &Package, end: &str) -> Vec<String> {
    package.names("").into_iter().filter(|name| name.ends_with(end)).collect()
}

#[test]
fn a_backup_is_the_way_back() {
    for mode in ["DELETE", "WAL", "TRUNCATE"] {
        let package = at_001(mode);
        let shown = package.succeeds(&["up", "--backup", "-d", "app.db"]);
        assert_eq!(
            untimed(&shown),
            "backed up to [package]/app.db.999-99999999T999999Z.backup\napplied 999_add_bio.sql\napp.db is up to date: 9 applied\n"
        );
        open(&package, "app.db").execute("INSERT INTO users (name, bio) VALUES ('after', 'x')", []).unwrap();

        let shown = package.succeeds(&["back", "--yes", "-d", "app.db"]);
        assert!(shown.contains("what it held before: "), "{shown}");
        let conn = open(&package, "app.db");
        assert_eq!(names(&conn), ["before"], "{mode}");
        assert!(conn.prepare("SELECT bio FROM users").is_err());
        assert_eq!(package.run(&["status", "-d", "app.db"]).code, Some(3));
        // What it was is kept, and the backup too.
        let replaced = files(&package, ".replaced");
        assert_eq!((replaced.len(), files(&package, ".backup").len()), (1, 1));
        assert_eq!(names(&open(&package, &replaced[0])), ["after", "before"]);
        // And once more: the newest backup is still the same one.
        package.succeeds(&["up", "-d", "app.db"]);
        drop(conn);
        package.succeeds(&["back", "--yes", "-d", "app.db"]);
        assert_eq!(names(&open(&package, "app.db")), ["before"]);
    }
}

#[test]
fn a_database_that_is_gone_comes_back() {
    let package = at_001("WAL");
    package.succeeds(&["up", "--backup", "-d", "app.db"]);
    for file in ["app.db", "app.db-wal", "app.db-shm"] {
        let _ = fs::remove_file(package.path(file));
    }
    let shown = package.succeeds(&["back", "--yes", "-d", "app.db"]);
    assert!(!shown.contains("what it held before"), "{shown}");
    assert_eq!(names(&open(&package, "app.db")), ["before"]);
}

// K5: moved into place beside such a WAL, the old content would come back.
#[test]
fn a_wal_that_is_still_there_is_not_replayed() {
    let package = at_001("WAL");
    package.succeeds(&["up", "--backup", "-d", "app.db"]);
    let conn = open(&package, "app.db");
    conn.execute("INSERT INTO users (name) VALUES ('in the WAL')", []).unwrap();
    let wal = fs::read(package.path("app.db-wal")).unwrap();
    let main = fs::read(package.path("app.db")).unwrap();
    drop(conn);
    // As a process leaves it that was killed.
    fs::write(package.path("app.db"), main).unwrap();
    fs::write(package.path("app.db-wal"), wal).unwrap();
    package.succeeds(&["back", "--yes", "-d", "app.db"]);
    let conn = open(&package, "app.db");
    assert_eq!(names(&conn), ["before"]);
    let sound: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    assert_eq!(names(&open(&package, &files(&package, ".replaced")[0])), ["before", "in the WAL"]);
}

#[test]
fn a_database_in_use_is_left_alone() {
    for (mode, begin) in
        [("DELETE", "BEGIN IMMEDIATE"), ("DELETE", "BEGIN; SELECT * FROM users"), ("WAL", "SELECT 1")]
    {
        let package = at_001(mode);
        package.succeeds(&["up", "--backup", "-d", "app.db"]);
        let other = open(&package, "app.db");
        other.execute("INSERT INTO users (name) VALUES ('after')", []).unwrap();
        other.execute_batch(begin).unwrap();
        if begin.contains("SELECT *") {
            // Until the statement is done, the transaction has not begun.
            let _: i64 = other.query_row("SELECT count(*) FROM users", [], |row| row.get(0)).unwrap();
        }
        let said = package.fails(&["back", "--yes", "-d", "app.db", "--lock-timeout", "0"]);
        assert!(said.contains("no other program may use") && said.contains("as it was"), "{mode}: {said}");
        assert_eq!(names(&other), ["after", "before"]);
        assert!(files(&package, ".replaced").is_empty() && files(&package, ".partial").is_empty());
    }
}

#[test]
fn who_cannot_be_asked_is_not_taken_for_a_yes() {
    let package = at_001("WAL");
    assert_snapshot!(package.fails(&["back", "-d", "app.db"]), @"error: app.db: there is no backup beside it; `cargo migrate up --backup` makes one");
    package.succeeds(&["up", "--backup", "-d", "app.db"]);
    assert_snapshot!(package.fails(&["back", "-d", "app.db"]), @"error: nobody is there to be asked; --yes goes back without a question");
    package.write("nonsense.backup", "this is no database, however long it is");
    let said = package.fails(&["back", "--yes", "-d", "app.db", "--backup", "nonsense.backup"]);
    assert!(said.contains("checking the backup") && said.contains("not a database"), "{said}");
    package.write("empty.backup", "");
    let said = package.fails(&["back", "--yes", "-d", "app.db", "--backup", "empty.backup"]);
    assert!(said.contains("empty.backup: the backup holds no tables"), "{said}");
    assert_eq!(names(&open(&package, "app.db")), ["before"]);
}

// SIGKILL at any moment: the database is what it was, or what the backup holds.
#[cfg(unix)]
#[test]
fn a_kill_on_the_way_back_leaves_one_or_the_other() {
    let package = at_001("WAL");
    let conn = open(&package, "app.db");
    conn.execute_batch(
        "INSERT INTO users (name) SELECT 'user ' || value FROM (WITH RECURSIVE n (value) AS
             (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 60000) SELECT value FROM n)",
    )
    .unwrap();
    drop(conn);
    package.succeeds(&["up", "--backup", "-d", "app.db"]);
    open(&package, "app.db").execute("DELETE FROM users WHERE id > 1", []).unwrap();
    let mut ended = 0;
    for round in 0..40_u64 {
        let mut back = package.command(&["back", "--yes", "-d", "app.db"]).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(500 * round));
        let _ = back.kill();
        ended += u32::from(back.wait().unwrap().success());
        let conn = open(&package, "app.db");
        let sound: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        let count: i64 = conn.query_row("SELECT count(*) FROM users", [], |row| row.get(0)).unwrap();
        assert!(sound == "ok" && (count == 1 || count == 60_001), "{round}: {sound}, {count} rows");
        drop(conn);
        open(&package, "app.db").execute("DELETE FROM users WHERE id > 1", []).unwrap();
        for file in files(&package, ".replaced") {
            fs::remove_file(package.path(&file)).unwrap();
        }
    }
    println!("{TOOL}: {ended} of 40 came to their end");
    package.succeeds(&["back", "--yes", "-d", "app.db"]);
}

// ---- verify

#[test]
fn a_schema_is_held_against_the_migrations() {
    let package = at_001("WAL");
    let fine = package.succeeds(&["verify", "-d", "app.db"]);
    assert_eq!(fine, "app.db is what the migrations make\n");
    open(&package, "app.db")
        .execute_batch("ALTER TABLE users ADD COLUMN nick TEXT; CREATE TABLE other (a)")
        .unwrap();
    assert_snapshot!(package.finds(&["verify", "-d", "app.db", "--ignoring", "other"]));
    package.migration(USERS.0, "CREATE TABLE users (id INTEGER PRIMARY KEY, full_name TEXT);");
    fs::remove_file(package.path("migrations/002_add_bio.sql")).unwrap();
    assert_snapshot!(package.finds(&["verify", "-d", "app.db"]));
    package.succeeds(&["lock"]);
    assert!(
        !package.finds(&["verify", "-d", "app.db"]).contains("an edit of"),
        "what has shipped was not edited"
    );
    assert_snapshot!(package.fails(&["verify", "-d", "nowhere.db"]), @"error: nowhere.db: there is no such file");
}

#[test]
fn functions_of_the_program_are_stood_in_for() {
    let package = Package::with(&[(
        "001_create_users.sql",
        "CREATE TABLE users (name TEXT, short TEXT AS (brief(name)));",
    )]);
    package.embeds("\"migrations\", functions = [\"brief/1\"]");
    let conn = open(&package, "app.db");
    conn.create_scalar_function("brief", 1, rusqlite::functions::FunctionFlags::SQLITE_DETERMINISTIC, |_| {
        Ok(1)
    })
    .unwrap();
    conn.execute_batch(&package.read("migrations/000_create_schema_migrations.sql")).unwrap();
    conn.execute_batch(&package.read("migrations/001_create_users.sql")).unwrap();
    package.succeeds(&["verify", "-d", "app.db"]);
}

// ---- baseline

#[test]
fn a_database_of_another_tool_gets_a_history() {
    let package = Package::with(&[USERS, BIO]);
    open(&package, "app.db")
        .execute_batch(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO users (name) VALUES ('before');
             CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY); CREATE TABLE other (a)",
        )
        .unwrap();
    assert_snapshot!(package.finds(&["baseline", "002", "-d", "app.db"]));
    assert_eq!(
        package.succeeds(&["baseline", "1", "-d", "app.db", "--ignoring", "other"]),
        "app.db is at version 001\n"
    );
    package.succeeds(&["up", "-d", "app.db"]);
    assert_eq!(names(&open(&package, "app.db")), ["before"]);
    // A history is there now, and it is another one than what is asked for.
    let ran = package.run(&["baseline", "001", "-d", "app.db", "--ignoring", "other"]);
    assert_eq!(ran.code, Some(4), "{ran:?}");
    assert!(
        package
            .fails(&["baseline", "009", "-d", "app.db"])
            .ends_with("error: 009: there is no such version; the newest one is 002\n")
    );
    assert!(package.fails(&["baseline", "001", "-d", "nowhere.db"]).contains("unable to open"));
    assert!(!package.path("nowhere.db").exists());
}
