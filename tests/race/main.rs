//! Many real processes that start at once on one database: every one of them succeeds, and each migration is
//! applied by exactly one. The processes run `program.rs`, an application of its own.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "a race tells how it went")]

#[path = "../support/crates.rs"]
mod crates;
#[path = "../support/databases.rs"]
mod databases;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

use embed_migrations::rusqlite::Connection;
use embed_migrations::{Migrations, embed_migrations};

use crates::Crate;
use databases::{Db, MOMENT, PATIENCE, Step, dump, history, off, on, one, recorded, shown, versions};

static SMALL: Migrations = embed_migrations!();

/// Every kind of segment: with foreign keys, without, deferring.
fn mixed_steps() -> [Step; 7] {
    [
        on("CREATE TABLE parent (id INTEGER PRIMARY KEY, title TEXT);
            CREATE TABLE child (parent INTEGER REFERENCES parent (id) ON DELETE CASCADE);"),
        on("INSERT INTO parent VALUES (1, 'one'), (2, 'two'); INSERT INTO child VALUES (1), (2), (2);"),
        off("CREATE TABLE n (id INTEGER PRIMARY KEY, title TEXT, note TEXT);
             INSERT INTO n (id, title) SELECT id, title FROM parent;
             DROP TABLE parent; ALTER TABLE n RENAME TO parent;"),
        off("UPDATE parent SET note = title || '!';"),
        on(
            "PRAGMA defer_foreign_keys = ON; INSERT INTO child VALUES (3); INSERT INTO parent (id) VALUES (3);",
        ),
        on("CREATE TABLE counter (n INTEGER); INSERT INTO counter VALUES (0);"),
        on("UPDATE counter SET n = n + 1;"),
    ]
}

fn mixed() -> Migrations {
    history(&mixed_steps())
}

fn set(name: &str) -> Migrations {
    match name {
        "small" => SMALL,
        "mixed" => mixed(),
        other => panic!("{other}"),
    }
}

/// The program, compiled once for all races of this test.
static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    let program = Crate::new("race", "embed-migrations");
    program.write("src/main.rs", include_str!("program.rs"));
    crates::copy(&crates::package().join("migrations"), &program.path("small"));
    for (name, text) in databases::files(&mixed_steps()) {
        program.write(&format!("mixed/{name}"), text);
    }
    crates::succeeded(&program.cargo(&["build"]));
    program.program("debug")
});

fn wait_for(mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE * 2, "nothing happens");
        thread::sleep(Duration::from_millis(1));
    }
}

fn start(database: &Path, set: &str, how: &str, runner: usize) -> Child {
    Command::new(&*PROGRAM)
        .arg(database)
        .args([set, how, &runner.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a process")
}

/// Lets processes start at once, and gives what each applied. `meanwhile` runs beside them.
fn race(db: &Db, set_name: &str, processes: usize, meanwhile: impl FnOnce()) -> Vec<Vec<String>> {
    race_by("run", db, set_name, processes, meanwhile)
}

/// The same in another way than by `run`.
fn race_by(
    how: &str,
    db: &Db,
    set_name: &str,
    processes: usize,
    meanwhile: impl FnOnce(),
) -> Vec<Vec<String>> {
    let children: Vec<_> = (0..processes).map(|runner| start(&db.path, set_name, how, runner)).collect();
    let beside = |name: String| db.path.with_file_name(name);
    wait_for(|| (0..processes).all(|runner| beside(format!("ready-{runner}")).exists()));
    fs::write(beside("go".to_owned()), "").expect("a file");
    meanwhile();
    let mut failures = Vec::new();
    for (runner, child) in children.into_iter().enumerate() {
        let output = child.wait_with_output().expect("it ends");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() {
            failures.push(format!("process {runner}: {}\n{told}", output.status));
        }
    }
    assert!(failures.is_empty(), "{} of {processes} failed:\n{}", failures.len(), failures.join("\n"));
    (0..processes)
        .map(|runner| fs::read_to_string(beside(format!("done-{runner}"))).expect("it ran"))
        .map(|applied| applied.lines().map(str::to_owned).collect())
        .collect()
}

fn each_migration_once(db: &Db, migrations: Migrations, applied: &[Vec<String>]) {
    let mut times = BTreeMap::new();
    for version in applied.iter().flatten() {
        *times.entry(version.as_str()).or_insert(0) += 1;
    }
    let expected: BTreeMap<_, _> = migrations.iter().map(|migration| (migration.version(), 1)).collect();
    assert_eq!(times, expected, "how often each was applied");
    let conn = db.open();
    assert_eq!(recorded(&conn), versions(&migrations.iter().collect::<Vec<_>>()));
    assert_eq!(shown(&conn, "PRAGMA integrity_check"), ["ok"]);
    let mut alone = databases::memory();
    migrations.run(&mut alone).expect("all is well");
    assert_eq!(dump(&conn), dump(&alone), "the same as if one had run alone");
}

const PROCESSES: usize = 32;
const ROUNDS: usize = 5;

fn rounds(database: impl Fn() -> Db, set_name: &str) {
    for round in 0..ROUNDS {
        let db = database();
        let applied = race(&db, set_name, PROCESSES, || {});
        each_migration_once(&db, set(set_name), &applied);
        // Seen with --nocapture.
        let winners = applied.iter().filter(|applied| !applied.is_empty()).count();
        println!("{set_name}, round {round}: {winners} of {PROCESSES} processes applied something");
    }
}

// C4
#[test]
fn processes_that_start_at_once_on_no_file_at_all() {
    rounds(Db::new, "small");
    rounds(Db::new, "mixed");
}

// C4
#[test]
fn processes_that_start_at_once_with_a_rollback_journal() {
    rounds(|| Db::in_mode("delete"), "mixed");
}

// C4, C9
#[test]
fn processes_that_start_at_once_in_wal_mode() {
    rounds(|| Db::in_mode("wal"), "small");
    rounds(|| Db::in_mode("wal"), "mixed");
}

// C4: each finds another part of the work done.
#[test]
fn processes_that_start_at_once_halfway() {
    for mode in ["delete", "wal"] {
        for done in ["001", "003", "005"] {
            let db = Db::in_mode(mode);
            let first = mixed();
            first.runner().target(done).run(&mut db.open()).expect("the first part");
            let mut applied = race(&db, "mixed", PROCESSES / 2, || {});
            let before = first.iter().map(|migration| migration.version().to_owned());
            applied.push(before.take_while(|version| version.as_str() <= done).collect());
            each_migration_once(&db, first, &applied);
        }
    }
}

// C1
#[test]
fn processes_that_start_at_once_under_a_reader() {
    for mode in ["delete", "wal"] {
        let db = Db::in_mode(mode);
        let reader = db.open();
        reader.execute_batch("BEGIN").expect("a transaction");
        let _: i64 = one(&reader, "SELECT count(*) FROM sqlite_master");
        let applied = race(&db, "mixed", PROCESSES / 2, || {
            // Nobody can commit under it, where the journal is one for rolling back.
            thread::sleep(MOMENT * 10);
            reader.execute_batch("COMMIT").expect("it ends");
        });
        each_migration_once(&db, mixed(), &applied);
    }
}

// C5: the switch to WAL is BUSY at once, and asks nobody to wait.
#[test]
fn processes_that_open_one_file_at_once() {
    for processes in [8, PROCESSES] {
        for round in 0..ROUNDS {
            let db = Db::new();
            let applied = race_by("open", &db, "mixed", processes, || {});
            each_migration_once(&db, mixed(), &applied);
            println!("open, round {round}: all of {processes} processes are ready");
        }
    }
}

// K2, K4: the one that migrates is the one that copies, and what it copies is what was there before. In several transactions,
// a process that begins between two of them finds a database that is already further on, and copies that too.
#[test]
fn processes_that_start_at_once_make_one_backup() {
    for mode in ["delete", "wal", "truncate"] {
        for (name, migrations, at) in [("small", SMALL, "000"), ("mixed", mixed(), "002")] {
            let db = Db::in_mode(mode);
            migrations.runner().target(at).run(&mut db.open()).expect("the first part");
            let before = dump(&db.open());
            let done = recorded(&db.open());
            let mut applied = race_by("backup", &db, name, 8, || {});
            applied.push(done);
            each_migration_once(&db, migrations, &applied);
            let folder = db.path.parent().expect("it is in a folder");
            let backups: Vec<_> =
                crates::names(folder, false).into_iter().filter(|name| name.contains("backup")).collect();
            let (first, further): (Vec<_>, Vec<_>) =
                backups.into_iter().partition(|name| name.starts_with(&format!("app.db.{at}-")));
            assert_eq!(first.len(), 1, "{mode}, {name}: {first:?}");
            assert!(name == "mixed" || further.is_empty(), "{mode}, {name}: {further:?}");
            let backup = Connection::open(folder.join(&first[0])).expect("it opens");
            assert_eq!(shown(&backup, "PRAGMA integrity_check"), ["ok"]);
            assert_eq!(dump(&backup), before, "{mode}, {name}");
        }
    }
}
