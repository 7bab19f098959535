//! One client, and a server that does what it is asked: what the SQL of a file may hold.

use std::time::Instant;

use embed_migrations::{Migrations, embed_migrations};
use serde_json::json;

use crate::both;
use crate::sets::{counting, history, history_in, set};

static LESSON: Migrations = embed_migrations!("../migrations");

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn the_lesson_runs_on_both_engines_and_has_nothing_to_do_the_second_time() {
    for (server, client, _) in both() {
        assert_eq!(client.must_run(&LESSON).applied().len(), 3);
        assert!(client.must_run(&LESSON).applied().is_empty());
        assert_eq!(server.number("SELECT count(*) FROM schema_migrations WHERE applied_at > '2020'"), 3);
        assert_eq!(server.number("SELECT count(*) FROM pragma_table_info('users') WHERE name = 'bio'"), 1);
    }
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn versions_may_be_timestamps() {
    let file = |moment: &str, body: &str| {
        let record = format!("INSERT INTO schema_migrations (version, name) VALUES ('{moment}', 'file');");
        (format!("{moment}_file.sql"), format!("BEGIN;\n{body}\n{record}\nCOMMIT;\n"))
    };
    let files = [
        file(
            "00000000000000",
            "CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT NOT NULL);",
        ),
        file("20240229235959", "CREATE TABLE a (x);"),
        file("20260101000000", "CREATE TABLE b (x);"),
    ];
    for (server, client, _) in both() {
        assert_eq!(client.must_run(&set(&files[..2])).applied().len(), 2);
        assert_eq!(client.must_run(&set(&files)).applied().len(), 1);
        assert!(client.must_run(&set(&files)).applied().is_empty());
        assert_eq!(server.number("SELECT count(*) FROM schema_migrations WHERE version > '2024'"), 2);
    }
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn what_is_stored_is_what_the_file_says() {
    let migrations = history_in(
        "my \"odd\" 'table",
        &[
            "-- before; a statement\n/* and ; this */ CREATE TABLE strict_one (id INTEGER PRIMARY KEY, n INT NOT NULL, -- in it;\n t TEXT) STRICT; -- behind it",
            "CREATE TABLE words (word TEXT PRIMARY KEY, at TEXT DEFAULT (datetime('now')), r INT DEFAULT (random())) WITHOUT ROWID;",
            "CREATE TABLE both_kinds (id INT PRIMARY KEY, b BLOB) STRICT, WITHOUT ROWID;",
            "CREATE TABLE log (what TEXT);
             CREATE TRIGGER written AFTER INSERT ON strict_one WHEN new.n > 0 BEGIN
                 INSERT INTO log VALUES ('a; b'); -- END;
                 INSERT INTO log SELECT CASE WHEN new.t IS NULL THEN 'none;' ELSE new.t END;
             END;",
            "INSERT INTO strict_one (n, t) VALUES (1, 'what? :x @y $z ''quoted'' \"too\" -- no comment /* none */ \u{1f600}\n\ttab');
             INSERT INTO both_kinds VALUES (1, x'00ff10');;
             INSERT INTO words (word, at, r) VALUES ('returning random() now', '2020-01-01', 1) RETURNING word;",
            "CREATE VIEW seen AS SELECT word, date('now') AS today FROM words;",
        ],
    );
    for (server, client, _) in both() {
        client.must_run(&migrations);
        assert_eq!(
            server.number(
                "SELECT count(*) FROM pragma_table_list WHERE strict AND name IN ('strict_one', 'both_kinds')"
            ),
            2
        );
        assert_eq!(
            server.number(
                "SELECT count(*) FROM pragma_table_list WHERE wr AND name IN ('words', 'both_kinds')"
            ),
            2
        );
        let text = "what? :x @y $z 'quoted' \"too\" -- no comment /* none */ \u{1f600}\n\ttab";
        assert_eq!(server.query("SELECT t FROM strict_one"), [[json!(text)]]);
        assert_eq!(server.query("SELECT what FROM log"), [[json!("a; b")], [json!(text)]]);
        assert_eq!(server.query("SELECT hex(b) FROM both_kinds"), [[json!("00FF10")]]);
        assert_eq!(
            server.query("SELECT word, at, r FROM words"),
            [[json!("returning random() now"), json!("2020-01-01"), json!(1)]]
        );
        assert_eq!(server.number("SELECT count(*) FROM \"my \"\"odd\"\" 'table\""), 7);
        let sql = server.query("SELECT sql FROM sqlite_master WHERE name = 'strict_one'");
        assert!(sql[0][0].as_str().expect("a text").ends_with("-- in it;\n t TEXT) STRICT"), "{sql:?}");
    }
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn a_table_is_rebuilt_with_foreign_keys_off_and_its_children_stay() {
    let migrations = history(&[
        "CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (p REFERENCES parent (id) ON DELETE CASCADE);
         INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1), (1);",
        "OFF CREATE TABLE new (id INTEGER PRIMARY KEY, more TEXT) STRICT;
         INSERT INTO new (id) SELECT id FROM parent; DROP TABLE parent; ALTER TABLE new RENAME TO parent;",
        "INSERT INTO child VALUES (1);",
    ]);
    for (server, client, _) in both() {
        client.must_run(&migrations);
        assert_eq!(server.number("SELECT count(*) FROM child"), 3);
        assert_eq!(server.number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    }
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn a_history_beyond_a_thousand_files_goes_on() {
    let short = counting(990);
    let long = counting(1002);
    for (server, client, _) in both() {
        let start = Instant::now();
        client.must_run(&short);
        assert_eq!(client.must_run(&long).applied().len(), 12);
        assert!(client.must_run(&long).applied().is_empty());
        assert_eq!(server.number("SELECT n FROM counter"), 1002);
        println!("1002 files in {:.1} s", start.elapsed().as_secs_f64());
    }
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn two_megabytes_of_sql_go_over_in_one_file() {
    let row = format!("INSERT INTO t VALUES ('{}');\n", "x".repeat(980));
    let body = format!("CREATE TABLE t (a);\n{}", row.repeat(2000));
    let migrations = history(&[&body, "CREATE TABLE after (a);"]);
    for (server, client, _) in both() {
        client.must_run(&migrations);
        assert_eq!(server.number("SELECT sum(length(a)) FROM t"), 980 * 2000);
    }
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn a_start_with_nothing_to_do_costs_one_request() {
    let migrations = counting(200);
    for (_, client, port) in both() {
        client.must_run(&migrations);
        let proxy = crate::proxy::Proxy::start(port, |_| crate::proxy::Does::Nothing);
        let through = proxy.client(&client);
        through.must_run(&migrations);
        assert_eq!(proxy.seen().len(), 1);
        println!("{} bytes", proxy.seen()[0]);
    }
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn a_newer_database_is_lived_with_from_its_floor_on() {
    static OLDER: Migrations = embed_migrations!("tests/shared/older", compatible = true);
    static NEWER: Migrations = embed_migrations!("tests/shared/newer", compatible = true);
    for (_, client, _) in both() {
        assert_eq!(client.must_run(&NEWER).applied().len(), 3);
        let report = client.must_run(&OLDER);
        assert_eq!((report.newer(), report.applied().len()), (Some("002"), 0));
    }
}
