//! Several releases share one database: an older one goes on with what a newer one has made of it, down to the floor.

use embed_migrations::{Error, Migrations, embed_migrations};

use crate::databases::{Db, MOMENT, history, on, recorded, shown};

static FIRST: Migrations = embed_migrations!("tests/run/releases/first", compatible = true);
static SECOND: Migrations = embed_migrations!("tests/run/releases/second", compatible = true);
static THIRD: Migrations = embed_migrations!("tests/run/releases/third", compatible = true);

#[test]
fn an_older_release_uses_what_a_newer_one_has_migrated() {
    let db = Db::new();
    let report = SECOND.run(&mut db.open()).expect("a new database");
    assert_eq!((report.applied().len(), report.newer()), (3, None));

    let mut conn = db.open();
    let changes = conn.total_changes();
    let report = FIRST.run(&mut conn).expect("the newer database will do");
    assert_eq!((report.applied().len(), report.newer()), (0, Some("002")));
    let status = FIRST.status(&conn).expect("it can be read");
    assert_eq!((status.applied().len(), status.pending().len(), status.newer()), (2, 0, Some("002")));
    assert_eq!(conn.total_changes(), changes);
    conn.execute_batch("INSERT INTO notes (body) VALUES ('as ever')").expect("what the first release does");
    assert_eq!(recorded(&conn), ["000", "001", "002"]);
}

#[test]
fn a_file_that_breaks_shuts_older_releases_out() {
    let db = Db::new();
    THIRD.run(&mut db.open()).expect("a new database");
    assert_eq!(shown(&db.open(), "PRAGMA user_version"), ["3"]);
    for older in [FIRST, SECOND] {
        match older.run(&mut db.open()) {
            Err(Error::NewerDatabase { database, .. }) => assert_eq!(database, "003"),
            other => panic!("{other:?}"),
        }
        assert!(matches!(older.status(&db.open()), Err(Error::NewerDatabase { .. })));
    }
}

#[test]
fn no_floor_promises_nothing() {
    let db = Db::new();
    SECOND.run(&mut db.open()).expect("a new database");
    for floor in [0, -1, 2, 7] {
        db.open().pragma_update(None, "user_version", floor).expect("a floor");
        let result = FIRST.run(&mut db.open());
        assert!(matches!(result, Err(Error::NewerDatabase { .. })), "{floor}: {result:?}");
    }
}

#[test]
fn a_release_that_is_not_compatible_asks_no_floor() {
    let db = Db::new();
    SECOND.run(&mut db.open()).expect("a new database");
    let plain = history(&[on("CREATE TABLE other (a);")]);
    let result = plain.run(&mut db.open());
    assert!(matches!(result, Err(Error::Diverged { .. } | Error::NewerDatabase { .. })), "{result:?}");
}

#[test]
fn a_newer_history_that_lacks_one_of_ours_is_not_ours() {
    let db = Db::new();
    SECOND.run(&mut db.open()).expect("a new database");
    db.open().execute_batch("DELETE FROM schema_migrations WHERE version = '001'").expect("a hole");
    let result = FIRST.run(&mut db.open());
    assert!(matches!(result, Err(Error::NewerDatabase { .. } | Error::Diverged { .. })), "{result:?}");
}

#[test]
fn the_journal_mode_of_a_newer_database_is_its_own() {
    let db = Db::in_mode("delete");
    SECOND.run(&mut db.open()).expect("a new database");
    let before = db.bytes();
    let conn = FIRST.open(&db.path).expect("the newer database will do");
    assert_eq!(shown(&conn, "PRAGMA journal_mode"), ["delete"]);
    drop(conn);
    assert_eq!(db.bytes(), before);
}

#[test]
fn a_database_that_becomes_newer_while_a_run_waits_is_told_of() {
    let db = Db::in_mode("wal");
    FIRST.runner().target("000").run(&mut db.open()).expect("a new database");
    let holder = db.open();
    holder.execute_batch("BEGIN IMMEDIATE").expect("it is free");
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| {
            FIRST
                .run(&mut db.open())
                .map(|report| report.newer().map(str::to_owned))
                .map_err(|error| format!("{error:?}"))
        });
        // It has looked, and waits for the lock; what a newer build does is done in this one transaction.
        std::thread::sleep(MOMENT * 3);
        for migration in SECOND.iter().skip(1) {
            let inside = migration.sql().replace("BEGIN;", "").replace("COMMIT;", "");
            holder.execute_batch(&inside).expect("it runs");
        }
        holder.execute_batch("COMMIT").expect("it ends");
        assert_eq!(waits.join().expect("no panic"), Ok(Some("002".to_owned())));
    });
}

#[test]
fn a_baseline_brings_the_floor_along() {
    let db = Db::new();
    let mut conn = db.open();
    THIRD.run(&mut conn).expect("a new database");
    conn.execute_batch("DROP TABLE schema_migrations; PRAGMA user_version = 0").expect("it runs");
    THIRD.baseline(&mut conn, "003").expect("the schema is the one of that version");
    assert_eq!(shown(&conn, "PRAGMA user_version"), ["3"]);
}
