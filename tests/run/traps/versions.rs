//! Passes here, fails there: what a run meets that the build could not.

use crate::databases::{Db, history, on, recorded, rows, told};

// A10, A13: what only bites on rows fails whole, at its place, and keeps nothing of itself.
#[test]
fn what_fails_only_on_rows_fails_whole() {
    let tables = on("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);");
    for (body, cause) in [
        ("ALTER TABLE t ADD COLUMN c TEXT NOT NULL;", "NOT NULL"),
        ("ALTER TABLE t ADD COLUMN c TEXT DEFAULT CURRENT_TIMESTAMP;", "non-constant default"),
        ("ALTER TABLE t ADD COLUMN c INTEGER CHECK (c > 0) DEFAULT 0;", "CHECK"),
        ("CREATE UNIQUE INDEX i ON t (a);", "UNIQUE"),
        ("UPDATE t SET b = 'x'; UPDATE t SET id = 1;", "UNIQUE"),
    ] {
        let db = Db::new();
        let mut conn = db.open();
        history(std::slice::from_ref(&tables)).run(&mut conn).expect("the table");
        conn.execute_batch("INSERT INTO t (a, b) VALUES ('same', 'b'), ('same', 'b')").expect("rows");
        let before = rows(&conn, "SELECT * FROM t");
        let result = history(&[tables.clone(), on(format!("CREATE TABLE early (a); {body}"))]).run(&mut conn);
        let told = told(result);
        assert!(told.cause.contains(cause), "{body}: {}", told.cause);
        assert_eq!(rows(&conn, "SELECT * FROM t"), before, "{body}");
        assert_eq!(recorded(&conn), ["000", "001"], "{body}");
        assert_eq!(
            rows(&conn, "SELECT * FROM sqlite_master WHERE name IN ('early', 'i')").len(),
            0,
            "{body}"
        );
    }
}

// A12
#[test]
fn a_table_of_the_same_name_that_was_there_before_is_named() {
    let db = Db::new();
    let mut conn = db.open();
    conn.execute_batch("CREATE TABLE users (something_else)").expect("a table");
    let told = told(history(&[on("CREATE TABLE users (id INTEGER PRIMARY KEY);")]).run(&mut conn));
    assert_eq!(told.cause, "table users already exists");
    assert_eq!((told.place, told.database), ((2, 14), Some("000")));
}

// A5, A6: one broken view blocks every rename, in whatever table.
#[test]
fn a_view_that_no_longer_compiles_is_named() {
    let db = Db::new();
    let mut conn = db.open();
    let steps = [
        on("CREATE TABLE a (x); CREATE TABLE b (x); CREATE VIEW broken AS SELECT x FROM a;"),
        on("DROP TABLE a;"),
        on("ALTER TABLE b RENAME COLUMN x TO y;"),
    ];
    let told = told(history(&steps).run(&mut conn));
    assert!(told.cause.contains("error in view broken"), "{}", told.cause);
    assert_eq!(recorded(&conn), ["000", "001", "002"]);
}

// Q1, Q2: double-quoted strings are left as the application has them.
#[test]
fn an_old_schema_with_a_double_quoted_string_can_still_be_altered() {
    let db = Db::new();
    let mut conn = db.open();
    let steps =
        [on("CREATE TABLE t (a TEXT); CREATE INDEX i ON t (\"colum\");"), on("ALTER TABLE t ADD COLUMN b;")];
    history(&steps).run(&mut conn).expect("it was accepted when it was made");
}
