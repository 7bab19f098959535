//! Files: read-only, damaged, half-written, without a journal.

use std::fs;
use std::time::{Duration, SystemTime};

use embed_migrations::rusqlite::{Connection, ErrorCode, OpenFlags};
use embed_migrations::{Error, Event, Migrations};

use crate::databases::{
    Db, FIRST, history, memory, off, on, one, recorded, rows, shown, state, tables, told, versions,
};

fn two() -> Migrations {
    history(&[on("CREATE TABLE t (a);")])
}

/// A file's bytes and time, only while no connection is open.
fn snapshot(db: &Db) -> (Vec<u8>, SystemTime) {
    (db.bytes(), fs::metadata(&db.path).and_then(|file| file.modified()).expect("a time"))
}

fn sqlite_code(result: Result<embed_migrations::Report, Error>) -> ErrorCode {
    match result {
        Err(Error::Sqlite { source, .. }) => source.sqlite_error_code().expect("SQLite's answer"),
        other => panic!("{other:?}"),
    }
}

// E3, E4
#[test]
fn a_file_that_is_no_database_is_told_and_left_alone() {
    let text = b"this is a letter, and no database, however long it may be. ".repeat(40);
    for bytes in [text.clone(), b"SQLite format 3\0".iter().chain(&text).copied().collect()] {
        let db = Db::new();
        fs::write(&db.path, &bytes).expect("a file");
        let before = snapshot(&db);
        let mut conn = db.open();
        assert_eq!(sqlite_code(two().run(&mut conn)), ErrorCode::NotADatabase);
        assert!(conn.is_autocommit());
        drop(conn);
        assert_eq!(snapshot(&db), before);
    }
}

// E3, E4
#[test]
fn a_truncated_file_is_told_and_left_alone() {
    let db = Db::new();
    let mut conn = db.open();
    history(&[on("CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(20000));")])
        .run(&mut conn)
        .expect("all is well");
    drop(conn);
    let bytes = db.bytes();
    for length in [600, 4096, 8192] {
        fs::write(&db.path, &bytes[..length]).expect("a file");
        let before = snapshot(&db);
        let mut conn = db.open();
        let result = history(&[on("CREATE TABLE t (a);"), on("CREATE TABLE u (a);")]).run(&mut conn);
        assert!(matches!(result, Err(Error::Sqlite { .. } | Error::Failed { .. })), "{length}: {result:?}");
        assert!(conn.is_autocommit());
        drop(conn);
        assert_eq!(snapshot(&db).0, before.0, "{length}");
    }
}

// E6, P1
#[test]
fn with_nothing_pending_a_read_only_database_will_do() {
    for mode in ["delete", "wal"] {
        let db = Db::in_mode(mode);
        two().run(&mut db.open()).expect("all is well");
        let before = snapshot(&db);
        let mut conn = db.open_read_only();
        assert!(two().run(&mut conn).expect("nothing pending").applied().is_empty());
        assert_eq!(two().status(&conn).expect("it reads").applied().len(), 2);
        drop(conn);
        let mut conn = db.open();
        conn.pragma_update(None, "query_only", true).expect("a pragma");
        assert!(two().run(&mut conn).expect("nothing pending").applied().is_empty());
        assert!(one::<bool>(&conn, "PRAGMA query_only"));
        drop(conn);
        assert_eq!(snapshot(&db), before, "{mode}");
    }
}

// E6, P1
#[test]
fn with_something_pending_a_read_only_database_is_refused_and_untouched() {
    for mode in ["delete", "wal"] {
        for query_only in [false, true] {
            let db = Db::in_mode(mode);
            history(&[]).run(&mut db.open()).expect("the first file");
            let before = snapshot(&db);
            let mut conn = if query_only { db.open() } else { db.open_read_only() };
            conn.pragma_update(None, "query_only", query_only).expect("a pragma");
            let settings = state(&conn);
            let mut events = 0;
            match two().runner().on_event(|_| events += 1).run(&mut conn) {
                Err(Error::ReadOnly { migration, query_only: told, .. }) => {
                    assert_eq!((migration.version(), told), ("001", query_only));
                }
                other => panic!("{other:?}"),
            }
            assert_eq!((state(&conn), events), (settings, 0));
            assert_eq!(one::<bool>(&conn, "PRAGMA query_only"), query_only);
            drop(conn);
            assert_eq!(snapshot(&db), before, "{mode}, {query_only}");
        }
    }
}

// P1: SQLite opens a file that may not be written for reading, without a word.
#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_written_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let db = Db::new();
    history(&[]).run(&mut db.open()).expect("the first file");
    fs::set_permissions(&db.path, fs::Permissions::from_mode(0o444)).expect("permissions");
    if fs::OpenOptions::new().append(true).open(&db.path).is_ok() {
        return crate::rights::again_without_them("traps::files::a_file_that_may_not_be_written_is_refused");
    }
    let result = two().run(&mut db.open());
    assert!(matches!(result, Err(Error::ReadOnly { query_only: false, .. })), "{result:?}");
}

// B1, E6: with nothing pending there is no write at all, whatever the journal mode.
#[test]
fn with_nothing_pending_nothing_is_written() {
    for mode in ["delete", "truncate", "persist", "wal"] {
        let db = Db::in_mode(mode);
        two().run(&mut db.open()).expect("all is well");
        let before = snapshot(&db);
        std::thread::sleep(Duration::from_millis(15));
        let mut conn = db.open();
        let changes = conn.total_changes();
        for _ in 0..3 {
            assert!(two().run(&mut conn).expect("nothing pending").applied().is_empty());
            assert!(
                two().runner().target("000").run(&mut conn).expect("nothing pending").applied().is_empty()
            );
            two().status(&conn).expect("it reads");
        }
        assert_eq!(conn.total_changes(), changes);
        // A database that has not changed is also one that no other connection has to read again.
        drop(conn);
        assert_eq!(snapshot(&db), before, "{mode}");
    }
}

/// Copies a database while its transaction is half written, as a crash would leave it.
fn crash(db: &Db) -> Db {
    let conn = db.open();
    conn.execute_batch(
        "PRAGMA cache_size = 5; BEGIN IMMEDIATE;
         UPDATE t SET a = zeroblob(3000); INSERT INTO t SELECT zeroblob(3000) FROM t;",
    )
    .expect("a spill");
    let crashed = Db::new();
    for suffix in ["", "-journal"] {
        fs::copy(db.beside(suffix), crashed.beside(suffix)).expect("a copy");
    }
    assert_ne!(fs::metadata(crashed.beside("-journal")).expect("a journal").len(), 0);
    crashed
}

fn filled() -> Db {
    let db = Db::new();
    let mut conn = db.open();
    two().run(&mut conn).expect("all is well");
    conn.execute_batch(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
         INSERT INTO t SELECT i FROM n",
    )
    .expect("rows");
    drop(conn);
    db
}

// H1
#[test]
fn a_hot_journal_is_played_back_before_anything_else() {
    let migrations = history(&[on("CREATE TABLE t (a);"), on("UPDATE t SET a = a + 1;")]);
    for pending in [true, false] {
        let crashed = crash(&filled());
        let mut conn = crashed.open();
        if pending {
            assert_eq!(versions(migrations.run(&mut conn).expect("it recovers").applied()), ["002"]);
        } else {
            assert!(two().run(&mut conn).expect("it recovers").applied().is_empty());
        }
        assert_eq!(one::<i64>(&conn, "SELECT sum(a) FROM t"), if pending { 1890 } else { 1830 });
        assert_eq!(shown(&conn, "PRAGMA integrity_check"), ["ok"]);
    }
}

// H3
#[test]
fn a_hot_journal_on_a_read_only_connection_is_an_error_and_changes_nothing() {
    let crashed = crash(&filled());
    let before = crashed.bytes();
    let mut conn = crashed.open_read_only();
    for error in [two().run(&mut conn).expect_err("a run"), two().status(&conn).expect_err("a status")] {
        assert!(matches!(error, Error::NeedsRecovery { .. }), "{error:?}");
    }
    assert!(conn.is_autocommit());
    drop(conn);
    assert_eq!(crashed.bytes(), before);
    assert!(two().run(&mut crashed.open()).expect("it recovers").applied().is_empty());
}

// E10: without a journal on disk a crash corrupts the file, and with OFF a rollback does.
#[test]
fn a_file_without_a_journal_gets_one_for_the_run() {
    for mode in ["off", "memory"] {
        for fails in [false, true] {
            let db = Db::new();
            let mut conn = db.open();
            history(&[]).run(&mut conn).expect("the first file");
            let set: String = one(&conn, &format!("PRAGMA journal_mode = {mode}"));
            assert_eq!(set, mode);
            let before = state(&conn);
            let last =
                if fails { "CREATE TABLE u (a); SELECT * FROM missing;" } else { "CREATE TABLE u (a);" };
            let fill = "CREATE TABLE t (a); INSERT INTO t VALUES (1);";
            let migrations =
                history(&[on(fill), off("UPDATE t SET a = 2;"), off(format!("UPDATE t SET a = 3; {last}"))]);
            let mut journal = Vec::new();
            let result = migrations
                .runner()
                .on_event(|event| {
                    if let Event::Started { migration, .. } = event
                        && migration.version() == "003"
                    {
                        journal.push(db.beside("-journal").exists());
                    }
                })
                .run(&mut conn);
            assert_eq!(journal, [true], "{mode}");
            if fails {
                let told = told(result);
                assert_eq!((told.version, told.database), ("003", Some("002")), "{mode}");
                assert_eq!(tables(&conn), ["schema_migrations", "t"]);
                assert_eq!(shown(&conn, "SELECT a FROM t"), ["2"], "{mode}");
            } else {
                result.expect("all is well");
                assert_eq!(shown(&conn, "SELECT a FROM t"), ["3"], "{mode}");
            }
            assert_eq!(state(&conn), before, "{mode}");
            assert_eq!(shown(&conn, "PRAGMA integrity_check"), ["ok"]);
            // With nothing pending it is nobody's business.
            let target = if fails { "002" } else { "003" };
            let report = migrations.runner().target(target).run(&mut conn).expect("nothing pending");
            assert!(report.applied().is_empty());
            assert_eq!(state(&conn), before, "{mode}");
        }
    }
}

// E10
#[test]
fn in_memory_without_a_journal_is_refused_and_with_one_it_is_not() {
    let mut conn = memory();
    let set: String = one(&conn, "PRAGMA journal_mode = OFF");
    assert_eq!(set, "off");
    let before = state(&conn);
    match two().run(&mut conn) {
        Err(Error::NoJournal { migration, .. }) => assert_eq!(migration.version(), "000"),
        other => panic!("{other:?}"),
    }
    assert_eq!((state(&conn), tables(&conn).len()), (before, 0));
    let _: String = one(&conn, "PRAGMA journal_mode = MEMORY");
    two().run(&mut conn).expect("all is well");
    // Nothing pending: it is only read.
    let _: String = one(&conn, "PRAGMA journal_mode = OFF");
    two().run(&mut conn).expect("nothing pending");
}

// G2: an empty file and one that is not there are the same.
#[test]
fn an_empty_file_is_a_fresh_database() {
    let db = Db::new();
    fs::write(&db.path, b"").expect("a file");
    assert_eq!(versions(two().run(&mut db.open()).expect("all is well").applied()), ["000", "001"]);
}

// E11: another database that the application has attached is left alone.
#[test]
fn a_history_in_an_attached_database_is_not_ours() {
    let db = Db::new();
    let attached = Db::new();
    two().run(&mut attached.open()).expect("all is well");
    let mut conn = db.open();
    conn.execute("ATTACH ?1 AS other", [attached.path.to_str()]).expect("it attaches");
    assert_eq!(two().status(&conn).expect("it reads").pending().len(), 2);
    assert_eq!(two().run(&mut conn).expect("all is well").applied().len(), 2);
    assert_eq!(rows(&conn, "SELECT * FROM other.schema_migrations").len(), 2);
    assert_eq!(recorded(&conn), ["000", "001"]);
}

// A temporary database has no name, and is one all the same.
#[test]
fn a_temporary_database_is_migrated() {
    let mut conn = Connection::open_with_flags("", OpenFlags::default()).expect("a connection");
    conn.execute_batch("PRAGMA journal_mode = OFF").expect("a pragma");
    two().run(&mut conn).expect("all is well");
    assert_eq!(recorded(&conn), ["000", "001"]);
}

// A database that was made by hand, with the sqlite3 shell say, is at the version that it records.
#[test]
fn a_file_that_was_run_by_hand_counts() {
    let db = Db::new();
    db.open().execute_batch(FIRST).expect("plain SQL");
    assert_eq!(versions(two().run(&mut db.open()).expect("all is well").applied()), ["001"]);
}
