//! A server that answers: what is sent, in what order, and what comes of it.

use embed_migrations::{Event, Migrations, Reached, embed_migrations};
use embed_migrations_remote::{Cause, Error, Step};

use crate::fake::{BOTH, Fake, Kind};
use crate::sets::{counting, history, history_in, set};

#[test]
fn one_request_reads_and_each_file_is_one_more() {
    for kind in BOTH {
        let migrations = counting(5);
        let mut fake = Fake::new(kind);
        let mut session = fake.session(&migrations);
        fake.run(&mut session).expect("it runs");
        assert_eq!(session.report().applied().len(), 5);
        assert_eq!(fake.requests.len(), 1 + 5, "{kind:?}");
        assert_eq!(fake.number("SELECT n FROM counter"), 5);

        fake.requests.clear();
        let mut session = fake.session(&migrations);
        fake.run(&mut session).expect("it runs");
        assert!(session.report().applied().is_empty());
        assert_eq!(fake.requests.len(), 1, "{kind:?}");
    }
}

#[test]
fn a_file_that_calls_a_step_in_rust_is_refused_before_anything_is_touched() {
    static MIGRATIONS: Migrations = embed_migrations!("tests/shared/steps", steps = [hash_passwords]);
    fn hash_passwords(_: &embed_migrations::rusqlite::Connection) -> Result<(), std::fmt::Error> {
        panic!("there is nothing here that it could be called with")
    }
    for kind in BOTH {
        let mut fake = Fake::new(kind);
        let error = fake.run(&mut fake.session(&MIGRATIONS)).expect_err("it cannot run there");
        let Error::Unsupported { migration, place, .. } = &error else { panic!("{error:?}") };
        assert_eq!((migration.version(), place.line, place.column), ("002", 3, 8), "{kind:?}");
        assert!(error.to_string().contains("a step in Rust"), "{error}");
        assert_eq!(fake.number("SELECT count(*) FROM sqlite_master"), 0, "{kind:?}");
        // Up to it, it can; and behind it nobody asks any more.
        fake.run(&mut fake.session(&MIGRATIONS).target("1")).expect("it runs");
        assert_eq!(fake.number("SELECT count(*) FROM schema_migrations"), 2, "{kind:?}");
    }
}

#[test]
fn a_file_that_calls_a_function_of_the_application_is_refused_before_anything_is_touched() {
    static MIGRATIONS: Migrations = embed_migrations!("tests/shared/functions", functions = ["normalize/1"]);
    for kind in BOTH {
        let mut fake = Fake::new(kind);
        let error = fake.run(&mut fake.session(&MIGRATIONS)).expect_err("it cannot run there");
        let Error::Unsupported { migration, place, .. } = &error else { panic!("{error:?}") };
        assert_eq!((migration.version(), place.line, place.column), ("002", 3, 25), "{kind:?}");
        assert!(error.to_string().contains("the application's own"), "{error}");
        assert_eq!(fake.number("SELECT count(*) FROM sqlite_master"), 0, "{kind:?}");
    }
}

#[test]
fn versions_may_be_timestamps() {
    let moments = ["00000000000000", "09991231235959", "20240229000000", "20260101000000"];
    let files = |moments: &[&str]| -> Vec<(String, String)> {
        let create = "CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT DEFAULT (datetime('now')));";
        let file = |moment: &&str| {
            let body = if moment.starts_with("0000") {
                create.to_owned()
            } else {
                format!("CREATE TABLE t{moment} (a);")
            };
            let record =
                format!("INSERT INTO schema_migrations (version, name) VALUES ('{moment}', 'file');");
            (format!("{moment}_file.sql"), format!("BEGIN;\n{body}\n{record}\nCOMMIT;\n"))
        };
        moments.iter().map(file).collect()
    };
    for kind in BOTH {
        let migrations = set(&files(&moments));
        let mut fake = Fake::new(kind);
        fake.run(&mut fake.session(&migrations).target("9991231235959")).expect("it runs");
        assert_eq!(fake.number("SELECT count(*) FROM schema_migrations"), 2, "{kind:?}");
        fake.run(&mut fake.session(&migrations)).expect("it runs");
        assert_eq!(fake.number("SELECT count(*) FROM schema_migrations"), 4, "{kind:?}");
        let newer = fake.run(&mut fake.session(&set(&files(&moments[..3]))));
        assert!(
            matches!(newer, Err(Error::NewerDatabase { database, .. }) if database == moments[3]),
            "{kind:?}"
        );
        let late = [&moments[..3], &["20250101000000"], &moments[3..]].concat();
        let late = fake.run(&mut fake.session(&set(&files(&late))));
        assert!(matches!(late, Err(Error::Diverged { .. })), "{kind:?}");
    }
}

#[test]
fn events_come_in_order_and_with_the_time_that_was_told() {
    let migrations = counting(3);
    let mut fake = Fake::new(Kind::Rqlite);
    let mut session = fake.session(&migrations);
    let mut lines = Vec::new();
    while let Some(step) = session.next().expect("it runs") {
        let Step::Request(request) = step else { continue };
        let (status, body) = fake.answer(&request);
        session.passed(std::time::Duration::from_millis(20));
        session.receive(status, &body).expect("it goes on");
        for event in session.events() {
            lines.push(match event {
                Event::Started { migration, position, total, .. } => {
                    format!("{position}/{total} {}", migration.version())
                }
                Event::Applied { migration, elapsed, .. } => format!("{} {elapsed:?}", migration.version()),
                _ => String::new(),
            });
        }
    }
    assert_eq!(lines, ["1/3 000", "000 20ms", "2/3 001", "001 20ms", "3/3 002", "002 20ms"]);
}

#[test]
fn a_target_ends_the_run_and_what_is_newer_or_different_is_told() {
    for kind in BOTH {
        let migrations = counting(4);
        let mut fake = Fake::new(kind);
        let mut session = fake.session(&migrations).target("1");
        fake.run(&mut session).expect("it runs");
        assert_eq!(session.status().expect("it was read").pending().len(), 2);
        let mut session = fake.session(&migrations).target("9");
        assert!(matches!(session.next(), Err(Error::UnknownTarget { .. })));
        fake.run(&mut fake.session(&migrations)).expect("it runs");
        let newer = fake.run(&mut fake.session(&counting(3)));
        assert!(matches!(newer, Err(Error::NewerDatabase { database, .. }) if database == "003"), "{kind:?}");
        fake.conn
            .execute_batch("UPDATE schema_migrations SET name = 'x' WHERE version = '001'")
            .expect("it runs");
        assert!(matches!(fake.run(&mut fake.session(&migrations)), Err(Error::Diverged { .. })), "{kind:?}");
        fake.conn
            .execute_batch("UPDATE schema_migrations SET name = x'00' WHERE version = '001'")
            .expect("it runs");
        let error = fake.run(&mut fake.session(&migrations)).expect_err("a blob is no name");
        // rqlite gives blobs as texts.
        let told = if kind == Kind::LibSql {
            "holds a name that is BLOB"
        } else {
            "records version 001 as `\\u{0}`"
        };
        assert!(matches!(error, Error::Diverged { .. }) && error.to_string().contains(told), "{error}");
    }
}

#[test]
fn what_is_no_tracking_table_of_ours_is_refused() {
    for kind in BOTH {
        for (script, told) in [
            ("CREATE VIEW schema_migrations AS SELECT 1 AS version, 2 AS name", "is a view in this database"),
            ("CREATE TABLE Schema_Migrations (version TEXT)", "has no columns version and name"),
            ("CREATE TABLE t (a); CREATE INDEX schema_migrations ON t (a)", "is an index in this database"),
            (
                "CREATE TABLE schema_migrations (version, name); CREATE TRIGGER g AFTER INSERT ON schema_migrations BEGIN SELECT 1; END",
                "has the trigger g",
            ),
        ] {
            let mut fake = Fake::new(kind);
            fake.conn.execute_batch(script).expect("it runs");
            let error = fake.run(&mut fake.session(&counting(2))).expect_err("it is not ours");
            assert!(
                matches!(error, Error::UnusableTable { .. }) && error.to_string().contains(told),
                "{error}"
            );
        }
    }
}

#[test]
fn a_statement_that_fails_is_named_with_what_was_kept() {
    for kind in BOTH {
        let migrations = history(&[
            "CREATE TABLE t (a NOT NULL);",
            "-- a comment; first\nINSERT INTO t VALUES (1);\n  /* and one */ UPDATE t SET a = NULL; -- after it",
            "CREATE TABLE never (a);",
        ]);
        let mut fake = Fake::new(kind);
        let mut session = fake.session(&migrations);
        let error = fake.run(&mut session).expect_err("NULL is refused");
        let Error::Failed { migration, place, statement, kept, source, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!((migration.version(), place.line, place.column), ("002", 4, 30), "{kind:?}: {error:?}");
        assert_eq!(*statement, "UPDATE t SET a = NULL");
        assert_eq!(kept.applied.len(), 2);
        assert_eq!(kept.database, Reached::Migration(migrations.get("001").expect("it is there")));
        assert!(matches!(&**source, Cause::Refused { source, .. } if source.message.contains("NOT NULL")));
        assert_eq!(
            error.to_string(),
            "002_file.sql:4:30: the migration failed; the database is at 001_file.sql"
        );
        assert_eq!(fake.number("SELECT count(*) FROM t"), 0);
    }
}

#[test]
fn a_file_that_breaks_its_contract_is_rolled_back() {
    for kind in BOTH {
        for (body, cause) in [
            ("DELETE FROM schema_migrations;", "NotRecorded"),
            ("INSERT INTO schema_migrations (version, name) VALUES ('9', 'x');", "NotRecorded"),
            ("CREATE TRIGGER g AFTER INSERT ON schema_migrations BEGIN SELECT 1; END;", "Trigger"),
            ("OFF INSERT INTO child VALUES (7);", "ForeignKeys"),
        ] {
            let migrations = history(&[
                "CREATE TABLE parent (id INTEGER PRIMARY KEY);\nCREATE TABLE child (id REFERENCES parent (id));",
                body,
            ]);
            let mut fake = Fake::new(kind);
            let error = fake.run(&mut fake.session(&migrations)).expect_err(body);
            let Error::Failed { migration, source, .. } = &error else { panic!("{body}: {error:?}") };
            assert_eq!(
                (migration.version(), format!("{source:?}").as_str()),
                ("002", cause),
                "{kind:?} {body}"
            );
            assert_eq!(fake.number("SELECT count(*) FROM schema_migrations"), 2);
            assert_eq!(fake.number("SELECT count(*) FROM child"), 0);
        }
    }
}

#[test]
fn a_table_is_rebuilt_with_foreign_keys_off_and_old_violations_are_tolerated() {
    const REBUILD: &str = "OFF CREATE TABLE new (id INTEGER PRIMARY KEY, more TEXT);
        INSERT INTO new (id) SELECT id FROM parent; DROP TABLE parent; ALTER TABLE new RENAME TO parent;";
    // The same rows, in a table that spells its name and its parent's in another case.
    let anew = format!(
        "{REBUILD} CREATE TABLE new (id REFERENCES Parent (id)); INSERT INTO new SELECT id FROM child;
        DROP TABLE child; ALTER TABLE new RENAME TO Child;"
    );
    for (kind, rebuild) in BOTH.into_iter().flat_map(|kind| [(kind, REBUILD), (kind, &*anew)]) {
        let migrations = history(&[
            "CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (id REFERENCES parent (id) ON DELETE CASCADE);
             INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1);",
            rebuild,
        ]);
        let mut fake = Fake::new(kind);
        fake.run(&mut fake.session(&migrations).target("001")).expect("it runs");
        fake.enforce(false);
        // One violation that was there before, and a table whose key fits nothing and cannot be checked.
        let script = "INSERT INTO child VALUES (5); CREATE TABLE odd (a REFERENCES child (id)); INSERT INTO odd VALUES (1)";
        fake.conn.execute_batch(script).expect("it runs");
        fake.enforce(kind == Kind::LibSql);
        let mut session = fake.session(&migrations);
        fake.run(&mut session).unwrap_or_else(|error| panic!("{kind:?}: {error:?}"));
        assert_eq!(fake.number("SELECT count(*) FROM child"), 2, "{kind:?}");
        assert_eq!(
            fake.number("SELECT foreign_keys FROM pragma_foreign_keys"),
            i64::from(kind == Kind::LibSql)
        );
    }
}

#[test]
fn a_cluster_that_enforces_foreign_keys_refuses_a_file_that_wants_them_off() {
    let migrations = history(&["CREATE TABLE t (a);", "OFF DROP TABLE t;"]);
    let mut fake = Fake::new(Kind::Rqlite);
    fake.enforce(true);
    let mut session = fake.session(&migrations);
    let error = fake.run(&mut session).expect_err("they are on");
    assert!(
        matches!(&error, Error::ForeignKeysEnforced { kept, .. } if kept.applied.len() == 2),
        "{error:?}"
    );
    assert!(session.report().notes().is_empty());
    assert_eq!(fake.number("SELECT count(*) FROM t"), 0);
}

#[test]
fn a_cluster_that_does_not_enforce_foreign_keys_is_noted_once() {
    let migrations = history(&["CREATE TABLE t (a);", "OFF DROP TABLE t;"]);
    let mut fake = Fake::new(Kind::Rqlite);
    let mut session = fake.session(&migrations);
    fake.run(&mut session).expect("it runs");
    assert_eq!(
        session.report().notes(),
        ["the rqlite cluster does not enforce foreign keys; rqlited -fk would"]
    );
}

#[test]
fn a_tracking_table_may_need_quotes_and_its_time_is_the_clients() {
    for kind in BOTH {
        let migrations = history_in("my \"odd\" 'table", &["CREATE TABLE t (a);"]);
        let mut fake = Fake::new(kind);
        fake.run(&mut fake.session(&migrations)).expect("it runs");
        let literal = format!("applied_at\\\" = '{}", fake_year(&fake));
        assert!(fake.requests[1].contains(&literal), "{}", fake.requests[1]);
        assert_eq!(
            fake.number("SELECT count(*) FROM \"my \"\"odd\"\" 'table\" WHERE applied_at > '2020'"),
            2
        );
    }
}

fn fake_year(fake: &Fake) -> String {
    fake.number("SELECT CAST(strftime('%Y') AS INTEGER)").to_string()
}

#[test]
fn what_an_engine_cannot_do_is_refused_before_anything_is_touched() {
    for (kind, body, place) in [
        (Kind::Rqlite, "SELECT 1;", (4, 1)),
        (Kind::Rqlite, "UPDATE t\n  SET a = random();", (5, 11)),
        (Kind::Rqlite, "INSERT INTO t VALUES (datetime('now'));", (4, 23)),
        (Kind::Rqlite, "CREATE TEMP TABLE x (a);", (4, 8)),
        (Kind::LibSql, "ANALYZE;", (4, 1)),
        (Kind::LibSql, "PRAGMA application_id = 3;", (4, 8)),
        (Kind::LibSql, "UPDATE t SET a = 1_000;", (4, 18)),
    ] {
        let body = format!("CREATE TABLE fine (a);\n\n{body}");
        let migrations = history(&["CREATE TABLE t (a);", "CREATE TABLE u (a);", &body]);
        let mut fake = Fake::new(kind);
        let error = fake.run(&mut fake.session(&migrations)).expect_err(&body);
        let Error::Unsupported { migration, place: at, .. } = &error else { panic!("{error:?}") };
        assert_eq!((migration.version(), (at.line, at.column)), ("003", place), "{kind:?} {body}");
        assert_eq!(fake.number("SELECT count(*) FROM sqlite_master"), 0, "{body}");
        assert_eq!(fake.requests.len(), 1);
    }
}

#[test]
fn what_is_applied_already_is_no_longer_judged() {
    let migrations =
        history(&["CREATE TABLE t (a);", "INSERT INTO t VALUES (random());", "CREATE TABLE u (a);"]);
    let mut fake = Fake::new(Kind::LibSql);
    fake.run(&mut fake.session(&migrations).target("002")).expect("libSQL has one writer");
    fake.kind = Kind::Rqlite;
    fake.enforce(false);
    fake.run(&mut fake.session(&migrations)).expect("what comes is the same everywhere");
}

#[test]
fn a_foreign_key_that_is_checked_at_commit_fails_there() {
    for kind in BOTH {
        let migrations = history(&[
            "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p DEFERRABLE INITIALLY DEFERRED);",
            "INSERT INTO c VALUES (7);",
        ]);
        let mut fake = Fake::new(kind);
        fake.enforce(true);
        let error = fake.run(&mut fake.session(&migrations)).expect_err("there is no 7");
        let Error::Failed { place, statement, source, .. } = &error else { panic!("{error:?}") };
        assert_eq!((place.line, *statement), (4, "COMMIT"), "{kind:?}");
        assert!(matches!(&**source, Cause::Refused { source, .. } if source.message.contains("FOREIGN KEY")));
        assert_eq!(fake.number("SELECT count(*) FROM c"), 0);
    }
}

#[test]
fn a_thousandth_version_comes_after_the_ones_before() {
    // As texts, '999' is more than '1000'.
    for kind in BOTH {
        let migrations = counting(1003);
        let mut fake = Fake::new(kind);
        fake.run(&mut fake.session(&counting(999))).expect("it runs");
        fake.run(&mut fake.session(&migrations)).unwrap_or_else(|error| panic!("{kind:?}: {error:?}"));
        assert_eq!(fake.number("SELECT n FROM counter"), 1003);
    }
}

#[test]
fn statements_go_over_one_by_one_and_bare() {
    for kind in BOTH {
        let migrations =
            history(&["/* a */ CREATE TABLE t (a) -- b;\n; ; -- c\n;\nDELETE /* d */ FROM t -- e\n;"]);
        let mut fake = Fake::new(kind);
        fake.run(&mut fake.session(&migrations)).expect("it runs");
        let sent = fake.requests.last().expect("two were sent");
        assert!(
            sent.contains("\"CREATE TABLE t (a)\"") && sent.contains("\"DELETE /* d */ FROM t\""),
            "{sent}"
        );
    }
}

#[test]
fn a_race_that_is_lost_runs_nothing_of_the_file() {
    for kind in BOTH {
        let migrations =
            history(&["CREATE TABLE t (n); INSERT INTO t VALUES (1);", "UPDATE t SET n = n + 1;"]);
        let mut fake = Fake::new(kind);
        fake.run(&mut fake.session(&migrations).target("001")).expect("it runs");
        let mut session = fake.session(&migrations);
        let Ok(Some(Step::Request(request))) = session.next() else { panic!("a request") };
        let (status, body) = fake.answer(&request);
        session.receive(status, &body).expect("it goes on");
        fake.run(&mut fake.session(&migrations)).expect("the other one is faster");

        let Ok(Some(Step::Request(request))) = session.next() else { panic!("a request") };
        let changes = fake.conn.total_changes();
        let (status, body) = fake.answer(&request);
        assert_eq!(fake.conn.total_changes(), changes, "{kind:?}: {}", String::from_utf8_lossy(&body));
        session.receive(status, &body).expect("it goes on");
        fake.run(&mut session).expect("there is nothing left to do");
        assert!(session.report().applied().is_empty());
    }
}

#[test]
fn a_newer_database_is_lived_with_from_its_floor_on() {
    static OLDER: Migrations = embed_migrations!("tests/shared/older", compatible = true);
    static NEWER: Migrations = embed_migrations!("tests/shared/newer", compatible = true);
    static STRICT: Migrations = embed_migrations!("tests/shared/older");
    for kind in BOTH {
        let mut fake = Fake::new(kind);
        let mut session = fake.session(&NEWER);
        fake.run(&mut session).unwrap_or_else(|error| panic!("{kind:?}: {error:?}"));
        assert_eq!(session.report().newer(), None);

        fake.requests.clear();
        let mut session = fake.session(&OLDER);
        fake.run(&mut session).unwrap_or_else(|error| panic!("{kind:?}: {error:?}"));
        assert_eq!(session.report().newer(), Some("002"));
        assert_eq!(session.status().expect("it was read").newer(), Some("002"));
        assert_eq!(fake.requests.len(), 1, "history and floor are one read");

        assert!(matches!(fake.run(&mut fake.session(&STRICT)), Err(Error::NewerDatabase { .. })));
        fake.conn.pragma_update(None, "user_version", 2).expect("it is set");
        assert!(matches!(fake.run(&mut fake.session(&OLDER)), Err(Error::NewerDatabase { .. })));
    }
}

#[test]
fn the_schema_is_read_with_the_history_that_it_is_of() {
    let names = |session: &embed_migrations_remote::Session| -> Vec<String> {
        session.schema().expect("it was read").iter().map(|object| object.name.clone()).collect()
    };
    for kind in BOTH {
        let migrations = history(&[
            "CREATE TABLE t (n); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END;",
            "CREATE VIEW v AS SELECT n FROM t; CREATE INDEX i ON t (n);",
        ]);
        let mut fake = Fake::new(kind);
        let mut session = fake.session(&migrations).reads_schema();
        fake.run(&mut session).expect("it is read");
        assert_eq!(
            (names(&session), session.status().map(|status| status.applied().len())),
            (vec![], Some(0))
        );

        fake.run(&mut fake.session(&migrations)).expect("it runs");
        fake.requests.clear();
        let mut session = fake.session(&migrations).reads_schema();
        fake.run(&mut session).expect("it is read");
        assert_eq!(names(&session)[1..], ["t", "r", "v", "i"], "{kind:?}");
        assert_eq!((fake.requests.len(), session.report().applied().len()), (1, 0));
    }
}

#[test]
fn a_schema_that_went_on_while_it_was_read_is_read_again() {
    let migrations = history(&["CREATE TABLE t (n);", "CREATE TABLE later (n);"]);
    // From the first migration on, and from none.
    for target in [Some("000"), None] {
        let mut fake = Fake::new(Kind::Rqlite);
        if let Some(target) = target {
            fake.run(&mut fake.session(&migrations).target(target)).expect("it runs");
        }
        let mut session = fake.session(&migrations).reads_schema();
        let Ok(Some(Step::Request(request))) = session.next() else { panic!("a request") };
        let answer = |fake: &mut Fake| -> serde_json::Value {
            serde_json::from_slice(&fake.answer(&request).1).expect("answers are JSON")
        };
        let mut before = answer(&mut fake);
        fake.run(&mut fake.session(&migrations)).expect("another process goes on");
        let after = answer(&mut fake);
        // The queries of one request are not one transaction here.
        for query in 2..4 {
            before["results"][query] = after["results"][query].clone();
        }
        session.receive(200, before.to_string().as_bytes()).expect("it asks again");
        assert_eq!(session.schema(), None, "{target:?}");
        fake.run(&mut session).expect("it is read");
        assert_eq!(session.status().map(|status| status.applied().len()), Some(migrations.len()));
        assert!(session.schema().is_some_and(|objects| objects.iter().any(|object| object.name == "later")));
    }
}
