//! `open` and `in_memory`: from nothing to a connection that is ready.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use embed_migrations::rusqlite::Connection;
use embed_migrations::rusqlite::functions::FunctionFlags;
use embed_migrations::{Error, Migrations, embed_migrations};

use crate::databases::{Db, MOMENT, dump, history, memory, on, one, recorded, state};

static LESSON: Migrations = embed_migrations!();

fn mode(conn: &Connection) -> String {
    one(conn, "PRAGMA journal_mode")
}

#[test]
fn a_path_becomes_a_connection_that_is_ready() {
    let db = Db::new();
    let conn = LESSON.open(&db.path).expect("all is well");
    assert_eq!((mode(&conn).as_str(), one::<bool>(&conn, "PRAGMA foreign_keys")), ("wal", true));
    assert_eq!(recorded(&conn), ["000", "001", "002"]);
    assert_eq!((state(&conn).busy_timeout, conn.is_autocommit()), (5000, true));
    drop(conn);
    let again = LESSON.open(&db.path).expect("nothing is pending");
    assert_eq!(mode(&again), "wal");
}

#[test]
fn any_journal_mode_becomes_wal_and_none_where_there_can_be_none() {
    for before in ["delete", "truncate", "persist", "wal"] {
        let db = Db::in_mode(before);
        assert_eq!(mode(&LESSON.open(&db.path).expect("all is well")), "wal", "{before}");
    }
    assert_eq!(mode(&LESSON.open(":memory:").expect("all is well")), "memory");
    assert_eq!(mode(&LESSON.open("").expect("all is well")), "delete");
}

#[test]
fn a_switch_to_wal_that_a_reader_is_in_the_way_of_is_told_as_that() {
    let db = Db::in_mode("delete");
    for (target, told) in [
        ("001", "waiting to switch to WAL: another connection holds the lock; the database is at 001_"),
        (
            "002",
            "waiting to apply 002_add_bio_to_users.sql: another connection holds the lock; the database is at 001_",
        ),
    ] {
        LESSON.runner().target("001").run(&mut db.open()).expect("all is well");
        let reader = db.open();
        reader.execute_batch("BEGIN").expect("it begins");
        let _: i64 = one(&reader, "SELECT count(*) FROM users");
        let opened = LESSON.runner().lock_timeout(MOMENT).target(target).open_with(&db.path, |_| Ok(()));
        let error = opened.expect_err("the reader is in the way").to_string();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn the_connection_is_set_up_before_anything_else() {
    let migrations = history(&[on("CREATE TABLE t (a); INSERT INTO t VALUES (twice(2));")]);
    let twice = |conn: &Connection| {
        conn.create_scalar_function("twice", 1, FunctionFlags::SQLITE_UTF8, |context| {
            Ok(context.get::<i64>(0)? * 2)
        })?;
        conn.busy_timeout(Duration::from_millis(1234))
    };
    let db = Db::new();
    let conn = migrations.open_with(&db.path, twice).expect("the function is there");
    assert_eq!((one::<i64>(&conn, "SELECT a FROM t"), state(&conn).busy_timeout), (4, 1234));

    let fails = LESSON.open_with(&db.path, |conn| conn.execute_batch("nonsense"));
    assert!(matches!(fails, Err(Error::Sqlite { doing: "setting up the connection", .. })), "{fails:?}");
    let begins = LESSON.open_with(Db::new().path, |conn| conn.execute_batch("BEGIN"));
    assert!(matches!(begins, Err(Error::InTransaction)), "{begins:?}");
}

// The switch to WAL would already change the file.
#[test]
fn nothing_is_written_to_a_database_that_is_not_ours() {
    let newer = history(&[on("CREATE TABLE t (a);"), on("CREATE TABLE u (a);")]);
    let older = history(&[on("CREATE TABLE t (a);")]);
    type Refused = fn(&Error) -> bool;
    type Case<'a> = (&'a dyn Fn(&Connection), Migrations, Refused);
    let cases: [Case<'_>; 3] = [
        (&|_| {}, older, |error| matches!(error, Error::NewerDatabase { .. })),
        (
            &|conn| drop(conn.execute("UPDATE schema_migrations SET name = 'x' WHERE version = '001'", [])),
            newer,
            |error| matches!(error, Error::Diverged { .. }),
        ),
        (
            &|conn| drop(conn.execute_batch("ALTER TABLE schema_migrations RENAME COLUMN name TO title")),
            newer,
            |error| matches!(error, Error::UnusableTable { .. }),
        ),
    ];
    for (spoil, opens, refused) in cases {
        let db = Db::in_mode("delete");
        let mut conn = db.open();
        newer.run(&mut conn).expect("all is well");
        spoil(&conn);
        drop(conn);
        let before = db.bytes();
        let error = opens.open(&db.path).expect_err("it is not ours");
        assert!(refused(&error), "{error:?}");
        assert_eq!(db.bytes(), before);
        assert!(!db.beside("-wal").exists());
    }
    let db = Db::new();
    fs::write(&db.path, "a letter to a friend, and no database at all").expect("it is written");
    assert!(matches!(LESSON.open(&db.path), Err(Error::Sqlite { .. })));
    assert_eq!(db.bytes(), b"a letter to a friend, and no database at all");
}

#[cfg(unix)]
#[test]
fn a_file_that_is_read_only_opens_where_nothing_is_pending() {
    use std::os::unix::fs::PermissionsExt;
    let db = Db::new();
    LESSON.runner().target("001").run(&mut db.open()).expect("all is well");
    fs::set_permissions(&db.path, fs::Permissions::from_mode(0o444)).expect("permissions");
    if fs::OpenOptions::new().append(true).open(&db.path).is_ok() {
        return crate::rights::again_without_them(
            "open::a_file_that_is_read_only_opens_where_nothing_is_pending",
        );
    }
    assert!(matches!(LESSON.open(&db.path), Err(Error::ReadOnly { query_only: false, .. })));
    let (conn, report) =
        LESSON.runner().target("001").open_with(&db.path, |_| Ok(())).expect("nothing is pending");
    assert_eq!((mode(&conn).as_str(), report.applied().len()), ("delete", 0));
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_read_only_is_told_apart() {
    use std::os::unix::fs::PermissionsExt;
    let db = Db::new();
    LESSON.runner().target("001").run(&mut db.open()).expect("all is well");
    let folder = db.path.parent().expect("a folder");
    let rights = |mode| fs::set_permissions(folder, fs::Permissions::from_mode(mode)).expect("permissions");
    rights(0o555);
    if fs::write(folder.join("probe"), "").is_ok() {
        rights(0o755);
        return crate::rights::again_without_them("open::a_folder_that_is_read_only_is_told_apart");
    }
    let pending = LESSON.open(&db.path);
    let opened = LESSON.runner().target("001").open_with(&db.path, |_| Ok(()));
    rights(0o755);
    let error = pending.expect_err("there is no place for a journal");
    assert!(matches!(error, Error::ReadOnlyFolder { .. }), "{error:?}");
    let (conn, _) = opened.expect("nothing is pending");
    assert_eq!(mode(&conn), "delete");
    drop(conn);
    assert_eq!(recorded(&db.open()), ["000", "001"]);
}

#[test]
fn one_time_bounds_all_of_it() {
    let db = Db::in_mode("delete");
    LESSON.runner().target("001").run(&mut db.open()).expect("all is well");
    let holder = db.open();
    holder
        .execute_batch("BEGIN IMMEDIATE; INSERT INTO users (email, name) VALUES ('a', 'A')")
        .expect("it runs");
    let start = Instant::now();
    let opened = LESSON.runner().lock_timeout(MOMENT).open_with(&db.path, |_| Ok(()));
    assert!(matches!(opened, Err(Error::LockTimeout { .. })), "{opened:?}");
    assert!(start.elapsed() < Duration::from_secs(4), "SQLite's own timeout is not used");

    // And it is long enough where the other one ends.
    thread::scope(|scope| {
        let waits = scope
            .spawn(|| LESSON.open(&db.path).map(|conn| mode(&conn)).map_err(|error| format!("{error:?}")));
        thread::sleep(MOMENT);
        holder.execute_batch("COMMIT").expect("it ends");
        drop(holder);
        assert_eq!(waits.join().expect("no panic"), Ok("wal".to_owned()));
    });
}

// ---- in memory

#[test]
fn databases_in_memory_are_whole_and_apart() {
    let mut alone = memory();
    LESSON.run(&mut alone).expect("all is well");
    let first = LESSON.in_memory().expect("a database");
    assert_eq!(dump(&first), dump(&alone));
    assert!(one::<bool>(&first, "PRAGMA foreign_keys"));
    first.execute("INSERT INTO users (email, name) VALUES ('a', 'A')", []).expect("it can be written");
    let second = LESSON.in_memory().expect("a database");
    assert_eq!(one::<i64>(&second, "SELECT count(*) FROM users"), 0);
    drop(second);
    assert_eq!(one::<i64>(&first, "SELECT count(*) FROM users"), 1);
    LESSON.verify(&first).expect("it is what they make");
}

#[test]
fn old_rows_survive_the_upgrade() {
    let mut conn = LESSON.in_memory_at("1").expect("versions are numbers");
    conn.execute("INSERT INTO users (email, name) VALUES ('a', 'A')", []).expect("it can be written");
    assert_eq!(LESSON.run(&mut conn).expect("all is well").applied().len(), 1);
    assert_eq!(one::<Option<String>>(&conn, "SELECT bio FROM users"), None);
    assert!(matches!(LESSON.in_memory_at("003"), Err(Error::UnknownTarget { .. })));
}

#[test]
fn the_migrations_run_once_however_many_ask() {
    let migrations = history(&[on("CREATE TABLE t (a); INSERT INTO t VALUES (random());")]);
    let values: Vec<i64> = thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|_| {
                scope.spawn(|| {
                    let conn = migrations.in_memory().expect("a database");
                    conn.execute("INSERT INTO t VALUES (1)", []).expect("it can be written");
                    assert_eq!(one::<i64>(&conn, "SELECT count(*) FROM t"), 2);
                    one::<i64>(&conn, "SELECT a FROM t WHERE rowid = 1")
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(values.iter().all(|value| *value == values[0]), "copies of one database: {values:?}");
}
