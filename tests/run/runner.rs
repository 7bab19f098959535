//! What a run promises to its caller: events, report, status, target, errors, and a connection that comes back
//! as it was.

use std::cell::RefCell;
use std::error::Error as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use embed_migrations::rusqlite::Connection;
use embed_migrations::rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use embed_migrations::{Cause, Error, Event, Migrations, Report, Runner, Status, embed_migrations};
use insta::assert_snapshot;

use crate::databases::{
    Db, MOMENT, State, Step, answer, dump, history, memory, off, on, one, recorded, rows, state, tables,
    told, versions, whole,
};

static LESSON: Migrations = embed_migrations!();

fn three() -> Migrations {
    history(&[on("CREATE TABLE t (a);"), on("INSERT INTO t VALUES (1);")])
}

// ---- events and report

#[test]
fn each_migration_starts_in_order_and_is_applied_in_order() {
    let mut conn = memory();
    let mut events = Vec::new();
    let report = LESSON
        .runner()
        .on_event(|event| {
            events.push(match event {
                Event::Started { migration, position, total, .. } => {
                    format!("started {} {position}/{total}", migration.file_name())
                }
                Event::Step { migration, statement, of, .. } => {
                    format!("statement {statement} of {of} of {}", migration.file_name())
                }
                Event::Applied { migration, .. } => format!("applied {}", migration.file_name()),
                other => format!("{other:?}"),
            });
        })
        .run(&mut conn)
        .expect("all is well");
    assert_snapshot!(events.join("\n"), @r"
    started 000_create_schema_migrations.sql 1/3
    statement 1 of 2 of 000_create_schema_migrations.sql
    statement 2 of 2 of 000_create_schema_migrations.sql
    started 001_create_users.sql 2/3
    statement 1 of 2 of 001_create_users.sql
    statement 2 of 2 of 001_create_users.sql
    started 002_add_bio_to_users.sql 3/3
    statement 1 of 2 of 002_add_bio_to_users.sql
    statement 2 of 2 of 002_add_bio_to_users.sql
    applied 000_create_schema_migrations.sql
    applied 001_create_users.sql
    applied 002_add_bio_to_users.sql
    ");
    assert_eq!(versions(report.applied()), ["000", "001", "002"]);
    assert_eq!(LESSON.run(&mut conn).expect("nothing pending").applied().len(), 0);
}

#[test]
fn positions_go_on_over_segments_and_begin_anew_in_the_next_call() {
    let migrations = history(&[
        on("CREATE TABLE t (a);"),
        off("CREATE TABLE u (a);"),
        on("PRAGMA defer_foreign_keys = ON; CREATE TABLE v (a);"),
        on("CREATE TABLE w (a);"),
    ]);
    let mut conn = memory();
    let mut run = |target: &str| {
        let mut events = String::new();
        let mut runner = migrations.runner().target(target).on_event(|event| match event {
            Event::Started { position, total, .. } => events += &format!("{position}/{total} "),
            Event::Applied { migration, .. } => events += &format!("{} ", migration.version()),
            _ => {}
        });
        runner.run(&mut conn).expect("all is well");
        drop(runner);
        events
    };
    assert_eq!(run("001"), "1/2 2/2 000 001 ");
    assert_eq!(run("001"), "");
    assert_eq!(run("004"), "1/3 002 2/3 003 3/3 004 ");
}

#[test]
fn a_step_is_told_once_its_statement_has_run_and_nobody_else_can_see_it() {
    let db = Db::in_mode("wal");
    let other = db.open();
    let migrations = history(&[on("CREATE TABLE t (a);
         -- a comment; then rows
         INSERT INTO t VALUES (1); INSERT INTO t VALUES (2);
         CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END;")]);
    migrations.runner().target("000").run(&mut db.open()).expect("all is well");
    let mut steps = Vec::new();
    migrations
        .runner()
        .on_event(|event| {
            if let Event::Step { migration, statement, of, .. } = event {
                assert!(!recorded(&other).contains(&migration.version().to_owned()));
                steps.push((migration.version(), statement, of));
            }
        })
        .run(&mut db.open())
        .expect("all is well");
    assert_eq!(steps, (1..=5).map(|statement| ("001", statement, 5)).collect::<Vec<_>>());
}

#[test]
fn applied_means_that_others_can_see_it() {
    for mode in ["delete", "wal"] {
        let db = Db::in_mode(mode);
        let other = db.open();
        let migrations =
            history(&[on("CREATE TABLE t (a);"), off("CREATE TABLE u (a);"), on("CREATE TABLE v (a);")]);
        let mut seen = Vec::new();
        migrations
            .runner()
            .on_event(|event| match event {
                Event::Started { migration, .. } => {
                    assert!(!recorded(&other).contains(&migration.version().to_owned()), "{mode}");
                }
                Event::Applied { migration, .. } => {
                    assert!(recorded(&other).contains(&migration.version().to_owned()), "{mode}");
                    seen.push(migration.version());
                }
                _ => {}
            })
            .run(&mut db.open())
            .expect("all is well");
        assert_eq!(seen, ["000", "001", "002", "003"]);
    }
}

#[test]
fn what_failed_was_started_and_never_applied() {
    let migrations =
        history(&[on("CREATE TABLE t (a);"), on("SELECT * FROM missing;"), on("CREATE TABLE u (a);")]);
    let mut events = Vec::new();
    let result = migrations
        .runner()
        .on_event(|event| {
            events.push(match event {
                Event::Started { migration, .. } => ("started", migration.version()),
                Event::Step { migration, .. } => ("step", migration.version()),
                Event::Applied { migration, .. } => ("applied", migration.version()),
                _ => ("", ""),
            });
        })
        .run(&mut memory());
    assert_eq!(told(result).applied, ["000", "001"]);
    assert_eq!(
        events,
        [
            ("started", "000"),
            ("step", "000"),
            ("step", "000"),
            ("started", "001"),
            ("step", "001"),
            ("step", "001"),
            // Its first statement fails, and was no step forward.
            ("started", "002"),
            ("applied", "000"),
            ("applied", "001")
        ]
    );
}

#[test]
fn a_runner_can_run_again_and_on_other_connections() {
    let mut runner = LESSON.runner();
    let (mut one, mut two) = (memory(), memory());
    assert_eq!(runner.run(&mut one).expect("all is well").applied().len(), 3);
    assert_eq!(runner.run(&mut one).expect("nothing pending").applied().len(), 0);
    assert_eq!(runner.run(&mut two).expect("all is well").applied().len(), 3);
}

#[test]
fn a_runner_tells_its_options() {
    let runner = LESSON.runner().target("001").all_or_nothing().lock_timeout(MOMENT);
    assert_eq!(
        format!("{runner:?}"),
        format!(
            "Runner {{ migrations: {LESSON:?}, lock_timeout: 30ms, target: Some(\"001\"), all_or_nothing: true, backup: None, .. }}"
        )
    );
}

// ---- status

#[test]
fn status_is_a_table_that_a_person_can_read() {
    let mut conn = memory();
    assert_snapshot!(LESSON.status(&conn).expect("it reads"), @r"
    version  name                      state
    000      create_schema_migrations  pending
    001      create_users              pending
    002      add_bio_to_users          pending
    ");
    LESSON.runner().target("001").run(&mut conn).expect("all is well");
    let status: Status = LESSON.status(&conn).expect("it reads");
    assert_eq!(status.applied().iter().map(|m| m.version()).collect::<Vec<_>>(), ["000", "001"]);
    assert_eq!(status.pending().iter().map(|m| m.version()).collect::<Vec<_>>(), ["002"]);
    assert_snapshot!(status, @r"
    version  name                      state
    000      create_schema_migrations  applied
    001      create_users              applied
    002      add_bio_to_users          pending
    ");
}

#[test]
fn status_of_a_database_that_is_not_there_makes_no_table() {
    let db = Db::new();
    let conn = db.open();
    let before = state(&conn);
    assert_eq!(LESSON.status(&conn).expect("it reads").pending().len(), 3);
    assert_eq!(state(&conn), before);
    drop(conn);
    assert_eq!(db.bytes().len(), 0);
}

// ---- target

#[test]
fn a_target_is_inclusive_and_compared_as_a_number() {
    let steps: Vec<Step> = (1..=11).map(|n| on(format!("CREATE TABLE t{n} (a);"))).collect();
    let migrations = history(&steps);
    for (target, applied) in
        [("000", 1), ("0", 1), ("2", 3), ("02", 3), ("00009", 10), ("010", 11), ("11", 12)]
    {
        let mut conn = memory();
        let report = migrations.runner().target(target).run(&mut conn).expect(target);
        assert_eq!((report.applied().len(), recorded(&conn).len()), (applied, applied), "{target}");
    }
}

#[test]
fn a_target_at_or_below_what_is_applied_does_nothing() {
    let mut conn = memory();
    three().run(&mut conn).expect("all is well");
    let before = dump(&conn);
    for target in ["002", "001", "000", "2", "0"] {
        assert_eq!(three().runner().target(target).run(&mut conn).expect(target).applied().len(), 0);
    }
    assert_eq!(dump(&conn), before);
}

#[test]
fn an_unknown_target_is_an_error_that_names_the_last() {
    for target in ["003", "abc", "", "-1", "0x1", "1.0", " 1", "99999999999999999999999"] {
        let mut conn = memory();
        match three().runner().target(target).run(&mut conn) {
            Err(Error::UnknownTarget { target: told, latest, .. }) => {
                assert_eq!((told.as_str(), latest.version()), (target, "002"));
            }
            other => panic!("{target}: {other:?}"),
        }
        assert_eq!(tables(&conn).len(), 0, "{target}");
    }
}

// ---- all or nothing

#[test]
fn all_or_nothing_keeps_nothing_of_a_call_that_fails() {
    for done in [None, Some("000"), Some("001")] {
        let migrations =
            history(&[on("CREATE TABLE t (a);"), on("CREATE TABLE u (a);"), on("SELECT * FROM missing;")]);
        let mut conn = memory();
        if let Some(done) = done {
            migrations.runner().target(done).run(&mut conn).expect("all is well");
        }
        let before = (dump(&conn), state(&conn));
        let mut applied = 0;
        let result = migrations
            .runner()
            .all_or_nothing()
            .on_event(|event| applied += usize::from(matches!(event, Event::Applied { .. })))
            .run(&mut conn);
        let told = told(result);
        assert_eq!((told.version, told.database, told.applied.len()), ("003", done, 0));
        assert_eq!((dump(&conn), state(&conn), applied), (before.0, before.1, 0));
    }
}

#[test]
fn all_or_nothing_applies_all() {
    let mut conn = memory();
    assert_eq!(LESSON.runner().all_or_nothing().run(&mut conn).expect("all is well").applied().len(), 3);
    // With foreign keys off in all that is pending, one transaction will do as well.
    let migrations = history(&[off("CREATE TABLE t (a);"), off("CREATE TABLE u (a);")]);
    let mut conn = memory();
    migrations.runner().target("0").run(&mut conn).expect("the first file");
    assert_eq!(migrations.runner().all_or_nothing().run(&mut conn).expect("all is well").applied().len(), 2);
}

#[test]
fn all_or_nothing_over_several_transactions_is_refused_before_anything_is_touched() {
    let deferrable = "CREATE TABLE t (a INTEGER PRIMARY KEY, b REFERENCES t DEFERRABLE INITIALLY DEFERRED);";
    for (steps, named) in [
        (vec![on("CREATE TABLE t (a);"), off("CREATE TABLE u (a);")], "002"),
        (vec![off("CREATE TABLE t (a);"), on("CREATE TABLE u (a);")], "001"),
        (vec![on("PRAGMA defer_foreign_keys = ON;"), on("CREATE TABLE u (a);")], "001"),
        (vec![on(deferrable), on("CREATE TABLE u (a);")], "001"),
    ] {
        let db = Db::new();
        let mut conn = db.open();
        let before = state(&conn);
        let mut events = 0;
        match history(&steps).runner().all_or_nothing().on_event(|_| events += 1).run(&mut conn) {
            Err(Error::SeveralTransactions { migration, .. }) => assert_eq!(migration.version(), named),
            other => panic!("{steps:?}: {other:?}"),
        }
        assert_eq!((state(&conn), tables(&conn).len(), events), (before, 0, 0), "{steps:?}");
        drop(conn);
        assert_eq!(db.bytes().len(), 0, "{steps:?}");
    }
    // Before anything else: not even the lock is asked for.
    let db = Db::in_mode("wal");
    let other = db.open();
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    let migrations = history(&[on("SELECT 1;"), off("SELECT 1;")]);
    let result = migrations.runner().all_or_nothing().lock_timeout(MOMENT).run(&mut db.open());
    assert!(matches!(result, Err(Error::SeveralTransactions { .. })), "{result:?}");
    // What makes a file defer may also be in the database already.
    let migrations = history(&[on(deferrable), on("CREATE TABLE u (a);"), on("CREATE TABLE v (a);")]);
    let mut conn = memory();
    migrations.runner().target("001").run(&mut conn).expect("all is well");
    match migrations.runner().all_or_nothing().run(&mut conn) {
        Err(Error::SeveralTransactions { migration, .. }) => assert_eq!(migration.version(), "003"),
        other => panic!("{other:?}"),
    }
    // One pending file is one transaction.
    migrations.runner().all_or_nothing().target("002").run(&mut conn).expect("all is well");
}

// ---- segments

/// How many commits a run makes, seen by what the files before have left for others.
fn transactions(steps: &[Step]) -> Vec<Vec<String>> {
    let db = Db::in_mode("wal");
    let other = db.open();
    let mut groups: Vec<Vec<String>> = Vec::new();
    let seen = RefCell::new(Vec::new());
    history(steps)
        .runner()
        .on_event(|event| {
            if let Event::Started { migration, .. } = event {
                seen.borrow_mut().push((migration.version().to_owned(), recorded(&other).len()));
            }
        })
        .run(&mut db.open())
        .expect("all is well");
    let mut committed = None;
    for (version, now) in seen.into_inner() {
        if committed != Some(now) {
            groups.push(Vec::new());
        }
        committed = Some(now);
        groups.last_mut().expect("one was pushed").push(version);
    }
    groups
}

#[test]
fn files_with_the_same_settings_share_a_transaction() {
    let nothing = || on("SELECT 1;");
    let deferrable = "CREATE TABLE d (a INTEGER PRIMARY KEY, b REFERENCES d DEFERRABLE INITIALLY DEFERRED);";
    for (steps, expected) in [
        (vec![nothing(), nothing()], "000 001 002"),
        (vec![nothing(), off("SELECT 1;"), off("SELECT 1;"), nothing()], "000 001/002 003/004"),
        (vec![nothing(), on("PRAGMA defer_foreign_keys = ON;"), nothing(), nothing()], "000 001/002/003 004"),
        // From the file that brings the deferrable key on, each stands alone; with foreign keys off none is put off.
        (vec![nothing(), on(deferrable), nothing(), nothing()], "000 001/002/003/004"),
        (vec![on(deferrable), off("SELECT 1;"), off("SELECT 1;"), nothing()], "000/001/002 003/004"),
        (
            vec![
                whole(
                    "PRAGMA legacy_alter_table = ON;\nBEGIN;\nINSERT INTO schema_migrations (version, name) VALUES ('001', 'step');\nCOMMIT;\nPRAGMA legacy_alter_table = OFF;\n",
                ),
                nothing(),
            ],
            "000/001/002",
        ),
    ] {
        let groups: Vec<_> = transactions(&steps).iter().map(|group| group.join(" ")).collect();
        assert_eq!(groups.join("/"), expected, "{steps:?}");
    }
}

// ---- histories that are not ours

#[test]
fn a_history_that_is_not_the_beginning_of_ours_is_refused_and_untouched() {
    let table = "CREATE TABLE schema_migrations (version TEXT, name TEXT, applied_at TEXT);";
    for (row_list, expected) in [
        (
            "('000', 'create_schema_migrations'), ('001', 'step'), ('002', 'step'), ('003', 'x'), ('010', 'y')",
            "the database is at version 010, but this program ends at 002 (002_step.sql); a newer release has \
             migrated it and is needed to open it",
        ),
        (
            "('000', 'create_schema_migrations'), ('20240101120000', 'x')",
            "the database is at version 20240101120000, but this program ends at 002 (002_step.sql); a newer release \
             has migrated it and is needed to open it",
        ),
        (
            "('000', 'create_schema_migrations'), ('v1', 'x')",
            "schema_migrations records version `v1`, named `x`, which this program does not have",
        ),
        (
            "('000', 'create_schema_migrations'), ('1', 'step')",
            "schema_migrations records version `1`, named `step`, which this program does not have",
        ),
        (
            "('000', 'create_schema_migrations'), ('', '')",
            "schema_migrations records version ``, named ``, which this program does not have",
        ),
        (
            "('000', 'create_schema_migrations'), ('001', 'other')",
            "schema_migrations records version 001 as `other`, but this program has it as 001_step.sql",
        ),
        (
            "('000', 'create_schema_migrations'), ('002', 'step')",
            "schema_migrations does not record 001_step.sql, although it records 002_step.sql, which comes later",
        ),
        (
            "('001', 'step')",
            "schema_migrations does not record 000_create_schema_migrations.sql, although it records 001_step.sql, \
             which comes later",
        ),
        (
            "('000', 'create_schema_migrations'), ('001', 'step'), ('001', 'step')",
            "schema_migrations records 001_step.sql twice",
        ),
    ] {
        let mut conn = memory();
        conn.execute_batch(&format!(
            "{table} INSERT INTO schema_migrations (version, name) VALUES {row_list};"
        ))
        .expect("rows");
        let before = (dump(&conn), state(&conn), conn.total_changes());
        let error = three().run(&mut conn).expect_err(row_list);
        assert_eq!(error.to_string(), expected);
        assert_eq!((dump(&conn), state(&conn), conn.total_changes()), before);
        assert_eq!(three().status(&conn).expect_err(row_list).to_string(), expected);
        // Nor with a target that would have been reached.
        assert_eq!(three().runner().target("000").run(&mut conn).expect_err(row_list).to_string(), expected);
    }
}

#[test]
fn a_newer_database_carries_both_versions() {
    let mut conn = memory();
    history(&[on("SELECT 1;"), on("SELECT 2;")]).run(&mut conn).expect("all is well");
    match history(&[on("SELECT 1;")]).run(&mut conn) {
        Err(Error::NewerDatabase { database, binary, .. }) => {
            assert_eq!((database.as_str(), binary.version()), ("002", "001"));
        }
        other => panic!("{other:?}"),
    }
}

// ---- nothing pending

#[test]
fn with_nothing_pending_a_run_goes_on_beside_a_writer() {
    let db = Db::in_mode("wal");
    LESSON.run(&mut db.open()).expect("all is well");
    let writer = db.open();
    writer
        .execute_batch("BEGIN IMMEDIATE; INSERT INTO users (email, name) VALUES ('a', 'b')")
        .expect("a lock");
    let mut conn = db.open();
    let mut events = 0;
    let report = LESSON.runner().lock_timeout(MOMENT).on_event(|_| events += 1).run(&mut conn);
    assert_eq!((report.expect("it only reads").applied().len(), events), (0, 0));
    assert_eq!(conn.total_changes(), 0);
}

#[test]
fn with_nothing_pending_the_schema_is_not_walked() {
    let mut conn = memory();
    LESSON.run(&mut conn).expect("all is well");
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let _ = conn.authorizer(Some(move |context: AuthContext<'_>| {
        match context.action {
            AuthAction::Pragma { pragma_name, .. } => {
                seen.lock().expect("no panic").push(pragma_name.to_owned());
            }
            AuthAction::Transaction { .. } => seen.lock().expect("no panic").push("a transaction".to_owned()),
            _ => {}
        }
        Authorization::Allow
    }));
    LESSON.run(&mut conn).expect("nothing pending");
    let _ = conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>);
    let asked = asked.lock().expect("no panic");
    assert_eq!(*asked, ["busy_timeout", "index_list"]);
}

#[test]
fn a_complete_history_is_told_from_others_of_as_many_rows() {
    for (change, expected) in [
        ("SELECT 1", None),
        // Another order of rows is none of history.
        (
            "CREATE TEMP TABLE other AS SELECT * FROM schema_migrations ORDER BY version DESC;
             DELETE FROM schema_migrations; INSERT INTO schema_migrations SELECT * FROM other; DROP TABLE other",
            None,
        ),
        ("UPDATE schema_migrations SET name = 'create_user' WHERE version = '001'", Some("as `create_user`")),
        ("UPDATE schema_migrations SET version = '003' WHERE version = '001'", Some("at version 003")),
        (
            "UPDATE schema_migrations SET name = CAST(name AS BLOB) WHERE version = '002'",
            Some("a name that is BLOB"),
        ),
    ] {
        let mut conn = memory();
        LESSON.run(&mut conn).expect("all is well");
        conn.execute_batch(change).expect(change);
        match (LESSON.run(&mut conn), expected) {
            (Ok(report), None) => assert_eq!(report.applied().len(), 0, "{change}"),
            (Err(error), Some(expected)) => assert!(error.to_string().contains(expected), "{change}: {error}"),
            (result, _) => panic!("{change}: {result:?}"),
        }
    }
}

/// A connection remembers the schema of its last statement.
#[test]
fn a_table_that_another_connection_has_replaced_is_not_taken_for_complete() {
    for (replacement, expected) in [
        ("VIEW schema_migrations AS SELECT version, name FROM records", "is a view"),
        // What would show that it is run.
        ("VIEW schema_migrations AS SELECT unknown(version) AS version, name FROM records", "is a view"),
        (
            "VIEW schema_migrations AS SELECT version COLLATE unknown AS version, name FROM records",
            "is a view",
        ),
        ("VIEW schema_migrations AS SELECT zeroblob(2000000000) AS version, name FROM records", "is a view"),
        ("TABLE schema_migrations AS SELECT 1 AS version, name FROM records", "a version that is INTEGER"),
        (
            "VIRTUAL TABLE schema_migrations USING fts5(version, name, content = 'records')",
            "is a virtual table",
        ),
    ] {
        let db = Db::new();
        let mut conn = db.open();
        LESSON.run(&mut conn).expect("all is well");
        let other = db.open();
        other.execute_batch("ALTER TABLE schema_migrations RENAME TO records").expect("it is renamed");
        other.execute_batch(&format!("CREATE {replacement}")).expect(replacement);
        let error = LESSON.run(&mut conn).expect_err(replacement);
        assert!(error.to_string().contains(expected), "{replacement}: {error}");
    }
}

#[test]
fn a_table_that_another_connection_has_dropped_is_made_again() {
    let db = Db::new();
    let mut conn = db.open();
    LESSON.run(&mut conn).expect("all is well");
    db.open().execute_batch("DROP TABLE schema_migrations; DROP TABLE users").expect("they are dropped");
    assert_eq!(LESSON.run(&mut conn).expect("nothing is there").applied().len(), 3);
}

// ---- the connection

#[test]
fn no_temporary_database_is_made() {
    let db = Db::new();
    let mut conn = db.open();
    for _ in 0..2 {
        LESSON.run(&mut conn).expect("all is well");
        LESSON.status(&conn).expect("it reads");
        let databases = rows(&conn, "PRAGMA database_list");
        assert_eq!(databases.len(), 1, "{databases:?}");
    }
}

/// Ways to have a connection before a run.
fn connections(db: &Db) -> Vec<Connection> {
    let mut connections = Vec::new();
    for foreign_keys in [false, true] {
        for legacy in [false, true] {
            for (timeout, mode) in [(0, "delete"), (1234, "memory"), (5000, "off"), (7, "persist")] {
                let conn = db.open();
                conn.execute_batch(&format!(
                    "PRAGMA foreign_keys = {foreign_keys}; PRAGMA legacy_alter_table = {legacy}; PRAGMA busy_timeout = {timeout};"
                ))
                .expect("settings");
                let set: String = one(&conn, &format!("PRAGMA journal_mode = {mode}"));
                assert_eq!(set, mode);
                connections.push(conn);
            }
        }
    }
    connections
}

/// It was the callback that panicked, and not the run.
fn the_callback_panicked(result: std::thread::Result<Result<Report, Error>>) {
    let payload = result.expect_err("the callback panics");
    assert_eq!(payload.downcast_ref(), Some(&"the callback panics"));
}

#[test]
fn the_connection_comes_back_as_it_was_on_every_path() {
    type Path = (&'static str, fn(&mut Connection));
    fn migrations() -> Migrations {
        let legacy = whole(
            "PRAGMA foreign_keys = OFF;\nPRAGMA legacy_alter_table = ON;\nBEGIN;\nCREATE TABLE v (a);\n\
             INSERT INTO schema_migrations (version, name) VALUES ('003', 'step');\nCOMMIT;\n\
             PRAGMA legacy_alter_table = OFF;\nPRAGMA foreign_keys = ON;\n",
        );
        let fails = "CREATE TABLE w (a); SELECT * FROM missing;";
        history(&[on("CREATE TABLE t (a);"), off("CREATE TABLE u (a);"), legacy, on(fails)])
    }
    fn panic_at(conn: &mut Connection, version: &str, when: fn(&Event) -> bool) {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let mut runner = migrations().runner().on_event(|event| {
                let at = match event {
                    Event::Started { migration, .. } | Event::Applied { migration, .. } => {
                        migration.version()
                    }
                    _ => "",
                };
                assert!(at != version || !when(&event), "the callback panics");
            });
            runner.run(conn)
        }));
        the_callback_panicked(panicked);
    }
    let paths: [Path; 9] = [
        ("all is well", |conn| {
            assert_eq!(migrations().runner().target("003").run(conn).expect("well").applied().len(), 4);
        }),
        ("a file fails", |conn| assert_eq!(told(migrations().run(conn)).version, "004")),
        ("refused", |conn| {
            let result = migrations().runner().all_or_nothing().run(conn);
            assert!(matches!(result, Err(Error::SeveralTransactions { .. })), "{result:?}");
        }),
        ("no such target", |conn| {
            let result = migrations().runner().target("9").run(conn);
            assert!(matches!(result, Err(Error::UnknownTarget { .. })), "{result:?}");
        }),
        ("a panic before the first file", |conn| {
            panic_at(conn, "000", |event| matches!(event, Event::Started { .. }));
        }),
        ("a panic in a segment without foreign keys", |conn| {
            panic_at(conn, "002", |event| matches!(event, Event::Started { .. }));
        }),
        ("a panic with legacy_alter_table", |conn| {
            panic_at(conn, "003", |event| matches!(event, Event::Started { .. }));
        }),
        ("a panic after COMMIT", |conn| {
            panic_at(conn, "002", |event| matches!(event, Event::Applied { .. }));
        }),
        ("a divergence", |conn| {
            conn.execute_batch(
                "CREATE TABLE schema_migrations (version, name); INSERT INTO schema_migrations VALUES (1, 2)",
            )
            .expect("a row");
            let result = migrations().run(conn);
            assert!(matches!(result, Err(Error::Diverged { .. })), "{result:?}");
        }),
    ];
    for (what, path) in paths {
        let count = connections(&Db::new()).len();
        for index in 0..count {
            let db = Db::new();
            let mut conn = connections(&db).swap_remove(index);
            let before = state(&conn);
            assert!(before.autocommit);
            path(&mut conn);
            assert_eq!(state(&conn), before, "{what}");
            // What is there is a beginning, and the connection is of use.
            let there = recorded(&conn);
            if what != "a divergence" {
                assert_eq!(there, (0..there.len()).map(|n| format!("{n:03}")).collect::<Vec<_>>(), "{what}");
            }
            conn.execute_batch("CREATE TABLE after_the_run (a); DROP TABLE after_the_run").expect(what);
            drop(conn);
            assert_eq!(recorded(&db.open()), there, "{what}");
        }
    }
}

#[test]
fn a_panic_keeps_what_was_committed_and_nothing_else() {
    let migrations =
        history(&[on("CREATE TABLE t (a);"), off("CREATE TABLE u (a);"), off("CREATE TABLE v (a);")]);
    let db = Db::new();
    let mut conn = db.open();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let mut runner = migrations.runner().on_event(|event| {
            if let Event::Started { migration, .. } = event {
                assert!(migration.version() != "003", "the callback panics");
            }
        });
        runner.run(&mut conn)
    }));
    the_callback_panicked(panicked);
    assert_eq!(recorded(&db.open()), ["000", "001"]);
    assert_eq!(migrations.run(&mut conn).expect("all is well").applied().len(), 2);
}

#[test]
fn defer_foreign_keys_of_the_connection_forgives_nothing() {
    let mut conn = memory();
    conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA defer_foreign_keys = ON").expect("a pragma");
    let migrations = history(&[
        on("CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE c (a REFERENCES a (id));"),
        on("INSERT INTO c VALUES (1); INSERT INTO a VALUES (1);"),
    ]);
    let told = told(migrations.run(&mut conn));
    assert_eq!((told.version, told.place), ("002", (2, 1)));
}

// ---- errors

/// Debug, which tells everything, held against Display and the causes.
fn all_of(error: &Error) -> String {
    let display = error.to_string();
    assert!(!display.contains('\n'), "{display}");
    // In the place of the words that only lead to it, SQLite's own answer.
    let cause = error.source().map(|cause| match cause.downcast_ref::<Cause>() {
        Some(Cause::Sqlite { source, .. }) => answer(source),
        _ => cause.downcast_ref().map_or_else(|| cause.to_string(), answer),
    });
    // Debug tells whatever the others tell, and once.
    let debug = format!("{error:?}");
    assert!(debug.starts_with(&display), "{debug}");
    if let Some(cause) = cause {
        assert!(!display.contains(&cause), "{display}");
        assert!(debug.contains(&format!("\n  cause: {cause}")), "{debug}");
        assert_eq!(debug.matches("\n  cause: ").count(), 1, "{debug}");
    }
    debug
}

fn failing(conn: &mut Connection, steps: &[Step]) -> String {
    all_of(&history(steps).run(conn).expect_err("it fails"))
}

/// Every step of the chain below an error, as a printer of chains shows it.
fn chain(error: &Error) -> Vec<String> {
    let mut lines = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        lines.push(error.to_string());
        cause = error.source();
    }
    lines
}

#[test]
fn the_chain_of_an_error_leads_down_to_sqlite_and_says_nothing_twice() {
    let error = history(&[on("INSERT INTO missing VALUES (1);")]).run(&mut memory()).expect_err("it fails");
    let cause = error.source().expect("a cause");
    assert!(matches!(cause.downcast_ref::<Cause>(), Some(Cause::Sqlite { .. })), "{cause:?}");
    let answer = cause.source().expect("SQLite's answer").downcast_ref::<embed_migrations::rusqlite::Error>();
    let Some(embed_migrations::rusqlite::Error::SqliteFailure(code, _)) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!(code.extended_code, 1);
    let lines = chain(&error);
    assert!(lines.len() >= 3, "{lines:?}");
    for (index, line) in lines.iter().enumerate() {
        assert!(!line.contains('\n'), "{line}");
        let others = lines.iter().enumerate().filter(|(other, _)| *other != index);
        assert!(others.into_iter().all(|(_, other)| !other.contains(line.as_str())), "{lines:?}");
    }

    // A cause of ours is the last of the chain.
    let error =
        history(&[whole("BEGIN; SELECT 1; COMMIT;")]).run(&mut memory()).expect_err("it has no record");
    assert!(matches!(error.source().and_then(|cause| cause.downcast_ref()), Some(Cause::NotRecorded { .. })));
    assert_eq!(chain(&error).len(), 2);
}

#[test]
fn errors_before_anything_is_touched() {
    let mut conn = memory();
    conn.execute_batch("BEGIN").expect("a transaction");
    assert_snapshot!(all_of(&three().run(&mut conn).expect_err("open")), @"the connection is in a transaction; commit or roll back before running migrations");

    let error = three().runner().target("007").run(&mut memory()).expect_err("no such version");
    assert_snapshot!(all_of(&error), @"the target `007` is not a version of this program; the last one is 002 (002_step.sql)");

    let migrations = history(&[on("SELECT 1;"), off("SELECT 1;")]);
    let error = migrations.runner().all_or_nothing().run(&mut memory()).expect_err("two transactions");
    assert_snapshot!(all_of(&error), @"002_step.sql needs a transaction of its own, so the pending migrations cannot be applied all or nothing; run up to the version before it first");

    let mut conn = memory();
    conn.execute_batch("PRAGMA query_only = ON").expect("a pragma");
    assert_snapshot!(failing(&mut conn, &[]), @"000_create_schema_migrations.sql is pending, but PRAGMA query_only is on; turn it off to migrate");

    let db = Db::in_mode("delete");
    assert_snapshot!(failing(&mut db.open_read_only(), &[]), @"000_create_schema_migrations.sql is pending, but the database is read-only; open it for writing to migrate");

    let mut conn = memory();
    let _: String = one(&conn, "PRAGMA journal_mode = OFF");
    assert_snapshot!(failing(&mut conn, &[]), @"000_create_schema_migrations.sql is pending, but the database is in memory with journal_mode OFF, where nothing can be rolled back; set journal_mode to MEMORY");
}

#[test]
fn errors_about_the_tracking_table() {
    let on_database = |sql: &str| {
        let mut conn = memory();
        conn.execute_batch(sql).expect("a database");
        failing(&mut conn, &[on("SELECT 1;")])
    };
    assert_snapshot!(on_database("CREATE TEMP TABLE schema_migrations (version, name)"), @"the tracking table schema_migrations is hidden by a temporary table or view of that name; drop that one");
    assert_snapshot!(on_database("CREATE TABLE schema_migrations (id, dirty)"), @"the tracking table schema_migrations has no columns version and name, so another tool may have made it");
    assert_snapshot!(
        on_database("CREATE TABLE schema_migrations (version, name); CREATE TRIGGER g DELETE ON schema_migrations BEGIN SELECT 1; END"),
        @"the tracking table schema_migrations has the trigger g; drop it"
    );
    assert_snapshot!(
        on_database("CREATE TABLE schema_migrations (version, name); INSERT INTO schema_migrations VALUES (7, 'a')"),
        @"schema_migrations holds a version that is INTEGER; it must be TEXT"
    );
    assert_snapshot!(
        on_database("CREATE TABLE schema_migrations (version, name); INSERT INTO schema_migrations VALUES ('007', 'a')"),
        @"the database is at version 007, but this program ends at 001 (001_step.sql); a newer release has migrated it and is needed to open it"
    );
}

#[test]
fn errors_of_a_migration() {
    assert_snapshot!(
        failing(&mut memory(), &[on("CREATE TABLE t (a);"), on("CREATE TABLE u (\n\té INT,\n\té TEXT\n);")]),
        @r"
        002_step.sql:3:2: the migration failed; the database is at 001_step.sql
          |
        3 | 	é INT,
          | 	^
          statement: CREATE TABLE u (
        	é INT,
        	é TEXT
        );
          cause: duplicate column name: é
          applied by this run and kept: 000_create_schema_migrations.sql, 001_step.sql
        "
    );
    assert_snapshot!(
        failing(&mut memory(), &[on("CREATE TABLE t (a UNIQUE);\nINSERT INTO t VALUES (1);\n\n  -- again\n  INSERT INTO t (a) VALUES (1);")]),
        @r"
        001_step.sql:6:18: the migration failed; the database is at 000_create_schema_migrations.sql
          |
        6 |   INSERT INTO t (a) VALUES (1);
          |                  ^
          statement: INSERT INTO t (a) VALUES (1);
          cause: UNIQUE constraint failed: t.a
          applied by this run and kept: 000_create_schema_migrations.sql
        "
    );
    // Nothing is kept where not even the first file ran.
    assert_snapshot!(
        all_of(&history(&[on("SELECT missing;")]).runner().all_or_nothing().run(&mut memory()).expect_err("it fails")),
        @"
    001_step.sql:2:8: the migration failed; no migration is applied
      |
    2 | SELECT missing;
      |        ^^^^^^^
      statement: SELECT missing;
      cause: no such column: missing
      applied by this run and kept: nothing
    "
    );
    assert_snapshot!(
        failing(&mut memory(), &[on("CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1);"), on("INSERT OR ROLLBACK INTO t VALUES (1);")]),
        @"
    002_step.sql:2:25: the migration failed; no migration is applied
      |
    2 | INSERT OR ROLLBACK INTO t VALUES (1);
      |                         ^
      statement: INSERT OR ROLLBACK INTO t VALUES (1);
      cause: UNIQUE constraint failed: t.a
      applied by this run and kept: nothing
    "
    );
    assert_snapshot!(
        failing(&mut memory(), &[
            on("CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE c (a REFERENCES a);"),
            off("INSERT INTO c VALUES (1), (2);"),
        ]),
        @"
    002_step.sql:5:1: the migration failed; the database is at 001_step.sql
      |
    5 | COMMIT;
      | ^^^^^^
      statement: COMMIT;
      cause: adds 2 foreign-key violations: rows of c reference missing rows of a
      applied by this run and kept: 000_create_schema_migrations.sql, 001_step.sql
    "
    );
    assert_snapshot!(
        failing(&mut memory(), &[
            on("CREATE TABLE p (x UNIQUE); CREATE TABLE c (x REFERENCES p (x));"),
            off("INSERT INTO c VALUES (1);"),
        ]),
        @"
    002_step.sql:5:1: the migration failed; the database is at 001_step.sql
      |
    5 | COMMIT;
      | ^^^^^^
      statement: COMMIT;
      cause: adds 1 foreign-key violation: rows of c reference missing rows of p
      applied by this run and kept: 000_create_schema_migrations.sql, 001_step.sql
    "
    );
    assert_snapshot!(
        failing(&mut memory(), &[whole("BEGIN;\nINSERT INTO schema_migrations (version, name) VALUES ('001', 'other');\nCOMMIT;\n")]),
        @"
    001_step.sql:3:1: the migration failed; the database is at 000_create_schema_migrations.sql
      |
    3 | COMMIT;
      | ^^^^^^
      statement: COMMIT;
      cause: a migration must add exactly one row, its own, to the tracking table; it recorded version 001 as `other`, not as `step`
      applied by this run and kept: 000_create_schema_migrations.sql
    "
    );
    assert_snapshot!(
        failing(&mut memory(), &[
            on("CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE c (a REFERENCES a DEFERRABLE INITIALLY DEFERRED);"),
            on("INSERT INTO c VALUES (1);"),
        ]),
        @r"
        002_step.sql:4:1: the migration failed; the database is at 001_step.sql
          |
        4 | COMMIT;
          | ^^^^^^
          statement: COMMIT;
          cause: FOREIGN KEY constraint failed
          applied by this run and kept: 000_create_schema_migrations.sql, 001_step.sql
        "
    );
}

#[test]
fn a_very_long_statement_is_shortened() {
    let values = vec!["(1)"; 1000].join(", ");
    let told = failing(&mut memory(), &[on(format!("INSERT INTO missing VALUES {values};"))]);
    assert!(told.len() < 8000, "{}", told.len());
    assert!(told.contains("no such table: missing"), "{told}");
}

#[test]
fn errors_about_other_connections() {
    let db = Db::in_mode("delete");
    let other = db.open();
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    let run = || {
        let error = three().runner().lock_timeout(MOMENT).run(&mut db.open()).expect_err("locked");
        let told = all_of(&error);
        let (seconds, rest) =
            told.strip_prefix("timed out after ").and_then(|told| told.split_once(' ')).expect("a time");
        assert!(seconds.parse::<f64>().is_ok(), "{told}");
        format!("timed out after … {rest}")
    };
    assert_snapshot!(run(), @"
    timed out after … s waiting to apply 000_create_schema_migrations.sql: another connection holds the lock; no migration is applied
      cause: database is locked
      applied by this run and kept: nothing
    ");
    other.execute_batch("ROLLBACK; BEGIN EXCLUSIVE").expect("the lock");
    assert_snapshot!(run(), @"
    timed out after … s waiting to read which migrations are applied: another connection holds the lock; the database could not be read back
      cause: database is locked
      applied by this run and kept: nothing
    ");
}

#[test]
fn errors_about_the_file_and_the_connection() {
    let db = Db::new();
    std::fs::write(&db.path, "no database ".repeat(100)).expect("a file");
    assert_snapshot!(failing(&mut db.open(), &[]), @r"
    SQLite failed while reading which migrations are applied
      cause: file is not a database
    ");

    // A setting that could be changed and cannot be changed back.
    let db = Db::new();
    let mut conn = db.open();
    let _: String = one(&conn, "PRAGMA journal_mode = MEMORY");
    deny_journal_mode(&mut conn, "memory");
    assert_snapshot!(failing(&mut conn, &[]), @"
    could not restore the connection's journal_mode, so close the connection; the database is at 000_create_schema_migrations.sql
      cause: not authorized
      applied by this run and kept: 000_create_schema_migrations.sql
    ");
    // What ran is told all the same.
    assert_eq!(rows(&conn, "SELECT * FROM schema_migrations").len(), 1);
}

#[test]
fn a_run_that_fails_and_a_setting_that_cannot_be_put_back_are_both_reported() {
    let db = Db::new();
    let mut conn = db.open();
    let _: String = one(&conn, "PRAGMA journal_mode = MEMORY");
    deny_journal_mode(&mut conn, "memory");
    let error = history(&[on("SELECT missing;")]).run(&mut conn).expect_err("it fails twice");
    let Error::SettingNotRestored { setting: "journal_mode", failure: Some(failure), .. } = &error else {
        panic!("{error:?}")
    };
    assert!(matches!(**failure, Error::Failed { .. }), "{failure:?}");
    assert_eq!(error.migration().map(|migration| migration.version()), Some("001"));
    assert_snapshot!(error, @"could not restore the connection's journal_mode (not authorized), so close the connection; the database is at 000_create_schema_migrations.sql; before that, the run had failed");
    assert_snapshot!(format!("{error:?}"), @"
    could not restore the connection's journal_mode (not authorized), so close the connection; the database is at 000_create_schema_migrations.sql; before that, the run had failed
      failure: 001_step.sql:2:8: the migration failed; the database is at 000_create_schema_migrations.sql
      |
    2 | SELECT missing;
      |        ^^^^^^^
      statement: SELECT missing;
      cause: no such column: missing
      applied by this run and kept: 000_create_schema_migrations.sql
    ");
    let below = error.source().and_then(|failure| failure.downcast_ref::<Error>());
    assert!(matches!(below, Some(Error::Failed { .. })), "{below:?}");
}

// A setting that could not be changed before the run is no setting that could not be put back.
#[test]
fn a_setting_that_cannot_be_changed_is_told_as_that() {
    let mut conn = memory();
    conn.execute_batch("PRAGMA foreign_keys = OFF").expect("a pragma");
    let _ = conn.authorizer(Some(|context: AuthContext<'_>| match context.action {
        AuthAction::Pragma { pragma_name: "foreign_keys", pragma_value: Some(_) } => Authorization::Deny,
        _ => Authorization::Allow,
    }));
    let result = LESSON.run(&mut conn);
    assert!(matches!(result, Err(Error::SettingNotApplied { setting: "foreign_keys", .. })), "{result:?}");
    assert_eq!(one::<i64>(&conn, "SELECT count(*) FROM sqlite_master"), 0);
}

#[test]
fn a_setting_that_cannot_be_put_back_keeps_no_other_from_it() {
    let db = Db::new();
    let mut conn = db.open();
    conn.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; PRAGMA busy_timeout = 7")
        .expect("settings");
    let _: String = one(&conn, "PRAGMA journal_mode = MEMORY");
    let before = state(&conn);
    deny_journal_mode(&mut conn, "memory");
    let result = LESSON.run(&mut conn);
    assert!(matches!(result, Err(Error::SettingNotRestored { setting: "journal_mode", .. })), "{result:?}");
    assert_eq!(state(&conn), State { journal_mode: "delete".to_owned(), ..before });
}

fn deny_journal_mode(conn: &mut Connection, denied: &'static str) {
    let _ = conn.authorizer(Some(move |context: AuthContext<'_>| match context.action {
        AuthAction::Pragma { pragma_name: "journal_mode", pragma_value: Some(mode) } if mode == denied => {
            Authorization::Deny
        }
        _ => Authorization::Allow,
    }));
}

// Flags are put back without SQL, so what denies or breaks every statement does not reach them.
#[test]
fn foreign_keys_are_put_back_even_where_pragmas_are_denied() {
    for (before, denied) in [(false, "OFF"), (true, "ON")] {
        let mut conn = memory();
        conn.pragma_update(None, "foreign_keys", before).expect("a pragma");
        conn.pragma_update(None, "legacy_alter_table", before).expect("a pragma");
        let settings = state(&conn);
        let _ = conn.authorizer(Some(move |context: AuthContext<'_>| match context.action {
            AuthAction::Pragma { pragma_value: Some(value), .. } if value == denied => Authorization::Deny,
            AuthAction::CreateTable { table_name: "in_the_way" } => Authorization::Deny,
            _ => Authorization::Allow,
        }));
        let steps =
            [if before { off("CREATE TABLE in_the_way (a);") } else { on("CREATE TABLE in_the_way (a);") }];
        let told = told(history(&steps).run(&mut conn));
        assert_eq!((told.version, told.cause.as_str()), ("001", "not authorized"));
        assert_eq!(state(&conn), settings);
    }
}

#[test]
fn every_error_can_be_passed_on() {
    fn check<T: Send + Sync + 'static>() {}
    check::<Error>();
    check::<Report>();
    let boxed: Box<dyn std::error::Error + Send + Sync> =
        Box::new(three().runner().target("9").run(&mut memory()).expect_err("no such version"));
    assert!(boxed.downcast_ref::<Error>().is_some());
}

// ---- the set

#[test]
fn a_set_is_a_small_copy_that_goes_everywhere() {
    fn check<T: Copy + Send + Sync + std::fmt::Debug + 'static>() {}
    check::<Migrations>();
    assert!(size_of::<Migrations>() <= 2 * size_of::<usize>());
    const CONSTANT: Migrations = embed_migrations!();
    let copy = CONSTANT;
    let thread = std::thread::spawn(move || copy.run(&mut memory()).map(|report| report.applied().len()));
    assert_eq!(thread.join().expect("no panic").expect("all is well"), 3);
    assert_eq!(CONSTANT.len(), LESSON.len());
}

#[test]
fn a_runner_may_borrow_what_it_tells() {
    // The callback holds a reference, and the runner does not have to be 'static.
    let seen = RefCell::new(0);
    let callback = |_: Event| *seen.borrow_mut() += 1;
    let mut runner: Runner<'_> = LESSON.runner().on_event(callback);
    runner.run(&mut memory()).expect("all is well");
    assert_eq!(*seen.borrow(), 3 + 6 + 3);
}

#[test]
fn a_set_tells_its_migrations() {
    assert_eq!(LESSON.len(), 3);
    assert_eq!(LESSON.latest().file_name(), "002_add_bio_to_users.sql");
    assert_eq!(LESSON.get("1").map(|migration| migration.name()), Some("create_users"));
    assert_eq!(LESSON.get("3").map(|migration| migration.name()), None);
    let of_loop: Vec<_> = LESSON.into_iter().map(|migration| migration.version()).collect();
    assert_eq!(of_loop, ["000", "001", "002"]);
    let first = include_str!("../../migrations/000_create_schema_migrations.sql");
    assert_eq!(LESSON.get("000").map(|migration| migration.sql()), Some(first));
    assert_eq!(
        format!("{LESSON:?}"),
        r#"["000_create_schema_migrations.sql", "001_create_users.sql", "002_add_bio_to_users.sql"]"#
    );
}
