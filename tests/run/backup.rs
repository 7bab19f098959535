//! `Runner::backup`: whole or not at all, exactly what was there before, and never somebody else's file.

use std::cell::RefCell;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;

use embed_migrations::rusqlite::functions::FunctionFlags;
use embed_migrations::rusqlite::{Connection, OpenFlags};
use embed_migrations::{Backup, Error, Event, Migrations};
use insta::assert_snapshot;

use crate::databases::{Db, dump, history, memory, off, on, one, recorded, shown};

/// Two files that can run, and one that cannot.
fn ladder() -> Migrations {
    history(&[
        on("CREATE TABLE t (a); INSERT INTO t VALUES (1);"),
        on("INSERT INTO t VALUES (2);"),
        off("INSERT INTO t VALUES (3);"),
        on("INSERT INTO missing VALUES (4);"),
    ])
}

/// A database that has the first of them.
fn started(mode: &'static str) -> Db {
    let db = Db::in_mode(mode);
    ladder().runner().target("001").run(&mut db.open()).expect("all is well");
    db
}

/// The files beside a database, without what SQLite keeps there and the test's own.
fn backups(db: &Db) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(db.path.parent().expect("a folder"))
        .expect("it can be read")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("it is UTF-8"))
        .filter(|name| !["app.db", "app.db-wal", "app.db-shm", "app.db-journal"].contains(&name.as_str()))
        .collect();
    names.sort();
    names
}

fn open(path: &Path) -> Connection {
    Connection::open(path).expect("it opens")
}

#[test]
fn a_backup_is_what_was_there_before() {
    for mode in ["delete", "truncate", "persist", "wal"] {
        let db = started(mode);
        let mut conn = db.open();
        // In WAL mode this is only in the WAL: the other connection keeps it from being written back.
        let reader = db.open();
        reader.execute_batch("BEGIN; SELECT * FROM t").expect("it reads");
        let _: i64 = one(&reader, "SELECT count(*) FROM t");
        if mode == "wal" {
            conn.execute_batch("INSERT INTO t VALUES ('in the WAL')").expect("it runs");
        } else {
            reader.execute_batch("COMMIT").expect("it ends");
        }
        let before = dump(&conn);
        let events = RefCell::new(Vec::new());
        let migrations = ladder();
        let report = migrations
            .runner()
            .target("002")
            .backup(Backup::beside_database())
            .on_event(|event| {
                events.borrow_mut().push(match event {
                    Event::BackedUp { path, .. } => {
                        // It is whole before anything runs.
                        assert_eq!(dump(&open(&path)), before, "{mode}");
                        "backed up".to_owned()
                    }
                    Event::Started { migration, .. } => format!("started {}", migration.version()),
                    Event::Applied { migration, .. } => format!("applied {}", migration.version()),
                    Event::Step { .. } => return,
                    other => format!("{other:?}"),
                });
            })
            .run(&mut conn)
            .expect("all is well");
        let path = report.backup().expect("something was pending").to_owned();
        drop((conn, reader));
        assert_eq!(*events.borrow(), ["backed up", "started 002", "applied 002"], "{mode}");
        assert_eq!(backups(&db), [path.file_name().expect("a name").to_str().expect("UTF-8")]);
        let copy = open(&path);
        assert_eq!(dump(&copy), before, "{mode}");
        assert_eq!(shown(&copy, "PRAGMA integrity_check"), ["ok"]);
        let kept: String = one(&copy, "PRAGMA journal_mode");
        assert_eq!(kept, if mode == "wal" { "wal" } else { "delete" });
        assert_eq!(recorded(&db.open()), ["000", "001", "002"]);
    }
}

#[test]
fn its_name_says_what_it_is() {
    let db = started("delete");
    let stamp =
        |name: &str| name.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect::<String>();
    ladder()
        .runner()
        .target("002")
        .backup(Backup::beside_database())
        .run(&mut db.open())
        .expect("all is well");
    assert_eq!(
        backups(&db).iter().map(|name| stamp(name)).collect::<Vec<_>>(),
        ["app.db.999-99999999T999999Z.backup"]
    );

    let db = Db::new();
    db.open().execute_batch("CREATE TABLE old (a)").expect("it runs");
    ladder()
        .runner()
        .target("000")
        .backup(Backup::beside_database())
        .run(&mut db.open())
        .expect("all is well");
    assert!(backups(&db)[0].starts_with("app.db.empty-"), "{:?}", backups(&db));
}

#[test]
fn there_is_none_where_there_is_nothing_to_go_back_to() {
    let backup = || Backup::beside_database();
    // No file, an empty one, one in memory, nothing pending.
    let db = Db::new();
    let (conn, report) = ladder()
        .runner()
        .target("002")
        .backup(backup())
        .open_with(&db.path, |_| Ok(()))
        .expect("all is well");
    assert_eq!((report.backup(), backups(&db)), (None, Vec::new()));
    let report = ladder().runner().target("002").backup(backup()).run(&mut db.open()).expect("nothing to do");
    assert_eq!((report.backup(), backups(&db)), (None, Vec::new()));
    drop(conn);
    for mut conn in [memory(), Connection::open("").expect("a temporary database")] {
        conn.execute_batch("CREATE TABLE old (a)").expect("it runs");
        let report = ladder().runner().target("002").backup(backup()).run(&mut conn).expect("all is well");
        assert_eq!(report.backup(), None);
    }
}

// Whether there is one is decided before the first transaction, and not again before the next.
#[test]
fn a_fresh_database_gets_none_between_two_transactions() {
    let steps: Vec<_> = (0..30).map(|n| off(format!("CREATE TABLE t{n} (a);"))).collect();
    let mixed: Vec<_> = steps.into_iter().flat_map(|step| [on("SELECT 1;"), step]).collect();
    let migrations = history(&mixed);
    let db = Db::new();
    let report =
        migrations.runner().backup(Backup::beside_database()).run(&mut db.open()).expect("all is well");
    assert_eq!((report.backup(), backups(&db)), (None, Vec::new()));
}

#[test]
fn nothing_is_refused_where_nothing_is_pending() {
    let db = started("delete");
    let copy = db.path.with_file_name("copy");
    let run = || ladder().runner().target("003").backup(Backup::to(&copy)).run(&mut db.open());
    assert!(run().expect("the place is free").backup().is_some());
    assert_eq!(run().expect("nothing is pending").backup(), None);
}

#[test]
fn a_run_that_changes_nothing_leaves_none() {
    let migrations = history(&[on("CREATE TABLE t (a);"), on("INSERT INTO missing VALUES (1);")]);
    let db = Db::new();
    migrations.runner().target("001").run(&mut db.open()).expect("all is well");
    for _ in 0..3 {
        let run = migrations.runner().backup(Backup::beside_database()).run(&mut db.open());
        assert!(matches!(run, Err(Error::Failed { .. })), "{run:?}");
        assert_eq!(backups(&db), [""; 0]);
    }
    // A panic keeps nothing either.
    let mut conn = db.open();
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let mut runner = migrations.runner().backup(Backup::beside_database()).on_event(|event| {
            assert!(!matches!(event, Event::Started { .. }), "on purpose");
        });
        let _ = runner.run(&mut conn);
    }));
    assert!(caught.is_err() && conn.is_autocommit());
    assert_eq!(backups(&db), [""; 0]);
}

// K6
#[test]
fn a_program_that_fails_at_every_start_keeps_the_good_copy() {
    let db = started("wal");
    let before = dump(&db.open());
    let start = || ladder().runner().backup(Backup::beside_database().keep(1)).run(&mut db.open());
    // The first start applies two files before the third fails, the others nothing.
    let Err(Error::Failed { kept, .. }) = start() else { panic!("the last file fails") };
    assert_eq!(kept.applied.len(), 2);
    let good = backups(&db);
    assert_eq!(good.len(), 1);
    for _ in 0..3 {
        assert!(matches!(start(), Err(Error::Failed { .. })));
        assert_eq!(backups(&db), good);
    }
    assert_eq!(dump(&open(&db.path.with_file_name(&good[0]))), before);
}

#[test]
fn old_ones_go_and_other_files_stay() {
    let db = Db::new();
    let migrations =
        history(&(0..6).map(|number| on(format!("CREATE TABLE t{number} (a);"))).collect::<Vec<_>>());
    migrations.runner().target("000").run(&mut db.open()).expect("all is well");
    let strangers = [
        "app.db.000-20200101T000000Z.backup.gz",
        "app.db.backup",
        "app.db.old-20200101T000000Z.backup",
        "app.db2.000-20200101T000000Z.backup",
        "notes.txt",
        "other.db.000-20200101T000000Z.backup",
    ];
    for name in strangers {
        fs::write(db.path.with_file_name(name), "mine").expect("it is written");
    }
    fs::write(db.path.with_file_name("app.db.000-20200101T000000Z.backup"), "an old one")
        .expect("it is written");
    let mut made = Vec::new();
    for version in ["001", "002", "003", "004", "005", "006"] {
        let backup = Backup::beside_database().keep(3);
        let report =
            migrations.runner().target(version).backup(backup).run(&mut db.open()).expect("all is well");
        made.push(report.backup().expect("it was pending").file_name().expect("a name").to_owned());
    }
    let mut expected: Vec<_> = strangers.iter().map(|name| (*name).to_owned()).collect();
    expected.extend(made[3..].iter().map(|name| name.to_str().expect("UTF-8").to_owned()));
    expected.sort();
    assert_eq!(backups(&db), expected);
}

#[test]
fn a_place_of_ones_own_is_never_written_over() {
    let db = started("delete");
    let before = db.bytes();
    let run = |backup: Backup<'_>| ladder().runner().target("003").backup(backup).run(&mut db.open());
    let mine = db.path.with_file_name("mine");
    fs::write(&mine, "mine").expect("it is written");
    let refusals = [
        run(Backup::to(&mine)),
        run(Backup::to(db.path.with_file_name("copy")).keep(2)),
        run(Backup::to(db.path.with_file_name("nowhere").join("copy"))),
    ];
    let told: Vec<_> = refusals
        .into_iter()
        .map(|refused| {
            let error = refused.expect_err("it is refused");
            assert!(matches!(error, Error::Backup { .. }), "{error:?}");
            error.to_string().replace(db.path.parent().expect("a folder").to_str().expect("UTF-8"), "FOLDER")
        })
        .collect();
    assert_snapshot!(told.join("\n"));
    assert_eq!((db.bytes(), fs::read(&mine).expect("it is there")), (before, b"mine".to_vec()));
    assert_eq!(backups(&db), ["mine"]);

    let copy = db.path.with_file_name("copy");
    let report = run(Backup::to(&copy)).expect("the place is free");
    assert_eq!((report.backup(), recorded(&open(&copy)).len()), (Some(copy.as_path()), 2));
}

#[test]
fn a_damaged_database_is_not_migrated() {
    let db = Db::new();
    let migrations =
        history(&[on("CREATE TABLE t (a, b); CREATE INDEX i ON t (a);"), on("CREATE TABLE u (a);")]);
    let mut conn = db.open();
    migrations.runner().target("001").run(&mut conn).expect("all is well");
    conn.execute_batch(
        "INSERT INTO t SELECT value, randomblob(500) FROM (WITH RECURSIVE n (value) AS
             (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 200) SELECT value FROM n);
         PRAGMA wal_checkpoint(TRUNCATE)",
    )
    .expect("it runs");
    let root: i64 = one(&conn, "SELECT rootpage FROM sqlite_master WHERE name = 't'");
    drop(conn);
    let mut bytes = db.bytes();
    let page = usize::try_from((root - 1) * 4096).expect("it is small");
    bytes[page + 5..page + 200].fill(0xff);
    fs::write(&db.path, &bytes).expect("it is written");

    let error =
        migrations.runner().backup(Backup::beside_database()).run(&mut db.open()).expect_err("it is damaged");
    let Error::Backup { reason, .. } = &error else { panic!("{error:?}") };
    assert!(reason.contains("damaged") || reason.contains("copying"), "{reason}");
    assert_eq!(backups(&db), [""; 0]);
    assert_eq!(db.bytes(), bytes);
}

// K3
#[test]
fn a_database_that_only_its_connection_can_read_is_copied_by_it() {
    let exclusive = |db: &Db| {
        let conn = db.open();
        let _: String = one(&conn, "PRAGMA locking_mode = EXCLUSIVE");
        conn.execute_batch("INSERT INTO t VALUES ('exclusive')").expect("it runs");
        conn
    };
    let by_vfs = |db: &Db| {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        let conn = Connection::open_with_flags_and_vfs(&db.path, flags, c"unix-excl").expect("it opens");
        conn.execute_batch("INSERT INTO t VALUES ('exclusive')").expect("it runs");
        conn
    };
    let opens: [&dyn Fn(&Db) -> Connection; 2] = [&exclusive, &by_vfs];
    for mode in ["delete", "wal"] {
        for open_it in opens {
            let db = started(mode);
            let mut conn = open_it(&db);
            let before = dump(&conn);
            let report = ladder().runner().target("003").backup(Backup::beside_database()).run(&mut conn);
            let path = report.expect("all is well").backup().expect("something was pending").to_owned();
            drop(conn);
            assert_eq!(dump(&open(&path)), before, "{mode}");
            assert_eq!(backups(&db).len(), 1);
        }
    }
}

#[test]
fn a_database_of_another_vfs_is_not_mixed_up_with_a_file_of_its_name() {
    // In memory under a name: there is such a file, and it is not the database.
    let db = started("delete");
    let path = db.path.to_str().expect("UTF-8");
    let mut conn = Connection::open(format!("file:{path}?vfs=memdb")).expect("it opens");
    conn.execute_batch("CREATE TABLE old (a)").expect("it runs");
    let before = dump(&conn);
    let report = ladder().runner().target("002").backup(Backup::beside_database()).run(&mut conn);
    // An older SQLite tells the name as if it were a path.
    if let Some(copy) = report.expect("all is well").backup() {
        assert_eq!(dump(&open(copy)), before);
    }

    // Whoever opens the path gets another database than the one that is migrated.
    let other = started("delete");
    other.open().execute_batch("CREATE TABLE other (a)").expect("it runs");
    let before = dump(&db.open());
    let backup = Backup::beside_database()
        .open_with(|path| Connection::open(if path == db.path { &other.path } else { path }));
    let report = ladder().runner().target("002").backup(backup).run(&mut db.open());
    let path = report.expect("all is well").backup().expect("something was pending").to_owned();
    assert_eq!(dump(&open(&path)), before);
}

#[test]
fn a_uri_is_a_path_like_any_other() {
    let db = started("wal");
    let path = db.path.to_str().expect("UTF-8");
    for uri in [format!("file:{path}?mode=rw"), format!("file:{path}?cache=shared")] {
        let mut conn = Connection::open(&uri).expect("it opens");
        let pending = ladder().runner().status(&conn).expect("it reads").pending()[0].version();
        let before = dump(&conn);
        let report = ladder().runner().target(pending).backup(Backup::beside_database()).run(&mut conn);
        let path = report.expect("all is well").backup().expect("something was pending").to_owned();
        assert_eq!(dump(&open(&path)), before, "{uri}");
    }
}

#[cfg(unix)]
#[test]
fn a_path_that_is_not_utf_8_is_refused_before_anything_is_touched() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let db = Db::new();
    let path = db.path.with_file_name(OsStr::from_bytes(b"caf\xe9.db"));
    let mut conn = open(&path);
    ladder().runner().target("001").run(&mut conn).expect("all is well");
    let error = ladder()
        .runner()
        .target("002")
        .backup(Backup::beside_database())
        .run(&mut conn)
        .expect_err("SQLite does not tell such a path");
    assert_snapshot!(error.to_string(), @"could not back up the database: its path is not UTF-8, so SQLite cannot tell it; nothing was migrated");
    assert_eq!(recorded(&conn), ["000", "001"]);
}

#[cfg(unix)]
#[test]
fn a_private_database_has_private_backups() {
    use std::os::unix::fs::PermissionsExt;
    let db = started("delete");
    fs::set_permissions(&db.path, fs::Permissions::from_mode(0o600)).expect("permissions");
    let backup = Backup::beside_database();
    let report = ladder().runner().target("002").backup(backup).run(&mut db.open()).expect("all is well");
    let mode = report.backup().expect("it was pending").metadata().expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn functions_and_collations_of_the_application_are_in_nobodys_way() {
    let setup = |conn: &Connection| {
        let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_UTF8;
        conn.create_scalar_function("twice", 1, flags, |context| Ok(context.get::<i64>(0)? * 2))?;
        conn.create_collation("unicase", |a: &str, b: &str| a.to_lowercase().cmp(&b.to_lowercase()))
    };
    let migrations = history(&[
        on("CREATE TABLE t (a CHECK (twice(a) < 100), b AS (twice(a)), c TEXT COLLATE unicase UNIQUE);
            CREATE INDEX i ON t (twice(a)); INSERT INTO t VALUES (1, 'x'), (2, 'y');"),
        on("CREATE TABLE u (a);"),
    ]);
    let db = Db::new();
    migrations.runner().target("001").open_with(&db.path, setup).expect("all is well");
    let (_, report) = migrations
        .runner()
        .backup(Backup::beside_database())
        .open_with(&db.path, setup)
        .expect("all is well");
    let copy = open(report.backup().expect("it was pending"));
    setup(&copy).expect("they are registered");
    assert_eq!(shown(&copy, "PRAGMA integrity_check"), ["ok"]);
    assert_eq!(one::<i64>(&copy, "SELECT sum(b) FROM t"), 6);
}

#[test]
fn all_connections_can_be_opened_by_the_caller() {
    let db = started("wal");
    let opened = RefCell::new(Vec::new());
    let backup = Backup::beside_database().open_with(|path| {
        opened.borrow_mut().push(path.file_name().expect("a name").to_string_lossy().into_owned());
        Connection::open(path)
    });
    ladder().runner().target("002").backup(backup).run(&mut db.open()).expect("all is well");
    let opened = opened.into_inner();
    assert_eq!(opened[0], "app.db");
    assert!(opened.len() > 1 && opened[1..].iter().all(|name| name.ends_with(".partial")), "{opened:?}");

    let failing =
        Backup::beside_database().open_with(|_| Err(embed_migrations::rusqlite::Error::InvalidQuery));
    let error =
        ladder().runner().target("003").backup(failing).run(&mut db.open()).expect_err("it cannot be opened");
    assert!(matches!(error, Error::Backup { .. }), "{error:?}");
    assert_eq!(recorded(&db.open()).len(), 3);

    // The copy would be somewhere else, and the backup an empty file.
    let (kept, other) = (backups(&db), Db::new());
    for elsewhere in [":memory:".into(), other.path.clone()] {
        let ignoring_the_path = Backup::beside_database().open_with(|_| Connection::open(&elsewhere));
        let refused = ladder().runner().target("003").backup(ignoring_the_path).run(&mut db.open());
        let Err(Error::Backup { reason, .. }) = &refused else { panic!("{refused:?}") };
        assert!(reason.contains("the path that it is given"), "{reason}");
        assert_eq!((recorded(&db.open()).len(), backups(&db)), (3, kept.clone()));
    }
}

#[test]
fn what_a_killed_process_has_left_is_removed() {
    let db = started("wal");
    for name in ["app.db.backup.123.partial", "app.db.backup.123.partial-wal", "app.db.backup.x.partial"] {
        fs::write(db.path.with_file_name(name), "half").expect("it is written");
    }
    ladder()
        .runner()
        .target("002")
        .backup(Backup::beside_database())
        .run(&mut db.open())
        .expect("all is well");
    let left: Vec<_> = backups(&db).into_iter().filter(|name| name.contains("partial")).collect();
    assert_eq!(left, ["app.db.backup.x.partial"], "only those that a run makes");

    // Of a process that had the number of this one, as the first in a container always has, and elsewhere.
    let own = std::process::id();
    for name in [
        format!("app.db.backup.{own}.partial"),
        format!("copy.{own}.partial"),
        "copy.7.partial-wal".to_owned(),
    ] {
        fs::write(db.path.with_file_name(name), "half").expect("it is written");
    }
    let mut conn = db.open();
    let _: String = one(&conn, "PRAGMA locking_mode = EXCLUSIVE");
    conn.execute_batch("INSERT INTO t VALUES ('exclusive')").expect("it runs");
    ladder().runner().target("003").backup(Backup::beside_database()).run(&mut conn).expect("all is well");
    drop(conn);
    let migrations =
        history(&[on("CREATE TABLE t (a);"), on("SELECT 1;"), off("SELECT 1;"), on("SELECT 4;")]);
    migrations
        .runner()
        .backup(Backup::to(db.path.with_file_name("copy")))
        .run(&mut db.open())
        .expect("all is well");
    let left: Vec<_> = backups(&db).into_iter().filter(|name| name.contains("partial")).collect();
    assert_eq!(left, ["app.db.backup.x.partial"]);
}

// C8, K1: POSIX ends the locks of a process when it closes any handle of the file.
#[test]
#[ignore = "needs the sqlite3 shell"]
fn no_lock_of_this_process_is_dropped() {
    for mode in ["delete", "wal"] {
        for own in ["shared", "exclusive"] {
            let db = started(mode);
            // What another process gets that tries to write.
            let other = || {
                let output = Command::new("sqlite3")
                    .args([db.path.to_str().expect("UTF-8"), "BEGIN IMMEDIATE; ROLLBACK;"])
                    .output()
                    .expect("the shell is there");
                String::from_utf8(output.stderr).expect("it is text")
            };
            assert_eq!(other(), "", "{mode}: nobody holds a lock yet");
            let mut conn = db.open();
            if own == "exclusive" {
                let _: String = one(&conn, "PRAGMA locking_mode = EXCLUSIVE");
            }
            let mut events = 0;
            let report = ladder()
                .runner()
                .target("003")
                .backup(Backup::beside_database())
                .on_event(|event| {
                    if matches!(event, Event::BackedUp { .. } | Event::Started { .. }) {
                        events += 1;
                        assert!(other().contains("locked"), "{mode}, {own}: {event:?}");
                    }
                })
                .run(&mut conn)
                .expect("all is well");
            assert!(report.backup().is_some() && events == 3, "{events}");

            // And beside a transaction of the application's own.
            drop(conn);
            let holder = db.open();
            holder.execute_batch("BEGIN IMMEDIATE; INSERT INTO t VALUES (9)").expect("it runs");
            let _ = ladder().verify(&db.open());
            let _ = ladder().status(&db.open());
            let quick = std::time::Duration::from_millis(5);
            let run =
                ladder().runner().lock_timeout(quick).backup(Backup::beside_database()).run(&mut db.open());
            assert!(matches!(run, Err(Error::LockTimeout { .. })), "{run:?}");
            assert!(other().contains("locked"), "{mode}, {own}: the lock is gone");
            holder.execute_batch("COMMIT").expect("it is ours still");
        }
    }
}
