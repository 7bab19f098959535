//! What real servers refuse, and how that is told.

use embed_migrations::Reached;
use embed_migrations_remote::{Cause, Error, LibSql, Rqlite};

use crate::both;
use crate::servers::{Asked, Rqlited, Sqld};
use crate::sets::history;

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn a_statement_that_fails_is_placed_and_nothing_of_its_file_is_kept() {
    for (body, line, column) in [
        ("CREATE TABLE u (a);\nINSERT INTO usres VALUES (1);", 3, 13),
        ("CREATE TABLE u (a);\n\nINSERT INTO t (b,\n  nope) VALUES (1, 2);", 5, 3),
        ("CREATE TABLE u (a);\nINSERT INTO t VALUES (1, 1), (1, 2);", 3, 13),
    ] {
        let migrations = history(&["CREATE TABLE t (a PRIMARY KEY, b);", body, "CREATE TABLE after (a);"]);
        for (server, client, _) in both() {
            let error = client.run(&migrations).expect_err(body);
            let Error::Failed { migration, place, kept, source, .. } = &error else { panic!("{error:?}") };
            assert_eq!((migration.version(), place.line, place.column), ("002", line, column), "{error:?}");
            assert_eq!(kept.database, Reached::Migration(migrations.get("001").expect("it is there")));
            let Cause::Refused { sqlite, .. } = &**source else { panic!("{source:?}") };
            assert!(sqlite.starts_with("3."), "{sqlite}");
            assert_eq!(server.number("SELECT count(*) FROM sqlite_master WHERE name IN ('u', 'after')"), 0);
        }
    }
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn what_libsql_cannot_read_in_the_last_file_stops_it_before_the_first() {
    // Nothing here knows of this gap, so it is the server that says so.
    let migrations =
        history(&["CREATE TABLE t (a);", "CREATE TABLE u (a);\n  UPDATE t SET a = 1 RETURNING a AS ORDER;"]);
    let sqld = Sqld::start();
    let error = LibSql::new(&sqld.url()).run(&migrations).expect_err("it cannot be read");
    let Error::Unsupported { migration, place, statement, .. } = &error else { panic!("{error:?}") };
    assert_eq!((migration.version(), place.line), ("002", 3), "{error:?}");
    assert!(statement.starts_with("UPDATE"), "{statement}");
    assert_eq!(sqld.number("SELECT count(*) FROM sqlite_master"), 0);
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn a_cluster_that_enforces_foreign_keys_keeps_the_children() {
    let migrations = history(&[
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p ON DELETE CASCADE); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);",
        "OFF DROP TABLE p; CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1);",
    ]);
    for late in [false, true] {
        let server = Rqlited::start_with(if late { &[] } else { &["-fk"] });
        if late {
            // A query still says 0 then.
            server.execute(&["PRAGMA foreign_keys = ON"]);
        }
        let error = Rqlite::new(&server.url()).run(&migrations).expect_err("they are on");
        assert!(matches!(error, Error::ForeignKeysEnforced { .. }), "{error:?}");
        assert_eq!(server.number("SELECT count(*) FROM c"), 1, "late: {late}");
    }
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn whether_foreign_keys_are_enforced_is_noted_by_what_the_writer_says() {
    for (options, note) in [(&["-fk"][..], 0), (&[], 1)] {
        let server = Rqlited::start_with(options);
        let report =
            Rqlite::new(&server.url()).run(&history(&[])).unwrap_or_else(|error| panic!("{error:?}"));
        assert_eq!(report.notes().len(), note, "{:?}", report.notes());
    }
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn a_wrong_password_is_told_and_the_right_one_lets_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let users = folder.path().join("users.json");
    std::fs::write(&users, r#"[{"username": "bob", "password": "secret1", "perms": ["all"]}, {"username": "*", "perms": ["ready", "status"]}]"#)
        .expect("it is written");
    let server = Rqlited::start_with(&["-auth", users.to_str().expect("UTF-8")]);
    let migrations = history(&[]);
    for client in [Rqlite::new(&server.url()), Rqlite::new(&server.url()).basic("bob", "wrong")] {
        assert!(matches!(client.run(&migrations), Err(Error::Unauthorized { status: 401, .. })));
    }
    let report = Rqlite::new(&server.url()).basic("bob", "secret1").run(&migrations);
    assert_eq!(report.unwrap_or_else(|error| panic!("{error:?}")).applied().len(), 1);
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn another_server_is_told_apart() {
    let (sqld, rqlited) = (Sqld::start(), Rqlited::start());
    let migrations = history(&[]);
    let error = LibSql::new(&rqlited.url()).run(&migrations).expect_err("it is rqlite");
    assert!(matches!(error, Error::WrongServer { engine: "libSQL", status: 404, .. }), "{error:?}");
    let error = Rqlite::new(&sqld.url()).run(&migrations).expect_err("it is sqld");
    assert!(matches!(error, Error::WrongServer { engine: "rqlite", status: 404, .. }), "{error:?}");
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn a_long_transaction_that_sqld_takes_away_is_told() {
    const LONG: &str = "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000000) SELECT count(*) FROM n;";
    let migrations = history(&["CREATE TABLE t (a);", &format!("{LONG}\n{LONG}")]);
    let sqld = Sqld::start();
    let client = LibSql::new(&sqld.url());
    client.runner(&migrations).target("001").run().unwrap_or_else(|error| panic!("{error:?}"));
    let port = sqld.port;
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let writer = std::thread::spawn({
        let stop = stop.clone();
        move || {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                let write = serde_json::json!({"baton": null, "requests": [
                    {"type": "execute", "stmt": {"sql": "INSERT INTO t VALUES (0)"}}, {"type": "close"}]});
                crate::servers::ask(port, "POST", "/v3/pipeline", &write);
                std::thread::sleep(std::time::Duration::from_millis(200));
            }
        }
    });
    let error = client.run(&migrations).expect_err("somebody waited");
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    writer.join().expect("no panic");
    assert!(matches!(error, Error::TransactionLost { .. }), "{error:?}");
    assert_eq!(sqld.number("SELECT count(*) FROM t WHERE a > 0"), 0);
    assert_eq!(sqld.number("SELECT count(*) FROM schema_migrations"), 2);
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn a_history_of_numbers_is_told_from_one_of_texts() {
    for (value, told) in [
        ("7", "holds a version that is INTEGER"),
        ("1.5", "holds a version that is REAL"),
        ("NULL", "holds a version that is NULL"),
        ("'x'", "records version `x`"),
    ] {
        for (server, client, _) in both() {
            let insert = format!("INSERT INTO schema_migrations VALUES ({value}, 'file')");
            server.execute(&["CREATE TABLE schema_migrations (version, name)", &insert]);
            let error = client.run(&history(&[])).expect_err(value);
            assert!(matches!(error, Error::Diverged { .. }) && error.to_string().contains(told), "{error:?}");
        }
    }
}
