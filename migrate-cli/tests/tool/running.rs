//! `status` and `up` on real files: what is shown, what is left behind, and every exit code.

use std::fs;
use std::io::Read as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use insta::assert_snapshot;
use rusqlite::Connection;

use crate::package::Package;

const USERS: (&str, &str) =
    ("001_create_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);");
const BIO: (&str, &str) = ("002_add_bio.sql", "ALTER TABLE users ADD COLUMN bio TEXT;");

/// Runs for minutes unless somebody stops it.
const ENDLESS: (&str, &str) = (
    "003_endless.sql",
    "CREATE TABLE numbers (n INTEGER);\n\
     INSERT INTO numbers WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT (SELECT 4000000000 * count(*) FROM users)) SELECT n FROM r;",
);

fn open(package: &Package, database: &str) -> Connection {
    Connection::open(package.path(database)).unwrap()
}

fn versions(conn: &Connection) -> Vec<String> {
    let mut statement = conn.prepare("SELECT version FROM schema_migrations ORDER BY 1").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Without the times, which differ.
fn untimed(text: &str) -> String {
    let lines = text.lines().map(|line| line.split(" (").next().unwrap_or(line));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_database_that_is_not_there_has_everything_pending_and_is_not_made() {
    let package = Package::with(&[USERS]);
    let ran = package.run(&["status", "--database", "app.db"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(3), "app.db: there is no such file yet\n"));
    assert_snapshot!(ran.out, @r"
    version  name                      state
    000      create_schema_migrations  pending
    001      create_users              pending

    0 applied, 2 pending
    ");
    assert!(!package.path("app.db").exists());
}

/// It may hold what nobody else should see.
#[test]
fn help_does_not_show_the_url_of_the_database() {
    let package = Package::empty();
    let output = package.command(&["up", "--help"]).env("DATABASE_URL", "sqlite:secret").output().unwrap();
    let help = package.ran(output).out;
    assert!(help.contains("DATABASE_URL") && !help.contains("secret"), "{help}");
}

#[test]
fn what_is_pending_is_applied_and_then_nothing_is() {
    let package = Package::with(&[USERS, BIO]);
    assert_snapshot!(untimed(&package.succeeds(&["up", "--database", "app.db", "--to", "1"])), @r"
    applied 000_create_schema_migrations.sql
    applied 001_create_users.sql
    app.db is as far as was asked: 2 applied
    ");
    let ran = package.run(&["status", "--database", "sqlite:app.db"]);
    assert_eq!(ran.code, Some(3));
    assert_snapshot!(ran.out, @r"
    version  name                      state
    000      create_schema_migrations  applied
    001      create_users              applied
    002      add_bio                   pending

    2 applied, 1 pending
    ");
    let mut command = package.command(&["up"]);
    let ran = package.ran(command.env("DATABASE_URL", "sqlite://app.db?mode=rwc").output().unwrap());
    assert_eq!(
        (ran.code, untimed(&ran.out).as_str()),
        (Some(0), "applied 002_add_bio.sql\napp.db is up to date: 1 applied\n")
    );
    assert_eq!(package.succeeds(&["up", "-d", "app.db"]), "app.db is up to date: 0 applied\n");
    package.succeeds(&["status", "-d", "app.db"]);
    assert_eq!(versions(&open(&package, "app.db")), ["000", "001", "002"]);
    let json: serde_json::Value =
        serde_json::from_str(&package.succeeds(&["status", "-d", "app.db", "--format", "json"])).unwrap();
    assert_eq!(
        (json["applied"].as_array().unwrap().len(), json["pending"].as_array().unwrap().len()),
        (3, 0)
    );
    assert_snapshot!(package.fails(&["up", "-d", "app.db", "--to", "9"]), @"error: --to 9: there is no such version; the newest one is 002");
}

// A URI is a file to all that looks at it, not only to SQLite.
#[test]
fn a_uri_names_the_same_file_to_every_command() {
    let package = Package::with(&[USERS]);
    package.succeeds(&["up", "-d", "file:app.db"]);
    let url = format!("file://{}?mode=rwc", package.path("app.db").display());
    for database in ["app.db", "file:app.db", "sqlite:file:app.db", url.as_str()] {
        package.succeeds(&["status", "-d", database]);
        package.succeeds(&["verify", "-d", database]);
    }
    assert!(!package.path("file:app.db").exists());
    let none = package.fails(&["up", "-d", "file:app?mode=memory&cache=shared"]);
    assert!(none.contains("there is no file in this"), "{none}");
}

#[test]
fn looking_changes_nothing_of_the_file() {
    let package = Package::with(&[USERS]);
    package.succeeds(&["up", "-d", "app.db"]);
    for mode in ["DELETE", "WAL"] {
        open(&package, "app.db").pragma_update(None, "journal_mode", mode).unwrap();
        let state = || {
            let metadata = fs::metadata(package.path("app.db")).unwrap();
            (metadata.modified().unwrap(), fs::read(package.path("app.db")).unwrap())
        };
        let before = state();
        std::thread::sleep(Duration::from_millis(20));
        package.succeeds(&["status", "-d", "app.db"]);
        assert!(before == state(), "{mode}");
    }
}

/// A program that was killed leaves what it has written in the log beside the file. A connection that may write would put it
/// into the file when it closes.
#[test]
fn a_log_that_a_crash_has_left_is_read_and_left_where_it_is() {
    let package = Package::with(&[USERS]);
    package.succeeds(&["up", "-d", "app.db", "--to", "0"]);
    let program = open(&package, "app.db");
    program.pragma_update(None, "journal_mode", "WAL").unwrap();
    program.execute_batch(&package.read("migrations/001_create_users.sql")).unwrap();
    for end in ["", "-wal"] {
        fs::copy(package.path(&format!("app.db{end}")), package.path(&format!("left.db{end}"))).unwrap();
    }
    let file = fs::read(package.path("left.db")).unwrap();
    assert!(!fs::read(package.path("left.db-wal")).unwrap().is_empty());
    let shown = package.succeeds(&["status", "-d", "left.db"]);
    assert!(shown.ends_with("2 applied, 0 pending\n"), "{shown}");
    assert!(fs::read(package.path("left.db")).unwrap() == file);
}

#[test]
fn a_newer_database_and_another_history_are_told_apart_from_a_failure() {
    let package = Package::with(&[USERS, BIO]);
    package.succeeds(&["up", "-d", "newer.db"]);
    package.succeeds(&["up", "-d", "renamed.db"]);
    open(&package, "renamed.db")
        .execute("UPDATE schema_migrations SET name = 'x' WHERE version = '001'", [])
        .unwrap();
    open(&package, "rails.db")
        .execute_batch("CREATE TABLE schema_migrations (version TEXT PRIMARY KEY)")
        .unwrap();
    fs::remove_file(package.path("migrations/002_add_bio.sql")).unwrap();
    for (database, words) in
        [("newer.db", "002"), ("renamed.db", "records version 001 as `x`"), ("rails.db", "schema_migrations")]
    {
        for command in ["status", "up"] {
            let before = fs::read(package.path(database)).unwrap();
            let ran = package.run(&[command, "-d", database]);
            assert_eq!(ran.code, Some(4), "{command} {database}: {ran:?}");
            assert!(ran.err.contains(words), "{ran:?}");
            assert!(before == fs::read(package.path(database)).unwrap(), "{command} {database}");
        }
    }
}

#[test]
fn what_is_no_database_is_a_wrong_use() {
    let package = Package::with(&[USERS]);
    package.write("text.db", &"this is no database ".repeat(100));
    for command in ["status", "up"] {
        assert!(package.fails(&[command, "-d", "text.db"]).contains("not a database"));
        assert!(package.fails(&[command, "-d", "migrations"]).contains("this is a folder"));
        let other = package.fails(&[command, "-d", "postgres://localhost/x"]);
        assert!(other.contains("postgres is not a scheme"), "{other}");
        assert!(package.fails(&[command, "-d", "sqlite::memory:"]).contains("there is no file in this"));
        assert!(package.fails(&[command]).contains("--database"));
    }
    assert!(package.fails(&["up", "-d", "nowhere/app.db"]).starts_with("error: nowhere/app.db: "));
    assert!(package.read("text.db").starts_with("this is no database"));
}

#[test]
fn a_locked_database_is_waited_for_and_then_told() {
    let package = Package::with(&[USERS]);
    let other = open(&package, "app.db");
    other.execute_batch("BEGIN EXCLUSIVE; CREATE TABLE a (b)").unwrap();
    let begun = Instant::now();
    for command in ["status", "up"] {
        let ran = package.run(&[command, "-d", "app.db", "--lock-timeout", "1"]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.err.contains("locked"), "{ran:?}");
    }
    assert!(begun.elapsed() >= Duration::from_secs(2));
    other.execute_batch("ROLLBACK").unwrap();
    package.succeeds(&["up", "-d", "app.db"]);
}

#[test]
fn what_does_not_compile_is_not_applied() {
    let package = Package::with(&[USERS, ("002_half.sql", "CREATE TABLE half (")]);
    assert!(package.finds(&["up", "-d", "app.db"]).contains("002_half.sql"));
    package.write("migrations/002_half.sql", "BEGIN;\nCREATE TAB");
    assert!(package.finds(&["up", "-d", "app.db"]).contains("[no-transaction]"));
    assert!(package.finds(&["status", "-d", "app.db"]).contains("[no-transaction]"));
    assert!(!package.path("app.db").exists());
}

#[test]
fn a_migration_that_fails_on_real_rows_says_where_and_what_is_kept() {
    let unique = "-- migrate: allow(fails-with-duplicates): names differ\nCREATE UNIQUE INDEX one_name ON users (name);";
    let package = Package::with(&[USERS, BIO, ("003_unique.sql", unique)]);
    package.succeeds(&["up", "-d", "app.db", "--to", "1"]);
    open(&package, "app.db").execute_batch("INSERT INTO users (name) VALUES ('Ann'), ('Ann')").unwrap();
    let ran = package.run(&["up", "-d", "app.db"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.err.contains("003_unique.sql:3:40") && ran.err.contains("UNIQUE constraint failed: users.name"),
        "{ran:?}"
    );
    assert_eq!(versions(&open(&package, "app.db")), ["000", "001", "002"]);
}

#[test]
fn a_file_that_needs_a_function_of_the_program_is_left_to_it() {
    let package = Package::with(&[USERS, ("002_fold.sql", "UPDATE users SET name = fold(name, 1);")]);
    package.embeds("functions = [\"fold/2\"]");
    let ran = package.run(&["up", "-d", "app.db"]);
    assert_eq!(ran.code, Some(1));
    assert_snapshot!(ran.err, @"error: migrations/002_fold.sql:2:25: the file calls `fold`, which only the program has; start the program to apply it, or stop before it with --to");
    assert!(!package.path("app.db").exists());
    package.succeeds(&["up", "-d", "app.db", "--to", "001"]);
    // Once the program has applied it, the tool may go on.
    let conn = open(&package, "app.db");
    conn.execute("INSERT INTO schema_migrations (version, name) VALUES ('002', 'fold')", []).unwrap();
    package.migration("003_bio.sql", "ALTER TABLE users ADD COLUMN bio TEXT;");
    package.succeeds(&["up", "-d", "app.db"]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_nothing_half_done() {
    let package = Package::with(&[USERS, BIO, ENDLESS]);
    package.succeeds(&["up", "-d", "app.db", "--to", "1"]);
    open(&package, "app.db").execute_batch("INSERT INTO users (name) VALUES ('Ann')").unwrap();
    let mut command = package.command(&["up", "-d", "app.db"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The rehearsal, which bounds such a file, comes first; then the file runs, and the journal shows it.
    let until = Instant::now() + Duration::from_secs(60);
    while !package.path("app.db-journal").exists() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(300));
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    let (ended, has_ended) = std::sync::mpsc::channel::<()>();
    std::thread::spawn(move || {
        if has_ended.recv_timeout(Duration::from_secs(20)).is_err() {
            let _ = rustix::process::kill_process(id, rustix::process::Signal::KILL);
        }
    });
    let ran = package.ran(child.wait_with_output().unwrap());
    ended.send(()).unwrap();
    assert_eq!(ran.code, Some(130), "{ran:?}");
    assert_eq!(ran.out, "interrupted at 003_endless.sql: 0 applied, and nothing is half done\n");
    let conn = open(&package, "app.db");
    assert_eq!(versions(&conn), ["000", "001"]);
    let sound: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    let tables: i64 = conn
        .query_row("SELECT count(*) FROM sqlite_master WHERE name = 'numbers'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 0);
}

#[test]
fn a_reader_that_has_gone_ends_nothing() {
    let many: Vec<_> = (1..200).map(|number| format!("{number:03}_a.sql")).collect();
    let package = Package::with(&many.iter().map(|name| (name.as_str(), "SELECT 1;")).collect::<Vec<_>>());
    for arguments in [&["up", "-d", "app.db"][..], &["status", "-d", "app.db"]] {
        let mut command = package.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""), "{arguments:?}");
    }
    assert_eq!(versions(&open(&package, "app.db")).len(), 200);
}

/// A terminal of a test's own, and what is written to it.
#[cfg(unix)]
fn on_a_terminal(package: &Package, arguments: &[&str], no_color: bool) -> (Option<i32>, String) {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let end = fs::OpenOptions::new().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    let mut command = package.command(arguments);
    command.env("TERM", "xterm").stdout(end.try_clone().unwrap()).stderr(end.try_clone().unwrap());
    if no_color {
        command.env("NO_COLOR", "1");
    }
    let mut child = command.spawn().unwrap();
    drop((command, end));
    let reader = std::thread::spawn(move || {
        let mut file = fs::File::from(terminal);
        let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
        // Linux ends a terminal that nobody writes to any more with an error.
        while let Ok(count @ 1..) = file.read(&mut buffer) {
            seen.extend_from_slice(&buffer[..count]);
        }
        seen
    });
    let code = child.wait().unwrap().code();
    (code, String::from_utf8_lossy(&reader.join().unwrap()).into_owned())
}

#[cfg(unix)]
#[test]
fn colours_are_for_a_terminal_alone() {
    let package = Package::with(&[USERS, ("002_a.sql", "ALTER TABLE usres ADD a;")]);
    let (code, seen) = on_a_terminal(&package, &["check"], false);
    assert_eq!(code, Some(1));
    assert!(seen.contains("\u{1b}[") && seen.contains("error[sql-error]"), "{seen:?}");
    assert!(!package.finds(&["check"]).contains('\u{1b}'));
    assert!(!on_a_terminal(&package, &["check"], true).1.contains('\u{1b}'));
    assert!(!on_a_terminal(&package, &["--color", "never", "check"], false).1.contains('\u{1b}'));
    assert!(package.finds(&["check", "--color", "always"]).contains('\u{1b}'));
    let (_, failed) = on_a_terminal(&package, &["explain", "x"], false);
    assert!(failed.contains("\u{1b}["), "{failed:?}");
}

#[cfg(unix)]
#[test]
fn a_bar_is_seen_on_a_terminal_where_a_run_takes_long() {
    let slow = (
        "003_slow.sql",
        "CREATE TABLE numbers (n INTEGER);\n\
         INSERT INTO numbers WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT (SELECT count(*) FROM users)) SELECT n FROM r;",
    );
    let package = Package::with(&[USERS, BIO, slow]);
    package.succeeds(&["up", "-d", "app.db", "--to", "1"]);
    open(&package, "app.db")
        .execute_batch(
            "INSERT INTO users (name) WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 3000000) SELECT n FROM r",
        )
        .unwrap();
    fs::copy(package.path("app.db"), package.path("again.db")).unwrap();
    let (code, seen) = on_a_terminal(&package, &["up", "-d", "app.db"], false);
    assert_eq!(code, Some(0), "{seen}");
    assert!(seen.contains("1/2 003_slow.sql"), "{seen:?}");
    assert!(seen.contains("applied 003_slow.sql"), "{seen:?}");
    let ran = package.run(&["up", "-d", "again.db"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert!(!ran.out.contains("1/2"), "{ran:?}");
}
