//! Steps in Rust: where they run, what becomes of an error or a panic in one, and that none gets away with the
//! transaction.

use std::error::Error as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use embed_migrations::rusqlite::{self, Connection};
use embed_migrations::{Backup, Cause, Error, Event, Migrations, Reached, embed_migrations};
use insta::assert_snapshot;

use crate::databases::{Db, folder, reached, recorded, state, versions};

/// The same files, with a step of this path.
macro_rules! with {
    ($step:path) => {{
        static MIGRATIONS: Migrations = embed_migrations!("tests/run/steps/migrations", steps = [$step]);
        MIGRATIONS
    }};
}

/// A module with a step called `work` for each.
macro_rules! steps {
    ($($module:ident: $sql:literal;)*) => {$(
        mod $module {
            pub(super) fn work(conn: &super::Connection) -> super::rusqlite::Result<()> {
                conn.execute_batch($sql)
            }
        }
    )*};
}

steps! {
    commits: "COMMIT";
    commits_and_begins: "UPDATE users SET hash = 'kept'; COMMIT; BEGIN";
    commits_and_opens_a_savepoint: "COMMIT; SAVEPOINT migrate";
    rolls_back: "ROLLBACK";
    rolls_back_and_begins: "ROLLBACK; BEGIN";
    commits_and_fails: "COMMIT; SELECT * FROM missing";
    releases_what_it_can_name: "RELEASE migrate";
    rolls_back_to_what_it_can_name: "ROLLBACK TO migrate";
    leaves_a_savepoint: "SAVEPOINT migrate; UPDATE users SET hash = 'in it'; SAVEPOINT \"another one\"";
    leaves_a_savepoint_and_fails: "SAVEPOINT migrate; UPDATE users SET hash = 'in it'; SELECT * FROM missing";
    is_in_the_way: "SAVEPOINT migrate; INSERT INTO users (id, password) VALUES (-1, 'x'); CREATE TRIGGER no BEFORE INSERT ON users BEGIN SELECT RAISE(ABORT, 'no more'); END";
    is_rolled_back_by_sqlite: "INSERT OR ROLLBACK INTO users (id, password) SELECT id, password FROM users";
    records_another: "INSERT INTO schema_migrations (version, name) VALUES ('003', 'create_words')";
    watches_the_record: "CREATE TRIGGER watch AFTER INSERT ON schema_migrations BEGIN SELECT 1; END";
}

mod hashes {
    use super::{Connection, rusqlite};

    /// Gives how many, which nobody asks for.
    pub(super) fn work(conn: &Connection) -> rusqlite::Result<usize> {
        let timeout: i64 = conn.query_row("PRAGMA busy_timeout", [], |row| row.get(0))?;
        assert_eq!(timeout, 0, "nothing waits in a step");
        assert!(!conn.is_autocommit());
        let passwords: Vec<(i64, String)> = conn
            .prepare("SELECT id, password FROM users")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        passwords.iter().try_fold(0, |count, (id, password)| {
            let hash: String = password.chars().rev().collect();
            Ok(count + conn.execute("UPDATE users SET hash = ?1 WHERE id = ?2", (hash, id))?)
        })
    }
}

mod panics {
    use super::{Connection, rusqlite};

    pub(super) fn work(conn: &Connection) -> rusqlite::Result<()> {
        conn.execute_batch("UPDATE users SET hash = 'half'")?;
        panic!("out of luck")
    }
}

mod asks_for_another_set {
    use super::{Connection, Error, Migrations, embed_migrations};

    static LESSON: Migrations = embed_migrations!();

    pub(super) fn work(_: &Connection) -> Result<(), Error> {
        LESSON.in_memory().map(drop)
    }
}

mod commits_and_panics {
    use super::{Connection, rusqlite};

    pub(super) fn work(conn: &Connection) -> rusqlite::Result<()> {
        conn.execute_batch("COMMIT; BEGIN; DELETE FROM users")?;
        panic!("out of luck")
    }
}

/// An error of the application's.
#[derive(Debug)]
struct Unhashable(u32);

impl std::fmt::Display for Unhashable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "password {} cannot be\nhashed", self.0)
    }
}

impl std::error::Error for Unhashable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&rusqlite::Error::InvalidQuery)
    }
}

mod fails {
    use super::{Connection, Unhashable};

    pub(super) fn work(conn: &Connection) -> Result<(), Unhashable> {
        conn.execute_batch("UPDATE users SET hash = 'half'").expect("it is there");
        Err(Unhashable(7))
    }
}

mod words {
    use super::Connection;

    pub(super) fn work(_: &Connection) -> Result<(), String> {
        Err("in words".to_owned())
    }
}

mod boxed {
    use super::Connection;

    pub(super) fn work(conn: &Connection) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        super::commits::work(conn)?;
        Ok(())
    }
}

/// A column of texts.
fn texts(conn: &Connection, query: &str) -> Vec<String> {
    let mut statement = conn.prepare(query).expect("a query");
    let texts = statement.query_map([], |row| row.get(0)).expect("rows");
    texts.collect::<rusqlite::Result<_>>().expect("texts")
}

fn migrated_to(migrations: Migrations, target: &str) -> (Db, Connection) {
    let db = Db::new();
    let mut conn = db.open();
    migrations.runner().target(target).run(&mut conn).expect("nothing is in the way");
    (db, conn)
}

#[test]
fn a_step_runs_where_its_file_calls_it() {
    let migrations = with!(hashes::work);
    let (_db, mut conn) = migrated_to(migrations, "001");
    conn.execute_batch("INSERT INTO users (password) VALUES ('abc')").expect("a row");
    let before = state(&conn);
    let report = migrations.run(&mut conn).expect("it runs");
    assert_eq!(versions(report.applied()), ["002", "003"]);
    assert_eq!(
        texts(&conn, "SELECT password || ' ' || hash FROM users ORDER BY id"),
        ["abc cba", "early ylrae", "late LATE"]
    );
    assert_eq!(state(&conn), before);
    assert!(migrations.run(&mut conn).expect("it runs").applied().is_empty());
}

#[test]
fn an_error_in_a_step_rolls_its_file_back() {
    let migrations = with!(fails::work);
    let db = Db::new();
    let mut conn = db.open();
    let before = state(&conn);
    let error = migrations.run(&mut conn).expect_err("the step fails");
    let Error::Failed { migration, place, statement, kept, source, .. } = &error else { panic!("{error:?}") };
    assert_eq!((migration.version(), place.line, place.column), ("002", 5, 1));
    assert_eq!(*statement, "SELECT migrate_step('work');");
    assert_eq!((versions(&kept.applied), reached(kept)), (vec!["000", "001"], Some("001")));
    assert!(matches!(&**source, Cause::Step { name: "work", transaction_ended: false, .. }));
    let cause = error.source().expect("the cause");
    assert!(cause.downcast_ref::<Cause>().is_some());
    let own = cause.source().and_then(|source| source.downcast_ref::<Unhashable>());
    assert_eq!(own.map(|error| error.0), Some(7));
    assert_eq!(texts(&conn, "SELECT password FROM users"), [""; 0]);
    assert_eq!(state(&conn), before);
    assert_snapshot!(format!("{error:?}"), @r"
    002_hash_passwords.sql:5:1: the migration failed; the database is at 001_create_users.sql
      |
    5 | SELECT migrate_step('work');
      | ^^^^^^
      statement: SELECT migrate_step('work');
      cause: the step `work` failed: password 7 cannot be\nhashed: Query is not read-only
      applied by this run and kept: 000_create_schema_migrations.sql, 001_create_users.sql
    ");
    assert_snapshot!(cause.to_string(), @"the step `work` failed");
}

#[test]
fn a_step_counts_as_the_statement_that_calls_it() {
    let migrations = with!(hashes::work);
    let (_db, mut conn) = migrated_to(migrations, "001");
    let mut told = Vec::new();
    let mut runner = migrations.runner().target("002").on_event(|event| {
        if let Event::Step { statement, of, .. } = event {
            told.push((statement, of));
        }
    });
    runner.run(&mut conn).expect("it runs");
    drop(runner);
    assert_eq!(told, [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]);
}

#[test]
fn errors_of_any_kind_come_out() {
    for (migrations, told) in [
        (with!(words::work), "in words"),
        (with!(leaves_a_savepoint_and_fails::work), "no such table: missing"),
    ] {
        let (_db, mut conn) = migrated_to(migrations, "001");
        let error = migrations.run(&mut conn).expect_err("the step fails");
        let cause = error.source().and_then(|cause| cause.source()).expect("what the step returned");
        assert!(cause.to_string().contains(told), "{cause}");
        assert_eq!(texts(&conn, "SELECT password FROM users"), [""; 0], "{told}");
        assert!(conn.is_autocommit(), "{told}");
    }
}

#[test]
fn a_panic_in_a_step_goes_on_and_leaves_the_connection_as_it_was() {
    let migrations = with!(panics::work);
    for all_or_nothing in [false, true] {
        let (_db, mut conn) = migrated_to(migrations, "001");
        let before = state(&conn);
        let mut runner = migrations.runner();
        if all_or_nothing {
            runner = runner.all_or_nothing();
        }
        let result = catch_unwind(AssertUnwindSafe(|| runner.run(&mut conn)));
        let panic = result.expect_err("the panic goes on");
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"out of luck"));
        assert_eq!(state(&conn), before);
        assert_eq!(recorded(&conn), ["000", "001"]);
        assert_eq!(texts(&conn, "SELECT password FROM users"), [""; 0]);
        with!(hashes::work).run(&mut conn).expect("the connection is as good as it was");
    }
}

#[test]
fn a_step_that_ends_the_transaction_is_caught() {
    for (name, migrations, kept_rows) in [
        ("COMMIT", with!(commits::work), 1),
        ("COMMIT; BEGIN", with!(commits_and_begins::work), 1),
        ("COMMIT; SAVEPOINT", with!(commits_and_opens_a_savepoint::work), 1),
        ("COMMIT in a box", with!(boxed::work), 1),
        ("ROLLBACK", with!(rolls_back::work), 0),
        ("ROLLBACK; BEGIN", with!(rolls_back_and_begins::work), 0),
    ] {
        let (_db, mut conn) = migrated_to(migrations, "001");
        let before = state(&conn);
        let error = migrations.run(&mut conn).expect_err("the step ends the transaction");
        let Error::Failed { place, kept, source, .. } = &error else { panic!("{name}: {error:?}") };
        assert!(matches!(&**source, Cause::TransactionEnded), "{name}: {error:?}");
        assert_eq!((place.line, place.column), (5, 1), "{name}");
        assert_eq!(reached(kept), Some("001"), "{name}");
        assert_eq!(recorded(&conn), ["000", "001"], "{name}");
        // What a COMMIT has kept, nobody can take back: that is what the error says.
        assert_eq!(texts(&conn, "SELECT password FROM users").len(), kept_rows, "{name}");
        assert!(source.to_string().contains("a part of the file may have been kept"), "{source}");
        assert_eq!(state(&conn), before, "{name}");
        assert_eq!(backups_of_a_failing_run(migrations), kept_rows, "{name}");
    }
}

#[test]
fn a_step_may_ask_for_another_set_in_memory() {
    let (done, waiting) = std::sync::mpsc::channel();
    std::thread::spawn(move || done.send(with!(asks_for_another_set::work).in_memory().is_ok()));
    assert_eq!(waiting.recv_timeout(std::time::Duration::from_secs(60)), Ok(true));
}

/// How many backups a run that fails leaves: none, unless something has changed.
fn backups_of_a_failing_run(migrations: Migrations) -> usize {
    let (db, mut conn) = migrated_to(migrations, "001");
    let run = || migrations.runner().backup(Backup::beside_database()).run(&mut conn).is_ok();
    assert_ne!(catch_unwind(AssertUnwindSafe(run)).ok(), Some(true));
    backups(&db)
}

fn backups(db: &Db) -> usize {
    let files = std::fs::read_dir(db.path.parent().expect("a folder")).expect("it can be read");
    files
        .filter(|file| file.as_ref().is_ok_and(|file| file.path().extension() == Some("backup".as_ref())))
        .count()
}

// Whether a part of the file is kept, no other connection can tell.
#[test]
fn a_backup_stays_where_a_step_has_ended_the_transaction_of_an_exclusive_connection() {
    for (migrations, stay) in [(with!(commits::work), 1), (with!(fails::work), 0)] {
        let (db, mut conn) = migrated_to(migrations, "001");
        conn.pragma_update(None, "locking_mode", "EXCLUSIVE").expect("it is set");
        migrations.runner().backup(Backup::beside_database()).run(&mut conn).expect_err("the step fails");
        assert_eq!(backups(&db), stay, "{migrations:?}");
    }
}

#[test]
fn a_backup_stays_where_a_step_has_committed_before_it_panicked() {
    assert_eq!(backups_of_a_failing_run(with!(commits_and_panics::work)), 1);
    assert_eq!(backups_of_a_failing_run(with!(panics::work)), 0);
}

#[test]
fn a_step_that_ends_the_transaction_and_fails_tells_both() {
    for (migrations, kept_rows, told) in [
        (with!(commits_and_fails::work), 1, "no such table: missing"),
        (with!(is_rolled_back_by_sqlite::work), 0, "UNIQUE constraint failed"),
    ] {
        let (_db, mut conn) = migrated_to(migrations, "001");
        let error = migrations.run(&mut conn).expect_err("the step fails");
        let Error::Failed { source, kept, .. } = &error else { panic!("{error:?}") };
        assert!(matches!(&**source, Cause::Step { transaction_ended: true, .. }), "{error:?}");
        assert_eq!(kept.database, Reached::Migration(migrations.get("001").expect("it is embedded")));
        assert!(source.to_string().contains("may have been kept"), "{source}");
        assert!(source.source().is_some_and(|source| source.to_string().contains(told)), "{error:?}");
        assert_eq!(texts(&conn, "SELECT password FROM users").len(), kept_rows);
        assert!(conn.is_autocommit());
        assert_eq!(backups_of_a_failing_run(migrations), kept_rows);
    }
}

#[test]
fn the_savepoints_of_a_run_are_nothing_that_a_step_can_name() {
    for migrations in [with!(releases_what_it_can_name::work), with!(rolls_back_to_what_it_can_name::work)] {
        let (_db, mut conn) = migrated_to(migrations, "001");
        let error = migrations.run(&mut conn).expect_err("there is no such savepoint");
        let told = error.source().and_then(|cause| cause.source()).expect("SQLite's answer").to_string();
        assert!(told.contains("no such savepoint: migrate"), "{told}");
        assert_eq!(texts(&conn, "SELECT password FROM users"), [""; 0]);
    }
}

#[test]
fn a_savepoint_that_a_step_leaves_open_ends_with_the_step() {
    let migrations = with!(leaves_a_savepoint::work);
    let (db, mut conn) = migrated_to(migrations, "001");
    migrations.run(&mut conn).expect("it runs");
    assert!(conn.is_autocommit());
    let other = db.open();
    assert_eq!(texts(&other, "SELECT hash FROM users ORDER BY id"), ["in it", "LATE"]);

    // And what fails after it takes all of the file back, what was done in that savepoint as well.
    let migrations = with!(is_in_the_way::work);
    let (_db, mut conn) = migrated_to(migrations, "001");
    let error = migrations.run(&mut conn).expect_err("the trigger is in the way");
    let Error::Failed { place, .. } = &error else { panic!("{error:?}") };
    assert_eq!((place.line, place.column), (8, 1));
    assert_eq!(texts(&conn, "SELECT password FROM users"), [""; 0]);
    assert_eq!(texts(&conn, "SELECT name FROM sqlite_master WHERE type = 'trigger'"), [""; 0]);
    assert_eq!(recorded(&conn), ["000", "001"]);
}

#[test]
fn what_a_step_does_to_the_record_is_seen() {
    let (_db, mut conn) = migrated_to(with!(records_another::work), "001");
    let error = with!(records_another::work).run(&mut conn).expect_err("it records another one");
    assert!(matches!(&error, Error::Failed { source, .. } if matches!(**source, Cause::NotRecorded { .. })));
    let (_db, mut conn) = migrated_to(with!(watches_the_record::work), "001");
    let error = with!(watches_the_record::work).run(&mut conn).expect_err("it leaves a trigger");
    assert!(
        matches!(&error, Error::Failed { source, .. } if matches!(**source, Cause::Trigger { .. })),
        "{error:?}"
    );
    assert_eq!(recorded(&conn), ["000", "001"]);
}

#[test]
fn from_dir_cannot_be_told_which_function_a_step_is() {
    let first = include_bytes!("migrations/000_create_schema_migrations.sql");
    let second = b"BEGIN;\nSELECT migrate_step('work');\nINSERT INTO schema_migrations (version, name) VALUES ('001', 'a');\nCOMMIT;\n";
    let files: [(&str, &[u8]); 2] = [("000_create_schema_migrations.sql", first), ("001_a.sql", second)];
    let error = Migrations::from_dir(folder(&files)).expect_err("it is refused");
    assert_snapshot!(error, @"the migrations folder has a problem: migrations/001_a.sql:2:21: from_dir cannot be told which function the step `work` is; embed the folder with embed_migrations!, which takes steps = [path::to::work] [unknown-step]");
}
