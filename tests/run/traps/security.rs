//! A database that somebody has prepared: the runner runs nobody else's code, and reads no more than it needs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use embed_migrations::rusqlite::Connection;
use embed_migrations::{Error, Migrations};

use crate::databases::{Db, history, memory, on, recorded, rows, shown, tables};

const ROW: &str = "VALUES ('000', 'create_schema_migrations')";

fn two() -> Migrations {
    history(&[on("CREATE TABLE t (a);")])
}

fn refused(conn: &mut Connection, told: &str) {
    let before = rows(conn, "SELECT * FROM sqlite_master");
    match two().run(conn) {
        Err(Error::UnusableTable { table, reason, .. }) => {
            assert_eq!(table, "schema_migrations");
            assert!(reason.contains(told), "{reason}");
        }
        other => panic!("{told}: {other:?}"),
    }
    assert_eq!(rows(conn, "SELECT * FROM sqlite_master"), before);
}

// P of the security table: a view lists versions that nobody applied, or never ends.
#[test]
fn a_tracking_table_that_is_a_view_is_refused() {
    for body in [
        "SELECT '000' AS version, 'create_schema_migrations' AS name",
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i AS version, i AS name FROM n",
        "SELECT * FROM missing",
    ] {
        let mut conn = memory();
        conn.execute_batch(&format!("CREATE VIEW schema_migrations AS {body}")).expect("a view");
        refused(&mut conn, "view");
    }
}

#[test]
fn a_tracking_table_that_is_a_virtual_or_shadow_table_is_refused() {
    let db = Db::new();
    let mut conn = db.open();
    conn.execute_batch("CREATE VIRTUAL TABLE schema_migrations USING fts5(version, name)").expect("a table");
    refused(&mut conn, "virtual");
    // Nothing has used it here, so SQLite does not know its columns yet.
    refused(&mut db.open(), "virtual");
}

#[test]
fn a_tracking_table_of_a_module_that_is_not_there_is_refused() {
    let db = Db::new();
    db.open()
        .execute_batch(
            "PRAGMA writable_schema = ON;
             INSERT INTO sqlite_master VALUES ('table', 'schema_migrations', 'schema_migrations', 0,
                 'CREATE VIRTUAL TABLE schema_migrations USING nowhere(version, name)');",
        )
        .expect("a table");
    refused(&mut db.open(), "virtual");
}

#[test]
fn a_tracking_table_with_triggers_is_refused_when_something_is_pending() {
    for (trigger, schema) in [
        ("CREATE TRIGGER thief AFTER INSERT ON schema_migrations BEGIN DELETE FROM secrets; END", "main"),
        ("CREATE TRIGGER thief BEFORE INSERT ON Schema_Migrations BEGIN SELECT RAISE(IGNORE); END", "main"),
        (
            "CREATE TEMP TRIGGER thief AFTER INSERT ON main.schema_migrations BEGIN DELETE FROM secrets; END",
            "temp",
        ),
    ] {
        let db = Db::new();
        let mut conn = db.open();
        history(&[]).run(&mut conn).expect("the first file");
        conn.execute_batch("CREATE TABLE secrets (a); INSERT INTO secrets VALUES (1);").expect("a table");
        conn.execute_batch(trigger).expect("a trigger");
        refused(&mut conn, "thief");
        assert_eq!(shown(&conn, "SELECT a FROM secrets"), ["1"], "{schema}");
        assert_eq!(recorded(&conn), ["000"], "{schema}");
        // With nothing pending nothing is written, so no trigger runs either.
        history(&[]).run(&mut conn).expect("nothing pending");
        assert_eq!(two().status(&conn).expect("it only reads").pending().len(), 1);
        conn.execute_batch("DROP TRIGGER thief").expect("it is gone");
        two().run(&mut conn).expect("all is well");
    }
}

#[test]
fn a_trigger_on_another_table_is_nobody_s_business() {
    let mut conn = memory();
    history(&[]).run(&mut conn).expect("the first file");
    conn.execute_batch(
        "CREATE TABLE own (a); CREATE TRIGGER g AFTER INSERT ON own BEGIN SELECT 1; END;
         CREATE TEMP TRIGGER h AFTER INSERT ON own BEGIN SELECT 1; END;",
    )
    .expect("triggers");
    two().run(&mut conn).expect("all is well");
}

#[test]
fn a_million_rows_are_not_read() {
    let mut conn = memory();
    conn.execute_batch(
        "CREATE TABLE schema_migrations (version TEXT, name TEXT);
         WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999999)
         INSERT INTO schema_migrations SELECT printf('%03d', i), CASE i WHEN 0 THEN 'create_schema_migrations' ELSE 'step' END FROM n;",
    )
    .expect("rows");
    let steps = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&steps);
    let _ = conn.progress_handler(
        1,
        Some(move || {
            counter.fetch_add(1, Ordering::Relaxed);
            false
        }),
    );
    let result = two().run(&mut conn);
    assert!(matches!(result, Err(Error::NewerDatabase { .. })), "{result:?}");
    let steps = steps.load(Ordering::Relaxed);
    assert!(steps < 50_000, "{steps} steps of SQLite's machine");
}

#[test]
fn columns_of_others_are_left_alone() {
    for columns in [
        "version TEXT PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT, checksum BLOB, who DEFAULT 'me'",
        "version TEXT PRIMARY KEY, name TEXT, doubled TEXT AS (version || version) VIRTUAL",
        "version TEXT PRIMARY KEY, name TEXT, doubled TEXT AS (version || version) STORED UNIQUE",
        "name TEXT, \"VERSION\" TEXT PRIMARY KEY",
    ] {
        let db = Db::new();
        let mut conn = db.open();
        conn.execute_batch(&format!(
            "CREATE TABLE schema_migrations ({columns}); INSERT INTO schema_migrations (version, name) {ROW};"
        ))
        .expect("a table");
        assert_eq!(two().run(&mut conn).expect(columns).applied().len(), 1);
        assert_eq!(recorded(&conn), ["000", "001"]);
        assert_eq!(tables(&conn), ["schema_migrations", "t"]);
    }
}

// STRICT and WITHOUT ROWID tables are ordinary ones.
#[test]
fn a_strict_table_without_rowids_will_do() {
    let mut conn = memory();
    conn.execute_batch(&format!(
        "CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT) STRICT, WITHOUT ROWID;
         INSERT INTO schema_migrations {ROW};"
    ))
    .expect("a table");
    two().run(&mut conn).expect("all is well");
    assert_eq!(recorded(&conn), ["000", "001"]);
}

// A name that needs quotes is spliced in nowhere without them.
#[test]
fn a_tracking_table_may_have_any_name() {
    let first = "BEGIN; CREATE TABLE \"my \"\"own\"\" table; --\" (version TEXT PRIMARY KEY, name TEXT);
INSERT INTO \"my \"\"own\"\" table; --\" VALUES ('00', 'first'); COMMIT;";
    let second = "BEGIN; INSERT INTO \"my \"\"own\"\" table; --\" VALUES ('01', 'second'); COMMIT;";
    let folder =
        crate::databases::folder(&[("00_first.sql", first.as_bytes()), ("01_second.sql", second.as_bytes())]);
    let migrations = Migrations::from_dir(folder).unwrap();
    let mut conn = memory();
    assert_eq!(migrations.run(&mut conn).unwrap().applied().len(), 2);
    assert_eq!(migrations.run(&mut conn).unwrap().applied().len(), 0);
}

#[test]
fn a_trigger_that_a_migration_puts_on_the_tracking_table_is_refused_with_its_file() {
    let db = Db::new();
    let mut conn = db.open();
    let trigger = "CREATE TRIGGER g AFTER INSERT ON schema_migrations BEGIN SELECT 1; END;";
    let result = history(&[on(trigger), on("CREATE TABLE t (a);")]).run(&mut conn);
    assert!(matches!(result, Err(Error::Failed { .. })), "{result:?}");
    // Otherwise every later release is refused, and the user is told to drop what the program has made.
    let later = history(&[on(trigger), on("CREATE TABLE t (a);"), on("CREATE TABLE u (a);")]);
    let error = later.run(&mut conn).expect_err("the file still makes it");
    assert!(matches!(error, Error::Failed { .. }), "{error:?}");
    assert!(!error.to_string().contains("drop it"), "{error}");
}

// The other way in: a table that has one already takes the name.
#[test]
fn a_table_with_a_trigger_cannot_become_the_tracking_table() {
    let prepared = on("CREATE TABLE new (version TEXT PRIMARY KEY, name TEXT);
CREATE TRIGGER g AFTER DELETE ON new BEGIN SELECT 1; END;");
    let replaced = |first: &str| {
        on(format!(
            "{first}\nINSERT INTO new SELECT version, name FROM schema_migrations;
DROP TABLE schema_migrations; ALTER TABLE main.new RENAME TO schema_migrations;"
        ))
    };
    let mut conn = memory();
    let result = history(&[prepared.clone(), replaced("")]).run(&mut conn);
    assert!(matches!(result, Err(Error::Failed { .. })), "{result:?}");
    assert_eq!(recorded(&conn), ["000", "001"]);
    // One that is gone at the end is the file's own business.
    history(&[prepared, replaced("DROP TRIGGER g;")]).run(&mut conn).expect("all is well");
    assert_eq!(tables(&conn), ["schema_migrations"]);
}

#[test]
fn a_message_is_one_line_whatever_the_database_holds() {
    for (table, row) in [
        ("version TEXT, name TEXT", "('0\n1', 'a')"),
        ("version TEXT, name TEXT", "('000', 'a\nb')"),
        ("version TEXT, name TEXT", "('x', printf('%.*c', 1000000, 'y'))"),
    ] {
        let mut conn = memory();
        conn.execute_batch(&format!(
            "CREATE TABLE schema_migrations ({table}); INSERT INTO schema_migrations VALUES {row}"
        ))
        .expect("a row");
        let error = two().run(&mut conn).expect_err("it is not ours");
        assert!(matches!(error, Error::Diverged { .. } | Error::NewerDatabase { .. }), "{error:?}");
        let told = error.to_string();
        assert!(!told.contains(char::is_control) && told.len() < 2000, "{} bytes", told.len());
        assert!(format!("{error:?}").len() < 4000);
    }
}

// And whatever is named by a migration, or by SQLite's answer.
#[test]
fn a_cause_is_one_line_whatever_the_database_holds() {
    let mut conn = memory();
    conn.execute_batch(
        "CREATE TABLE \"a\u{1b}[2J\nb\" (a UNIQUE); INSERT INTO \"a\u{1b}[2J\nb\" VALUES (1);",
    )
    .expect("a table");
    match history(&[on("INSERT INTO \"a\u{1b}[2J\nb\" VALUES (1);")]).run(&mut conn) {
        Err(error @ Error::Failed { .. }) => {
            let told = format!("{error:?}");
            assert!(told.contains("\n  cause: UNIQUE constraint failed: a\\u{1b}[2J\\nb.a\n"), "{told}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_view_is_called_a_view() {
    let mut conn = memory();
    conn.execute_batch("CREATE VIEW schema_migrations AS SELECT 1").expect("a view");
    let error = two().run(&mut conn).expect_err("a view");
    assert!(matches!(error, Error::UnusableTable { .. }), "{error:?}");
    assert!(!error.to_string().contains("view table"), "{error}");
}
