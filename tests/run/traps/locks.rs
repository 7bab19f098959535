//! Other connections, and waiting for them.

use std::cell::RefCell;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use embed_migrations::rusqlite::hooks::{AuthAction, AuthContext, Authorization, TransactionOperation};
use embed_migrations::rusqlite::{Connection, ErrorCode};
use embed_migrations::{Error, Event, Migrations, Reached};

use crate::databases::{
    Db, FIRST, MOMENT, PATIENCE, State, history, memory, off, on, one, reached, recorded, shown, state,
    tables, versions,
};

fn three() -> Migrations {
    history(&[on("CREATE TABLE t (a);"), on("INSERT INTO t VALUES (1);")])
}

/// What a migration of [`history`] is by hand.
fn by_hand(conn: &Connection, version: &str, body: &str) {
    conn.execute_batch(&format!(
        "{body} INSERT INTO schema_migrations (version, name) VALUES ('{version}', 'step');"
    ))
    .expect("it runs");
}

thread_local! {
    static MEANWHILE: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

/// A busy handler is called at the very moment when SQLite finds a lock in its way.
fn meanwhile(conn: &mut Connection, what: impl FnOnce() + 'static) {
    MEANWHILE.set(Some(Box::new(what)));
    let handler: fn(i32) -> bool = |_| match MEANWHILE.take() {
        Some(what) => {
            what();
            true
        }
        None => false,
    };
    conn.busy_handler(Some(handler)).expect("a handler");
}

fn reader(db: &Db) -> Connection {
    let reader = db.open();
    reader.execute_batch("BEGIN").expect("a transaction");
    let _: i64 = one(&reader, "SELECT count(*) FROM sqlite_master");
    reader
}

// C1
#[test]
fn a_commit_under_a_reader_is_tried_until_the_reader_ends() {
    for mode in ["delete", "truncate", "persist"] {
        let db = Db::in_mode(mode);
        let mut conn = db.open();
        let before = state(&conn);
        let reader = reader(&db);
        let (started, wait_for_start) = mpsc::channel();
        let ended = thread::spawn(move || {
            wait_for_start.recv().expect("it starts");
            thread::sleep(Duration::from_millis(150));
            reader.execute_batch("COMMIT").expect("it ends");
        });
        let mut applied = Vec::new();
        let report = three()
            .runner()
            .lock_timeout(PATIENCE)
            .on_event(|event| match event {
                Event::Started { .. } => started.send(()).expect("somebody waits"),
                Event::Applied { migration, .. } => applied.push(migration.version()),
                _ => {}
            })
            .run(&mut conn)
            .unwrap_or_else(|error| panic!("{mode}: {error:?}"));
        ended.join().expect("no panic");
        assert_eq!(versions(report.applied()), ["000", "001", "002"]);
        assert_eq!(applied, ["000", "001", "002"]);
        assert_eq!(state(&conn), before);
    }
}

// C1: in WAL a reader is in nobody's way.
#[test]
fn in_wal_a_reader_is_not_waited_for() {
    let db = Db::in_mode("wal");
    let reader = reader(&db);
    three().runner().lock_timeout(Duration::ZERO).run(&mut db.open()).expect("all is well");
    assert_eq!(tables(&reader), [] as [&str; 0]);
}

// C1
#[test]
fn a_commit_under_a_reader_past_the_timeout_is_rolled_back() {
    let db = Db::in_mode("delete");
    let mut conn = db.open();
    let before = state(&conn);
    let reader = reader(&db);
    match three().runner().lock_timeout(MOMENT).run(&mut conn) {
        Err(Error::LockTimeout { migration: Some(migration), waited, kept, .. }) => {
            assert_eq!(migration.version(), "002");
            assert!(waited >= MOMENT, "{waited:?}");
            assert!(kept.applied.is_empty() && kept.database == Reached::Nothing, "{kept:?}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(state(&conn), before);
    assert_eq!(tables(&conn), [] as [&str; 0]);
    drop(reader);
    three().run(&mut conn).expect("nobody is in the way");
}

// C1: an earlier segment stays.
#[test]
fn a_commit_past_the_timeout_keeps_the_segments_before_it() {
    let db = Db::in_mode("delete");
    let mut conn = db.open();
    let migrations = history(&[on("CREATE TABLE t (a);"), off("CREATE TABLE u (a);")]);
    let mut second = None;
    let result = migrations
        .runner()
        .lock_timeout(MOMENT)
        .on_event(|event| {
            if let Event::Started { migration, .. } = event
                && migration.version() == "002"
            {
                second = Some(reader(&db));
            }
        })
        .run(&mut conn);
    match result {
        Err(Error::LockTimeout { migration: Some(migration), kept, .. }) => {
            assert_eq!(migration.version(), "002");
            assert_eq!(versions(&kept.applied), ["000", "001"]);
            assert_eq!(reached(&kept), Some("001"));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(tables(&conn), ["schema_migrations", "t"]);
}

// C1: what is done is not asked about again, which would need the lock once more.
#[test]
fn after_the_last_commit_the_lock_is_left_to_others() {
    let db = Db::in_mode("wal");
    let other = db.open();
    let migrations = three();
    let mut runner = migrations.runner().lock_timeout(Duration::ZERO).on_event(|event| {
        if let Event::Applied { migration, .. } = event
            && migration.version() == "002"
        {
            other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
        }
    });
    assert_eq!(runner.run(&mut db.open()).expect("it is done").applied().len(), 3);
}

// C2: a transaction that reads first and writes later is refused at once, or for good in WAL.
#[test]
fn the_write_lock_is_taken_first() {
    for mode in ["delete", "wal"] {
        let db = Db::in_mode(mode);
        history(&[]).run(&mut db.open()).expect("the first file");
        let mut conn = db.open();
        let mut other = None;
        history(&[on("CREATE TABLE t (a);")])
            .runner()
            .on_event(|event| {
                if let Event::Started { .. } = event {
                    let connection = db.open();
                    connection.busy_timeout(Duration::ZERO).expect("a timeout");
                    // Before the first statement of the file runs, nobody else can write any more.
                    other = connection.execute_batch("BEGIN IMMEDIATE").err();
                }
            })
            .run(&mut conn)
            .expect("all is well");
        let code = other.and_then(|error| error.sqlite_error_code());
        assert_eq!(code, Some(ErrorCode::DatabaseBusy), "{mode}");
    }
}

// C4: another process has done part of the work, or all of it, between our reading and our lock.
#[test]
fn the_history_is_read_again_under_the_lock() {
    for mode in ["delete", "wal"] {
        for (done, total) in [(1, 2), (2, 1), (3, 0)] {
            let db = Db::in_mode(mode);
            let mut conn = db.open();
            let other = db.open();
            other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
            meanwhile(&mut conn, move || {
                other
                    .execute_batch(FIRST.trim_start_matches("BEGIN;").trim_end_matches("COMMIT;\n"))
                    .expect("000");
                if done > 1 {
                    by_hand(&other, "001", "CREATE TABLE t (a);");
                }
                if done > 2 {
                    by_hand(&other, "002", "INSERT INTO t VALUES (1);");
                }
                other.execute_batch("COMMIT").expect("it is done");
            });
            let mut started = Vec::new();
            let report = three()
                .runner()
                .on_event(|event| {
                    if let Event::Started { migration, position, total, .. } = event {
                        started.push((migration.version(), position, total));
                    }
                })
                .run(&mut conn)
                .unwrap_or_else(|error| panic!("{mode} {done}: {error:?}"));
            assert_eq!(versions(report.applied()), ["000", "001", "002"][done..], "{mode} {done}");
            let expected: Vec<_> = (1..=total)
                .zip(&["000", "001", "002"][done..])
                .map(|(at, version)| (*version, at, total))
                .collect();
            assert_eq!(started, expected, "{mode} {done}");
            assert_eq!(recorded(&conn), ["000", "001", "002"]);
            assert_eq!(shown(&conn, "SELECT a FROM t"), ["1"], "{mode} {done}");
        }
    }
}

// C4: what is pending then may want other settings.
#[test]
fn segments_are_cut_anew_when_another_process_was_faster() {
    for all_or_nothing in [false, true] {
        let db = Db::new();
        let mut conn = db.open();
        history(&[]).run(&mut conn).expect("the first file");
        let seen = "INSERT INTO seen SELECT foreign_keys FROM pragma_foreign_keys;";
        let migrations = history(&[on("CREATE TABLE seen (a);"), off(seen), on(seen)]);
        let before = state(&conn);
        let other = db.open();
        other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
        meanwhile(&mut conn, move || {
            by_hand(&other, "001", "CREATE TABLE seen (a);");
            other.execute_batch("COMMIT").expect("it is done");
        });
        let mut runner = migrations.runner().target(if all_or_nothing { "001" } else { "003" });
        if all_or_nothing {
            runner = runner.all_or_nothing();
        }
        let report = runner.run(&mut conn).expect("all is well");
        if all_or_nothing {
            assert!(report.applied().is_empty());
        } else {
            assert_eq!(versions(report.applied()), ["002", "003"]);
            assert_eq!(shown(&conn, "SELECT a FROM seen"), ["0", "1"]);
        }
        assert_eq!(State { busy_timeout: 0, ..before }, state(&conn));
    }
}

// C4: what another process did may also be what this binary does not know.
#[test]
fn a_newer_build_that_was_faster_is_told() {
    let db = Db::new();
    let mut conn = db.open();
    three().runner().target("001").run(&mut conn).expect("two files");
    let other = db.open();
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    meanwhile(&mut conn, move || {
        by_hand(&other, "002", "INSERT INTO t VALUES (1);");
        by_hand(&other, "003", "INSERT INTO t VALUES (2);");
        other.execute_batch("COMMIT").expect("it is done");
    });
    match three().run(&mut conn) {
        Err(Error::NewerDatabase { database, .. }) => assert_eq!(database, "003"),
        other => panic!("{other:?}"),
    }
    assert!(conn.is_autocommit());
    assert_eq!(shown(&conn, "SELECT a FROM t ORDER BY a"), ["1", "2"]);
}

// C4: and a trigger that stands on the table by then.
#[test]
fn a_trigger_that_appeared_meanwhile_is_refused() {
    let db = Db::new();
    let mut conn = db.open();
    three().runner().target("001").run(&mut conn).expect("two files");
    let other = db.open();
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    meanwhile(&mut conn, move || {
        other
            .execute_batch(
                "CREATE TRIGGER g AFTER INSERT ON schema_migrations BEGIN DELETE FROM t; END; COMMIT",
            )
            .expect("it is done");
    });
    assert!(matches!(three().run(&mut conn), Err(Error::UnusableTable { .. })));
    assert!(conn.is_autocommit());
    assert_eq!(recorded(&conn), ["000", "001"]);
}

// C4: what can share a transaction is asked again as well.
#[test]
fn a_deferrable_key_that_appeared_meanwhile_ends_all_or_nothing() {
    let db = Db::new();
    let mut conn = db.open();
    let other = db.open();
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    meanwhile(&mut conn, move || {
        other
            .execute_batch(
                "CREATE TABLE own (a INTEGER PRIMARY KEY, b REFERENCES own DEFERRABLE INITIALLY DEFERRED); COMMIT",
            )
            .expect("it is done");
    });
    let result = three().runner().all_or_nothing().run(&mut conn);
    assert!(matches!(result, Err(Error::SeveralTransactions { .. })), "{result:?}");
    assert!(conn.is_autocommit());
    assert_eq!(tables(&conn), ["own"]);
}

// C6
#[test]
fn the_lock_timeout_is_ours_and_the_connection_s_is_put_back() {
    for (own, lock_timeout) in [(0, MOMENT), (5000, MOMENT), (60_000, Duration::ZERO), (1, MOMENT * 8)] {
        let db = Db::new();
        let mut conn = db.open();
        conn.busy_timeout(Duration::from_millis(own)).expect("a timeout");
        let before = state(&conn);
        let other = db.open();
        other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
        let start = Instant::now();
        match three().runner().lock_timeout(lock_timeout).run(&mut conn) {
            Err(Error::LockTimeout { migration: Some(migration), waited, kept, .. }) => {
                assert_eq!(migration.version(), "000");
                assert!(waited >= lock_timeout, "{waited:?}");
                assert_eq!(kept.database, Reached::Nothing);
            }
            other => panic!("{other:?}"),
        }
        // Far less than the 5 and 60 seconds of the connection's own.
        assert!(start.elapsed() < Duration::from_secs(4), "{own}: {:?}", start.elapsed());
        assert!(start.elapsed() >= lock_timeout, "{own}: {:?}", start.elapsed());
        assert_eq!(state(&conn), before);
    }
}

// C6: it counts over the whole call, the reading included.
#[test]
fn a_database_that_cannot_even_be_read_is_told() {
    let db = Db::in_mode("delete");
    let mut conn = db.open();
    let other = db.open();
    other.execute_batch("BEGIN EXCLUSIVE").expect("the lock");
    match three().runner().lock_timeout(MOMENT).run(&mut conn) {
        Err(Error::LockTimeout { migration: None, waited, kept, .. }) => {
            assert!(waited >= MOMENT, "{waited:?}");
            assert!(kept.database == Reached::Unknown && kept.applied.is_empty(), "{kept:?}");
        }
        other => panic!("{other:?}"),
    }
    assert!(conn.is_autocommit());
}

// C6: a writer that ends in time is waited for, also where the timeout of the connection is shorter.
#[test]
fn a_writer_is_waited_for() {
    for (mode, lock) in [("delete", "IMMEDIATE"), ("delete", "EXCLUSIVE"), ("wal", "IMMEDIATE")] {
        let db = Db::in_mode(mode);
        let mut conn = db.open();
        conn.busy_timeout(Duration::from_millis(1)).expect("a timeout");
        let other = db.open();
        other.execute_batch(&format!("BEGIN {lock}; CREATE TABLE x (a)")).expect("the lock");
        let ended = thread::spawn(move || {
            thread::sleep(Duration::from_millis(100));
            other.execute_batch("COMMIT").expect("it ends");
        });
        three()
            .runner()
            .lock_timeout(PATIENCE)
            .run(&mut conn)
            .unwrap_or_else(|error| panic!("{mode}: {error:?}"));
        ended.join().expect("no panic");
        assert_eq!(tables(&conn), ["schema_migrations", "t", "x"]);
    }
}

thread_local! {
    static CALLS: RefCell<usize> = const { RefCell::new(0) };
}

// C6
#[test]
fn a_custom_busy_handler_is_left_in_place() {
    let db = Db::new();
    let mut conn = db.open();
    let handler: fn(i32) -> bool = |_| {
        CALLS.with_borrow_mut(|calls| *calls += 1);
        false
    };
    conn.busy_handler(Some(handler)).expect("a handler");
    three().run(&mut conn).expect("nobody is in the way");
    assert_eq!(CALLS.take(), 0);
    let other = db.open();
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    // Its answer is no, and ours is to try again.
    let more =
        history(&[on("CREATE TABLE t (a);"), on("INSERT INTO t VALUES (1);"), on("CREATE TABLE u (a);")]);
    let result = more.runner().lock_timeout(MOMENT).run(&mut conn);
    assert!(matches!(result, Err(Error::LockTimeout { .. })), "{result:?}");
    assert!(CALLS.take() > 1);
    let error = conn.execute_batch("BEGIN IMMEDIATE").expect_err("the other one holds the lock");
    assert_eq!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy));
    assert_eq!(CALLS.take(), 1);
}

// C7: an unfinished SELECT of the same connection. `&mut Connection` rules it out at compile time; this says so.
#[test]
fn a_run_borrows_the_connection_for_itself() {
    fn takes(_: fn(&Migrations, &mut Connection) -> Result<embed_migrations::Report, Error>) {}
    takes(Migrations::run);
    let mut conn = memory();
    three().run(&mut conn).expect("all is well");
    let more = history(&[on("CREATE TABLE t (a);"), on("INSERT INTO t VALUES (1);"), on("DROP TABLE t;")]);
    more.run(&mut conn).expect("all is well");
}

// C9: the last connection that closes a WAL database takes it for itself for a moment.
#[test]
fn reading_while_others_open_and_close_a_wal_database_never_fails() {
    let db = Db::in_mode("wal");
    three().run(&mut db.open()).expect("all is well");
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for _ in 0..200 {
                    let mut conn = db.open();
                    conn.busy_timeout(Duration::ZERO).expect("a timeout");
                    let report = three().run(&mut conn).unwrap_or_else(|error| panic!("{error:?}"));
                    assert!(report.applied().is_empty());
                }
            });
        }
    });
}

// Two connections of one shared cache lock each other's tables, which is another answer than BUSY.
#[test]
fn a_shared_cache_is_waited_for() {
    use embed_migrations::rusqlite::OpenFlags;
    let open = || {
        let flags = OpenFlags::default() | OpenFlags::SQLITE_OPEN_SHARED_CACHE | OpenFlags::SQLITE_OPEN_URI;
        Connection::open_with_flags("file:waited_for?mode=memory&cache=shared", flags).expect("a connection")
    };
    let mut conn = open();
    let other = open();
    other.execute_batch("CREATE TABLE x (a); BEGIN IMMEDIATE; INSERT INTO x VALUES (1)").expect("the lock");
    let result = three().runner().lock_timeout(MOMENT).run(&mut conn);
    assert!(matches!(result, Err(Error::LockTimeout { .. })), "{result:?}");
    other.execute_batch("COMMIT").expect("it ends");
    three().run(&mut conn).expect("nobody is in the way");
}

// C6, C9: the whole of what is read before BEGIN is waited for. Another connection takes the file for itself
// between the reading of the history and the next look at the schema.
#[test]
fn every_look_before_the_write_lock_is_waited_for() {
    for look in 1..12 {
        let db = Db::in_mode("delete");
        history(&[on("CREATE TABLE t (a);")]).run(&mut db.open()).expect("all is well");
        let mut conn = db.open();
        let other = db.open();
        let (locked, wait) = mpsc::channel::<Connection>();
        let ended = thread::spawn(move || {
            // Where the reading was still under way, nobody could take the file.
            if let Ok(other) = wait.recv() {
                thread::sleep(MOMENT * 2);
                other.execute_batch("ROLLBACK").expect("it ends");
            }
        });
        let mut other = Some(other);
        let mut looks = 0;
        let _ = conn.authorizer(Some(move |context: AuthContext<'_>| {
            if let AuthAction::Select = context.action {
                looks += 1;
                if looks == look
                    && let Some(connection) = other.take()
                    && connection.execute_batch("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE").is_ok()
                {
                    locked.send(connection).expect("somebody waits");
                }
            }
            Authorization::Allow
        }));
        let more = history(&[on("CREATE TABLE t (a);"), on("CREATE TABLE u (a);")]);
        let result = more.runner().lock_timeout(PATIENCE).run(&mut conn);
        let _ = conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>);
        ended.join().expect("no panic");
        result.unwrap_or_else(|error| panic!("{look}: {error:?}"));
        assert_eq!(recorded(&conn), ["000", "001", "002"]);
    }
}

// C6: what a failure has kept is read back, and waited for.
#[test]
fn what_was_kept_is_told_although_another_connection_is_in_the_way() {
    for lock_timeout in [PATIENCE, Duration::ZERO] {
        let db = Db::in_mode("delete");
        history(&[]).run(&mut db.open()).expect("the first file");
        let mut conn = db.open();
        let (locked, wait) = mpsc::channel::<Connection>();
        let ended = thread::spawn(move || {
            let other = wait.recv().expect("it is locked");
            thread::sleep(MOMENT);
            other.execute_batch("ROLLBACK").expect("it ends");
        });
        let mut other = Some(db.open());
        let mut rolled_back = false;
        let _ = conn.authorizer(Some(move |context: AuthContext<'_>| {
            if let AuthAction::Transaction { operation } = context.action {
                // The next transaction after the rollback is the one that reads.
                if rolled_back && let Some(other) = other.take() {
                    other.execute_batch("BEGIN EXCLUSIVE").expect("the lock");
                    locked.send(other).expect("somebody waits");
                }
                rolled_back |= operation == TransactionOperation::Rollback;
            }
            Authorization::Allow
        }));
        let failing = history(&[on("SELECT missing;")]);
        let result = failing.runner().all_or_nothing().lock_timeout(lock_timeout).run(&mut conn);
        ended.join().expect("no panic");
        match result {
            Err(Error::Failed { kept, .. }) => {
                assert_eq!(reached(&kept), Some("000"));
            }
            other => panic!("{other:?}"),
        }
    }
}

// Then not even a PRAGMA can be prepared.
#[test]
fn a_schema_that_a_shared_cache_has_locked_is_waited_for() {
    use embed_migrations::rusqlite::OpenFlags;
    let open = || {
        let flags = OpenFlags::default() | OpenFlags::SQLITE_OPEN_SHARED_CACHE | OpenFlags::SQLITE_OPEN_URI;
        Connection::open_with_flags("file:schema?mode=memory&cache=shared", flags).expect("a connection")
    };
    let mut conn = open();
    let other = open();
    other.execute_batch("BEGIN IMMEDIATE; CREATE TABLE x (a)").expect("the lock");
    let result = three().runner().lock_timeout(MOMENT).run(&mut conn);
    assert!(matches!(result, Err(Error::LockTimeout { .. })), "{result:?}");
    assert!(conn.is_autocommit());
    let ended = thread::spawn(move || {
        thread::sleep(MOMENT);
        other.execute_batch("COMMIT").expect("it ends");
    });
    three().runner().lock_timeout(PATIENCE).run(&mut conn).expect("it waits");
    ended.join().expect("no panic");
}
