//! Transactions: who has rolled back what, and what is kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use embed_migrations::rusqlite::hooks::{AuthAction, AuthContext, Authorization, TransactionOperation};
use embed_migrations::{Cause, Error, Migrations};

use crate::databases::{
    Db, Step, extended_code, folder, history, memory, off, on, one, reached, recorded, rows, shown, state,
    tables, told, whole,
};

// T1
#[test]
fn an_error_in_the_middle_of_a_file_leaves_no_transaction_open() {
    for foreign_keys in [None, Some(true), Some(false)] {
        let db = Db::new();
        let mut conn = db.open_with(foreign_keys);
        let before = state(&conn);
        let steps = [
            on("CREATE TABLE t (a UNIQUE);"),
            on("INSERT INTO t VALUES (1);"),
            on("CREATE TABLE early (a); INSERT INTO t VALUES (2);\nINSERT INTO t VALUES (1);"),
            on("CREATE TABLE later (a);"),
        ];
        let told = told(history(&steps).run(&mut conn));
        assert_eq!((told.version, told.place), ("003", (3, 13)));
        assert_eq!((told.applied, told.database), (vec!["000", "001", "002"], Some("002")));
        assert_eq!(state(&conn), before);
        // What the application writes next is stored, not lost with a transaction that nobody closes.
        conn.execute_batch("INSERT INTO t VALUES (3)").expect("a row");
        drop(conn);
        let conn = db.open();
        assert_eq!(shown(&conn, "SELECT a FROM t"), ["1", "3"]);
        assert_eq!(tables(&conn), ["schema_migrations", "t"]);
    }
}

// T2: OR ROLLBACK takes the files before it in the same transaction along. What is kept is read back.
#[test]
fn a_rollback_from_inside_a_statement_is_seen_and_told() {
    let prepare = "CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1);";
    for (setup, body) in [
        (prepare, "CREATE TABLE early (a); INSERT OR ROLLBACK INTO t VALUES (1);"),
        (
            prepare,
            "CREATE TABLE early (a); UPDATE OR ROLLBACK t SET a = 1; INSERT OR ROLLBACK INTO t VALUES (1);",
        ),
        (
            "CREATE TABLE t (a UNIQUE ON CONFLICT ROLLBACK); INSERT INTO t VALUES (1);",
            "INSERT INTO t VALUES (1);",
        ),
        (
            "CREATE TABLE t (a); CREATE TRIGGER veto BEFORE INSERT ON t BEGIN SELECT RAISE(ROLLBACK, 'no'); END;",
            "CREATE TABLE early (a); INSERT INTO t VALUES (2);",
        ),
    ] {
        let steps = [on(setup), on("CREATE TABLE second (a);"), on(body), on("CREATE TABLE later (a);")];
        // In one transaction with the files before it …
        let db = Db::new();
        let mut conn = db.open();
        let before = state(&conn);
        let all = told(history(&steps).run(&mut conn));
        assert_eq!((all.version, all.database), ("003", None), "{body}");
        assert_eq!(all.applied, [] as [&str; 0], "{body}");
        assert_eq!(tables(&conn), [] as [&str; 0], "{body}");
        assert_eq!(state(&conn), before, "{body}");
        // … and after they have been committed.
        history(&steps).runner().target("2").run(&mut conn).expect("these are well");
        let last = told(history(&steps).run(&mut conn));
        assert_eq!((last.version, last.database), ("003", Some("002")), "{body}");
        assert_eq!(tables(&conn), ["schema_migrations", "second", "t"], "{body}");
        assert_eq!(state(&conn), before, "{body}");
    }
}

// T4
#[test]
fn a_caller_in_a_transaction_is_refused_and_loses_nothing() {
    let db = Db::new();
    let mut conn = db.open();
    let migrations = history(&[on("CREATE TABLE t (a);")]);
    conn.execute_batch("CREATE TABLE own (a); BEGIN; INSERT INTO own VALUES (1)").expect("a row");
    let before = state(&conn);
    let events = std::cell::Cell::new(0);
    for _ in 0..2 {
        let result = migrations.runner().on_event(|_| events.set(events.get() + 1)).run(&mut conn);
        assert!(matches!(result, Err(Error::InTransaction)), "{result:?}");
    }
    assert_eq!((state(&conn), events.get()), (before, 0));
    assert!(!conn.is_autocommit());
    conn.execute_batch("COMMIT").expect("it is still open");
    assert_eq!(shown(&conn, "SELECT a FROM own"), ["1"]);
    assert_eq!(tables(&conn), ["own"]);
    // A savepoint is a transaction too.
    conn.execute_batch("SAVEPOINT s; INSERT INTO own VALUES (2)").expect("a row");
    assert!(matches!(migrations.run(&mut conn), Err(Error::InTransaction)));
    conn.execute_batch("RELEASE s").expect("it is still open");
    assert_eq!(shown(&conn, "SELECT a FROM own"), ["1", "2"]);
}

// T6
#[test]
fn a_commit_hook_that_vetoes_is_reported() {
    let db = Db::new();
    let mut conn = db.open();
    history(&[]).run(&mut conn).expect("the first file");
    let before = state(&conn);
    let _ = conn.commit_hook(Some(|| true));
    let migrations = history(&[on("CREATE TABLE t (a);"), on("CREATE TABLE u (a);")]);
    let result = migrations.run(&mut conn);
    assert_eq!(result.as_ref().err().and_then(extended_code), Some(531));
    let told = told(result);
    assert_eq!((told.applied, told.database), (vec![], Some("000")));
    assert_eq!(state(&conn), before);
    assert_eq!(tables(&conn), ["schema_migrations"]);
    // A hook sees no commit where there is nothing to do.
    history(&[]).run(&mut conn).expect("nothing pending");
    let _ = conn.commit_hook(None::<fn() -> bool>);
    assert_eq!(migrations.run(&mut conn).expect("no more vetoes").applied().len(), 2);
}

const FILL: &str = "CREATE TABLE filled (a);
INSERT INTO filled WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
SELECT randomblob(1000) FROM n;";

// G1, E7: SQLITE_FULL may leave the transaction open, or have rolled it back.
#[test]
fn a_full_database_keeps_what_came_before_and_goes_on_when_there_is_room() {
    for mode in ["delete", "truncate", "persist", "wal"] {
        for step in [on(FILL), off(FILL)] {
            let db = Db::in_mode(mode);
            let mut conn = db.open();
            conn.execute_batch("PRAGMA max_page_count = 40").expect("a limit");
            let before = state(&conn);
            let migrations = history(&[on("CREATE TABLE t (a);"), step, on("CREATE TABLE u (a);")]);
            let result = migrations.run(&mut conn);
            assert_eq!(result.as_ref().err().and_then(extended_code), Some(13), "{mode}");
            let told = told(result);
            // All or nothing of the transaction, whichever SQLite has chosen; and the truth is told.
            assert_eq!(told.version, "002", "{mode}");
            assert_eq!(recorded(&conn), ["000", "001"], "{mode}");
            assert_eq!(told.database, Some("001"), "{mode}");
            assert_eq!(state(&conn), before, "{mode}");
            assert_eq!(shown(&conn, "PRAGMA integrity_check"), ["ok"]);
            conn.execute_batch("PRAGMA max_page_count = 10000").expect("room");
            migrations.run(&mut conn).expect("there is room");
            assert_eq!(rows(&conn, "SELECT 1 FROM filled").len(), 400);
        }
    }
}

// E8: an interrupt rolls back everything itself, and ROLLBACK then errors.
#[test]
fn an_interrupt_at_any_moment_leaves_a_prefix() {
    let steps: Vec<Step> = vec![
        on("CREATE TABLE t (a INTEGER PRIMARY KEY, b);"),
        on(
            "INSERT INTO t WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) SELECT i, i FROM n;",
        ),
        off(
            "CREATE TABLE n (a INTEGER PRIMARY KEY, b, c); INSERT INTO n (a, b) SELECT a, b FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;",
        ),
        on("UPDATE t SET c = a + b;"),
    ];
    let migrations = history(&steps);
    let mut failed = 0;
    let mut moment = 1;
    loop {
        let db = Db::new();
        let mut conn = db.open_with(Some(false));
        let before = state(&conn);
        let ticks = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&ticks);
        let _ = conn.progress_handler(1, Some(move || counter.fetch_add(1, Ordering::Relaxed) == moment));
        let result = migrations.run(&mut conn);
        let _ = conn.progress_handler(1, None::<fn() -> bool>);
        let recorded = recorded(&conn);
        assert_eq!(recorded, (0..recorded.len()).map(|n| format!("{n:03}")).collect::<Vec<_>>());
        assert_eq!(state(&conn), before, "{moment}: {result:?}");
        if let Err(Error::Failed { kept, .. }) = &result {
            assert_eq!(reached(kept), recorded.last().map(String::as_str));
        }
        if let Err(error) = &result {
            assert_eq!(extended_code(error), Some(9), "SQLITE_INTERRUPT is the cause: {error:?}");
            failed += 1;
        }
        let ended = ticks.load(Ordering::Relaxed) <= moment;
        migrations.run(&mut conn).unwrap_or_else(|error| panic!("{moment}: {error:?}"));
        assert_eq!(one::<i64>(&conn, "SELECT sum(c) FROM t"), 2550);
        if ended {
            break;
        }
        moment += 1 + moment / 40;
    }
    assert!(failed > 50, "{failed}");
}

// N1
#[test]
fn a_tracking_table_that_temp_hides_is_refused() {
    for hidden in [
        "CREATE TEMP TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT, applied_at TEXT)",
        "CREATE TEMP VIEW schema_migrations AS SELECT '000' AS version, 'create_schema_migrations' AS name",
        "CREATE TEMP TABLE \"Schema_MIGRATIONS\" (version)",
    ] {
        for there in [false, true] {
            let db = Db::new();
            let mut conn = db.open();
            if there {
                history(&[]).run(&mut conn).expect("the first file");
            }
            conn.execute_batch(hidden).expect("a temporary object");
            let migrations = history(&[on("CREATE TABLE t (a);")]);
            match migrations.run(&mut conn) {
                Err(Error::UnusableTable { reason, .. }) => assert!(reason.contains("temporary"), "{reason}"),
                other => panic!("{hidden}: {other:?}"),
            }
            let main = shown(&conn, "SELECT name FROM main.sqlite_master WHERE type = 'table'");
            assert_eq!(main.len(), usize::from(there), "{hidden}");
            // Another connection does not see it.
            assert_eq!(
                migrations.run(&mut db.open()).expect("all is well").applied().len(),
                2 - usize::from(there)
            );
        }
    }
}

// A statement that names no schema means the temporary one first: the file would be recorded, and its table left as it was.
#[test]
fn a_temporary_table_in_front_of_one_of_the_database_is_refused() {
    let (old, new) =
        ([on("CREATE TABLE t (a);")], [on("CREATE TABLE t (a);"), on("ALTER TABLE t ADD COLUMN b;")]);
    for (front, hidden) in [
        ("CREATE TEMP TABLE t (a)", Some("t")),
        ("CREATE TEMP VIEW T AS SELECT 1 AS a", Some("t")),
        ("CREATE TEMP TABLE u (a); CREATE INDEX temp.i ON u (a); CREATE INDEX main.i ON t (a)", Some("i")),
        // sqlite_sequence and sqlite_stat1 are in both.
        ("CREATE TEMP TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT); ANALYZE temp", None),
        ("CREATE TEMP TRIGGER t AFTER DELETE ON main.t BEGIN SELECT 1; END", None),
    ] {
        let db = Db::new();
        let mut conn = db.open();
        history(&old).run(&mut conn).expect("the first files");
        conn.execute_batch("CREATE TABLE s (id INTEGER PRIMARY KEY AUTOINCREMENT); ANALYZE")
            .expect("it runs");
        conn.execute_batch(front).expect("a temporary object");
        assert!(history(&old).run(&mut conn).expect("nothing is pending").applied().is_empty(), "{front}");
        let before = shown(&conn, "SELECT sql FROM main.sqlite_master");
        let result = history(&new).run(&mut conn);
        match &result {
            Err(error @ Error::Hidden { migration, name, .. }) if hidden.is_some() => {
                assert_eq!((migration.version(), Some(&**name)), ("002", hidden));
                assert_eq!(
                    error.to_string(),
                    format!(
                        "002_step.sql is pending, but a temporary object of that name hides {name}, which migrations may be about; \
                         drop that one, or migrate on another connection"
                    )
                );
                assert_eq!(shown(&conn, "SELECT sql FROM main.sqlite_master"), before);
            }
            Ok(report) if hidden.is_none() => assert_eq!(report.applied().len(), 1),
            other => panic!("{front}: {other:?}"),
        }
        // Another connection does not see it.
        history(&new).run(&mut db.open()).expect("all is well");
        assert_eq!(shown(&conn, "SELECT name FROM pragma_table_info('t', 'main')").len(), 2);
    }
}

// B of the recipe's step 8: exactly one new row, its own.
#[test]
fn a_file_that_does_not_record_itself_is_rolled_back() {
    let record = |values: &str| {
        whole(format!(
            "BEGIN;\nCREATE TABLE t (a);\nINSERT INTO schema_migrations (version, name) {values};\nCOMMIT;\n"
        ))
    };
    for (step, found) in [
        (record("VALUES ('002', 'other')"), "it recorded version 002 as `other`, not as `step`"),
        (record("SELECT '002', 'step' WHERE 0"), "there is no row for version 002"),
        (record("VALUES ('003', 'step')"), "there is no row for version 002"),
        (record("VALUES ('002', 'step'), ('003', 'step')"), "the number of its rows went from 2 to 4"),
        (
            whole(
                "BEGIN;\nDELETE FROM schema_migrations;\nINSERT INTO schema_migrations (version, name) VALUES ('002', 'step');\nCOMMIT;\n",
            ),
            "the number of its rows went from 2 to 1",
        ),
    ] {
        let db = Db::new();
        let mut conn = db.open();
        let steps = [on("CREATE TABLE s (a);"), step];
        match history(&steps).run(&mut conn) {
            Err(Error::Failed { migration, kept, source, .. }) => {
                assert_eq!(migration.version(), "002", "{found}");
                assert_eq!(reached(&kept), Some("001"), "{found}");
                match *source {
                    Cause::NotRecorded { found: told, .. } => assert_eq!(told, found),
                    other => panic!("{other:?}"),
                }
            }
            other => panic!("{found}: {other:?}"),
        }
        assert_eq!(tables(&conn), ["s", "schema_migrations"], "{found}");
        assert_eq!(recorded(&conn), ["000", "001"], "{found}");
    }
}

// As many rows as there should be, and one of them is not what it should be: which file it was is found out, and the
// ones before it are kept.
#[test]
fn a_record_that_a_trigger_of_the_application_changes_is_the_fault_of_its_file() {
    let db = Db::new();
    let mut conn = db.open();
    let first = on("CREATE TABLE s (a);");
    history(&[first]).run(&mut conn).expect("all is well");
    conn.execute_batch(
        "CREATE TRIGGER twist AFTER INSERT ON s BEGIN
             UPDATE schema_migrations SET name = 'other' WHERE version = '003';
         END",
    )
    .expect("it is created");
    let fires = whole(
        "BEGIN;\nINSERT INTO schema_migrations (version, name) VALUES ('003', 'step');\nINSERT INTO s VALUES (1);\nCOMMIT;\n",
    );
    let steps = [on("CREATE TABLE s (a);"), on("CREATE TABLE t (a);"), fires, on("CREATE TABLE u (a);")];
    let mut told = Vec::new();
    match history(&steps).runner().on_event(|event| told.push(format!("{event:?}"))).run(&mut conn) {
        Err(Error::Failed { migration, kept, source, .. }) => {
            assert_eq!(migration.version(), "003");
            assert_eq!(reached(&kept), Some("002"));
            assert!(matches!(*source, Cause::NotRecorded { .. }), "{source:?}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(recorded(&conn), ["000", "001", "002"]);
    assert_eq!(tables(&conn), ["s", "schema_migrations", "t"]);
    let applied = told.iter().filter(|event| event.starts_with("Applied")).count();
    assert_eq!(applied, 1, "{told:#?}");
}

// S1: settings that may stand in a file are in its transaction, so they go with it.
#[test]
fn user_version_and_application_id_are_rolled_back_with_their_file() {
    let db = Db::new();
    let mut conn = db.open();
    let steps = [
        on("PRAGMA user_version = 5; PRAGMA application_id = 6;"),
        on("PRAGMA user_version = 7; PRAGMA application_id = 8; SELECT * FROM missing;"),
    ];
    assert_eq!(told(history(&steps).run(&mut conn)).version, "002");
    assert_eq!(one::<i64>(&conn, "PRAGMA user_version"), 5);
    assert_eq!(one::<i64>(&conn, "PRAGMA application_id"), 6);
}

// An application that holds an authorizer.
#[test]
fn a_statement_that_the_application_denies_is_rolled_back_with_its_file() {
    let db = Db::new();
    let mut conn = db.open();
    let before = state(&conn);
    let _ = conn.authorizer(Some(|context: AuthContext<'_>| match context.action {
        AuthAction::DropTable { table_name: "t" } => Authorization::Deny,
        _ => Authorization::Allow,
    }));
    let steps = [
        on("CREATE TABLE t (a); INSERT INTO t VALUES (1);"),
        on("CREATE TABLE u (a);\nDROP TABLE t;"),
        on("CREATE TABLE v (a);"),
    ];
    let told = told(history(&steps).run(&mut conn));
    let _ = conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>);
    assert_eq!((told.version, told.cause.as_str(), told.place.0), ("002", "not authorized", 3));
    assert_eq!(told.applied, ["000", "001"]);
    assert_eq!(tables(&conn), ["schema_migrations", "t"]);
    assert_eq!(state(&conn), before);
    assert_eq!(history(&steps).run(&mut conn).expect("it is allowed now").applied().len(), 2);
}

// The same, for what the runner itself says: each of its own steps denied once.
#[test]
fn each_step_of_the_runner_may_be_denied() {
    let migrations =
        history(&[on("CREATE TABLE t (a);"), off("CREATE TABLE u (a);"), on("CREATE TABLE v (a);")]);
    let mut denied = 0;
    loop {
        let db = Db::new();
        let mut conn = db.open_with(Some(false));
        let before = state(&conn);
        let count = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&count);
        let _ = conn.authorizer(Some(move |_: AuthContext<'_>| {
            if counter.fetch_add(1, Ordering::Relaxed) == denied {
                Authorization::Deny
            } else {
                Authorization::Allow
            }
        }));
        let result = migrations.run(&mut conn);
        let _ = conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>);
        let recorded = recorded(&conn);
        assert_eq!(recorded, (0..recorded.len()).map(|n| format!("{n:03}")).collect::<Vec<_>>());
        assert_eq!(state(&conn), before, "{denied}: {result:?}");
        if let Err(error) = &result {
            // SQLITE_AUTH, and SQLITE_ERROR where a function is denied.
            assert!(matches!(extended_code(error), Some(23 | 1)), "{error:?}");
        }
        migrations.run(&mut conn).unwrap_or_else(|error| panic!("{denied}: {error:?}"));
        assert_eq!(tables(&conn), ["schema_migrations", "t", "u", "v"]);
        if count.load(Ordering::Relaxed) <= denied {
            assert!(denied > 100, "{denied}");
            return;
        }
        denied += 1;
    }
}

// G1: a ROLLBACK that fails is tried again, so that what was kept can be read.
#[test]
fn a_rollback_that_fails_once_hides_nothing() {
    let migrations = history(&[on("CREATE TABLE t (a);"), on("SELECT * FROM missing;")]);
    let mut conn = memory();
    migrations.runner().target("001").run(&mut conn).expect("all is well");
    let mut denied = 0;
    let _ = conn.authorizer(Some(move |context: AuthContext<'_>| match context.action {
        AuthAction::Transaction { operation: TransactionOperation::Rollback } if denied == 0 => {
            denied += 1;
            Authorization::Deny
        }
        _ => Authorization::Allow,
    }));
    let told = told(migrations.run(&mut conn));
    assert_eq!((told.version, told.database), ("002", Some("001")));
    assert!(conn.is_autocommit());
}

// T4
#[test]
fn status_leaves_the_transaction_of_its_caller_alone() {
    let migrations = history(&[on("CREATE TABLE t (a);")]);
    let mut conn = memory();
    migrations.run(&mut conn).expect("all is well");
    conn.execute_batch("BEGIN; INSERT INTO t VALUES (1)").expect("a row");
    assert_eq!(migrations.status(&conn).expect("it reads").applied().len(), 2);
    assert!(!conn.is_autocommit());
    conn.execute_batch("COMMIT").expect("it is still open");
    assert_eq!(shown(&conn, "SELECT a FROM t"), ["1"]);
    // And when it has to refuse.
    conn.execute_batch(
        "BEGIN; INSERT INTO t VALUES (2); INSERT INTO schema_migrations (version, name) VALUES ('002', 'x')",
    )
    .expect("rows");
    let result = migrations.status(&conn);
    assert!(matches!(result, Err(Error::NewerDatabase { .. })), "{result:?}");
    assert!(!conn.is_autocommit());
}

// N4: recorded as 0, it would be no text for the next run; and a collation can take another text for the version.
#[test]
fn a_record_that_the_next_run_could_not_read_is_refused() {
    for (columns, values, stored) in [
        (
            "version INTEGER PRIMARY KEY, name TEXT",
            "'000', 'first'",
            "the INTEGER 0 as version and the TEXT `first` as name",
        ),
        (
            "version NUMERIC PRIMARY KEY, name TEXT",
            "'000', 'first'",
            "the INTEGER 0 as version and the TEXT `first` as name",
        ),
        (
            "version REAL PRIMARY KEY, name TEXT",
            "'000', 'first'",
            "the REAL 0.0 as version and the TEXT `first` as name",
        ),
        (
            "version TEXT COLLATE RTRIM PRIMARY KEY, name TEXT",
            "'000 ', 'first'",
            "the TEXT `000 ` as version and the TEXT `first` as name",
        ),
        ("version TEXT PRIMARY KEY, name TEXT", "'000', NULL", "the TEXT `000` as version and NULL as name"),
        (
            "version TEXT PRIMARY KEY, name",
            "'000', x'6669727374'",
            "the TEXT `000` as version and the BLOB first as name",
        ),
    ] {
        let first = format!(
            "BEGIN; CREATE TABLE m ({columns}); INSERT INTO m (version, name) VALUES ({values}); COMMIT;"
        );
        let migrations =
            Migrations::from_dir(folder(&[("000_first.sql", first.as_bytes())])).expect("no rule");
        let mut conn = memory();
        match migrations.run(&mut conn) {
            Err(Error::Failed { source, .. }) => match *source {
                Cause::NotRecorded { found, .. } => assert_eq!(
                    found,
                    format!("the row for version 000 holds {stored}, and both must be that very TEXT")
                ),
                other => panic!("{columns}: {other:?}"),
            },
            other => panic!("{columns}: {other:?}"),
        }
        assert_eq!(rows(&conn, "SELECT * FROM sqlite_master").len(), 0, "{columns}");
    }
}

#[test]
fn the_statement_of_a_failed_commit_is_the_commit() {
    let steps = [
        on("CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE c (a REFERENCES a);"),
        off("INSERT INTO c VALUES (1);"),
    ];
    match history(&steps).run(&mut memory()) {
        Err(Error::Failed { statement, .. }) => assert_eq!(statement, "COMMIT;"),
        other => panic!("{other:?}"),
    }
}
