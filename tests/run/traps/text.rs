//! What stands in the tracking table and in the files.

use embed_migrations::{Divergence, Error};

use crate::databases::{Db, history, on, recorded, rows, shown, told, whole};

fn on_table(sql: &str) -> Error {
    let db = Db::new();
    let mut conn = db.open();
    conn.execute_batch(sql).expect("somebody's table");
    let before = rows(&conn, "SELECT * FROM sqlite_master");
    let migrations = history(&[on("CREATE TABLE t (a);")]);
    let error = migrations.run(&mut conn).expect_err("it is not ours");
    assert_eq!(rows(&conn, "SELECT * FROM sqlite_master"), before, "{sql}");
    assert_eq!(migrations.status(&conn).expect_err("nor now").to_string(), error.to_string());
    error
}

// N4
#[test]
fn a_version_or_name_that_is_no_text_is_told() {
    const TABLE: &str = "CREATE TABLE schema_migrations (version PRIMARY KEY, name, applied_at);";
    for (values, column, found) in [
        ("(x'303030', 'create_schema_migrations')", "version", "BLOB"),
        ("(NULL, 'create_schema_migrations')", "version", "NULL"),
        ("(0, 'create_schema_migrations')", "version", "INTEGER"),
        ("(0.0, 'create_schema_migrations')", "version", "REAL"),
        ("('000', NULL)", "name", "NULL"),
        ("('000', x'00')", "name", "BLOB"),
        ("(CAST(x'ff' AS TEXT), 'a')", "version", "not UTF-8"),
    ] {
        let sql = format!("{TABLE} INSERT INTO schema_migrations (version, name) VALUES {values};");
        match on_table(&sql) {
            Error::Diverged { divergence: Divergence::NotText { column: c, found: f, .. }, .. } => {
                assert_eq!((c, f), (column, found), "{values}");
            }
            other => panic!("{values}: {other:?}"),
        }
    }
}

// N4: an INTEGER column turns '000' into 0 without a word.
#[test]
fn a_table_with_an_integer_version_is_told() {
    let error = on_table(
        "CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY, name TEXT);
         INSERT INTO schema_migrations VALUES ('000', 'create_schema_migrations');",
    );
    assert_eq!(error.to_string(), "schema_migrations holds a version that is INTEGER; it must be TEXT");
}

// N4
#[test]
fn another_tool_s_table_of_that_name_is_told() {
    for columns in ["version varchar(128) PRIMARY KEY", "version uint64, dirty bool", "name TEXT", "a, b, c"]
    {
        match on_table(&format!("CREATE TABLE schema_migrations ({columns})")) {
            Error::UnusableTable { table, reason, .. } => {
                assert_eq!(table, "schema_migrations");
                assert!(reason.contains("another tool"), "{columns}: {reason}");
            }
            other => panic!("{columns}: {other:?}"),
        }
    }
}

// N4: the table is there, and empty.
#[test]
fn an_empty_table_means_that_nothing_is_applied() {
    let db = Db::new();
    let mut conn = db.open();
    conn.execute_batch("CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT)")
        .expect("a table");
    let told = told(history(&[]).run(&mut conn));
    assert_eq!((told.version, told.cause.as_str()), ("000", "table schema_migrations already exists"));
    assert_eq!(told.database, None);
}

// L1, L3: the transaction of a trigger, a string or a comment is not the file's.
#[test]
fn words_that_only_look_like_a_transaction_are_left_alone() {
    let db = Db::new();
    let mut conn = db.open();
    history(&[on("CREATE TABLE t (a TEXT);
CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = a || CASE WHEN 1 THEN '!' END; END;
-- COMMIT;
/* ROLLBACK; */
INSERT INTO t VALUES ('COMMIT; -- no comment');
INSERT INTO t SELECT 'BEGIN' WHERE 'a;b' = 'a;b';")])
    .run(&mut conn)
    .expect("all is well");
    assert_eq!(shown(&conn, "SELECT * FROM t"), ["COMMIT; -- no comment!!", "BEGIN!"]);
}

// L6: a checkout on Windows.
#[test]
fn crlf_and_a_byte_order_mark_change_nothing() {
    let db = Db::new();
    let mut conn = db.open();
    let text = "\u{feff}BEGIN;\r\nCREATE TABLE t (a TEXT);\r\nINSERT INTO t VALUES ('a\r\nb');\r\n\
                INSERT INTO schema_migrations (version, name) VALUES ('001', 'step');\r\nCOMMIT;\r\n";
    history(&[whole(text)]).run(&mut conn).expect("all is well");
    assert_eq!(shown(&conn, "SELECT * FROM t"), ["a\nb"]);
    assert_eq!(shown(&conn, "SELECT sql FROM sqlite_master WHERE name = 't'"), ["CREATE TABLE t (a TEXT)"]);
}

// T8: one step of a SELECT would run it as far as its first row only.
#[test]
fn a_statement_runs_to_its_last_row() {
    let db = Db::new();
    let mut conn = db.open();
    let told = told(
        history(&[
            on("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (-9223372036854775808) RETURNING a;"),
            on("SELECT abs(a) FROM t ORDER BY rowid;"),
        ])
        .run(&mut conn),
    );
    assert_eq!((told.version, told.cause.as_str()), ("002", "integer overflow"));
    assert_eq!(rows(&conn, "SELECT * FROM t").len(), 3);
}

// X1: the limit counts a statement, not the file.
#[test]
fn a_file_may_be_longer_than_the_longest_statement() {
    use embed_migrations::rusqlite::limits::Limit;
    let db = Db::new();
    let mut conn = db.open();
    let body = "INSERT INTO t VALUES (1);\n".repeat(400);
    let _ = conn.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, 1000);
    history(&[on(format!("CREATE TABLE t (a);\n{body}"))]).run(&mut conn).expect("each statement is short");
    assert_eq!(rows(&conn, "SELECT * FROM t").len(), 400);
    assert_eq!(recorded(&conn), ["000", "001"]);
}
