//! An oracle that nobody here wrote: what a run leaves in a database is what SQLite's own `sqlite3_exec` makes of the
//! same files, and the `sqlite3` shell, since a migration is plain SQL that any tool can run.
//!
//! The shell need not be installed, so its tests are run where they are asked for.

use std::io::Write;
use std::process::{Command, Stdio};

use embed_migrations::{Error, Migrations, embed_migrations};

use crate::databases::{Db, MOMENT, dump, one, shown};

static LESSON: Migrations = embed_migrations!();
static RELATIONS: Migrations = embed_migrations!("tests/run/oracle/relations");
static SEARCH: Migrations = embed_migrations!("tests/run/oracle/search");
static REBUILD: Migrations = embed_migrations!("tests/run/oracle/rebuild");

/// Runs one file on a database, as it is written.
type Oracle = fn(&Db, &str);

/// By SQLite's own function for that.
fn exec(db: &Db, sql: &str) {
    // This SQLite may have foreign keys on or off; the files say so where they have to be off.
    let conn = db.open_with(Some(true));
    embed_migrations_oracle::exec(&conn, sql).unwrap_or_else(|error| panic!("{error}\n{sql}"));
    assert!(conn.is_autocommit(), "{sql}");
}

/// As a person would: `sqlite3 -bail app.db < file`.
fn shell(db: &Db, sql: &str) {
    let mut shell = Command::new("sqlite3")
        .args(["-batch", "-bail", "-cmd", "PRAGMA foreign_keys = ON"])
        .arg(&db.path)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("{error}: this test needs the sqlite3 shell; install it, with `apt install sqlite3` say")
        });
    shell.stdin.take().expect("it is piped").write_all(sql.as_bytes()).expect("it reads");
    let output = shell.wait_with_output().expect("it ends");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && told.is_empty(), "{}\n{told}\n{sql}", output.status);
}

fn agrees(oracle: Oracle, migrations: Migrations, same: impl Fn(&mut Vec<(String, Vec<String>)>)) {
    // After every file, not only at the end: each is a state that some database stops at.
    for last in migrations.iter() {
        let (ours, theirs) = (Db::new(), Db::new());
        let mut conn = ours.open();
        migrations.runner().target(last.version()).run(&mut conn).unwrap_or_else(|error| panic!("{error:?}"));
        for migration in migrations.iter().take_while(|migration| migration.version() <= last.version()) {
            oracle(&theirs, migration.sql());
        }
        let other = theirs.open();
        let (mut dumps, mut expected) = (dump(&conn), dump(&other));
        same(&mut dumps);
        same(&mut expected);
        for (ours, theirs) in dumps.iter().zip(&expected) {
            assert_eq!(ours, theirs, "after {}", last.file_name());
        }
        assert_eq!(dumps.len(), expected.len());
        for pragma in ["user_version", "application_id", "encoding", "auto_vacuum"] {
            let pragma = format!("PRAGMA {pragma}");
            assert_eq!(shown(&conn, &pragma), shown(&other, &pragma), "{pragma} after {}", last.file_name());
        }
        assert_eq!(shown(&other, "PRAGMA integrity_check"), ["ok"]);
        // What others have run counts as applied.
        let mut other = other;
        assert!(migrations.status(&other).is_ok_and(|status| {
            status.applied().last().is_some_and(|applied| applied.version() == last.version())
        }));
        migrations.run(&mut other).unwrap_or_else(|error| panic!("{error:?}"));
    }
}

fn everything(_: &mut Vec<(String, Vec<String>)>) {}

fn agrees_on_plain_tables(oracle: Oracle) {
    agrees(oracle, LESSON, everything);
    agrees(oracle, RELATIONS, everything);
    agrees(oracle, REBUILD, everything);
}

fn agrees_on_virtual_tables(oracle: Oracle) {
    agrees(oracle, SEARCH, |dump| {
        // Another version of FTS5 may lay out its own tables in another way; what it finds is compared below.
        dump.retain(|(name, _)| !name.starts_with("note_search_"));
    });
    let (ours, theirs) = (Db::new(), Db::new());
    SEARCH.run(&mut ours.open()).expect("all is well");
    SEARCH.iter().for_each(|migration| oracle(&theirs, migration.sql()));
    for sql in [
        "SELECT id FROM found ORDER BY id",
        "SELECT rowid FROM note_search WHERE note_search MATCH 'salt' ORDER BY rowid",
        "SELECT rowid FROM note_search WHERE note_search MATCH 'sea' ORDER BY rowid",
        "SELECT id FROM place WHERE min_x > 2",
    ] {
        assert_eq!(shown(&ours.open(), sql), shown(&theirs.open(), sql), "{sql}");
    }
    assert_eq!(shown(&ours.open(), "SELECT id FROM found ORDER BY id"), ["1", "4"]);
}

fn takes_turns_with_the_runner(oracle: Oracle) {
    let db = Db::new();
    for (index, migration) in RELATIONS.iter().enumerate() {
        if index % 2 == 0 {
            oracle(&db, migration.sql());
        } else {
            let report = RELATIONS.runner().target(migration.version()).run(&mut db.open());
            assert_eq!(report.expect("all is well").applied().len(), 1);
        }
    }
    let alone = Db::new();
    RELATIONS.run(&mut alone.open()).expect("all is well");
    assert_eq!(dump(&db.open()), dump(&alone.open()));
    assert_eq!(one::<i64>(&db.open(), "PRAGMA user_version"), 4);
}

#[test]
fn sqlite_agrees_on_keys_triggers_views_and_rebuilt_tables() {
    agrees_on_plain_tables(exec);
}

#[test]
#[ignore = "needs the sqlite3 shell"]
fn the_shell_agrees_on_keys_triggers_views_and_rebuilt_tables() {
    agrees_on_plain_tables(shell);
}

#[test]
fn sqlite_agrees_on_virtual_tables() {
    agrees_on_virtual_tables(exec);
}

#[test]
#[ignore = "needs the sqlite3 shell"]
fn the_shell_agrees_on_virtual_tables() {
    agrees_on_virtual_tables(shell);
}

#[test]
fn sqlite_and_the_runner_take_turns() {
    takes_turns_with_the_runner(exec);
}

#[test]
#[ignore = "needs the sqlite3 shell"]
fn the_shell_and_the_runner_take_turns() {
    takes_turns_with_the_runner(shell);
}

// C8: a process that opens the file by other means than SQLite, and closes it, drops its own locks.
#[test]
#[ignore = "needs the sqlite3 shell"]
fn a_run_drops_no_lock_that_this_process_holds() {
    let db = Db::in_mode("delete");
    LESSON.runner().target("001").run(&mut db.open()).expect("all is well");
    let holder = db.open();
    holder
        .execute_batch("BEGIN IMMEDIATE; INSERT INTO users (email, name) VALUES ('a', 'b')")
        .expect("the lock");
    let mut conn = db.open();
    LESSON.runner().target("001").run(&mut conn).expect("nothing pending");
    LESSON.status(&conn).expect("it reads");
    let result = LESSON.runner().lock_timeout(MOMENT).run(&mut conn);
    assert!(matches!(result, Err(Error::LockTimeout { .. })), "{result:?}");
    drop(conn);
    let output =
        Command::new("sqlite3").arg(&db.path).arg("BEGIN IMMEDIATE").output().expect("the sqlite3 shell");
    assert!(String::from_utf8_lossy(&output.stderr).contains("locked"), "{output:?}");
    holder.execute_batch("COMMIT").expect("nobody was in between");
    assert_eq!(one::<i64>(&db.open(), "SELECT count(*) FROM users"), 1);
}
