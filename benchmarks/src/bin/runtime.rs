//! What a run costs against the least that could do the same. `cargo run --release --bin runtime`
//!
//! Exits with 1 where a ratio is over its bar.

use std::alloc::{GlobalAlloc, Layout, System};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use embed_migrations::Migrations;
use embed_migrations::rusqlite::{Connection, OpenFlags};
use embed_migrations_benchmarks::{Body, compare, dir, history, inserts, read};

struct Counting;
static ALLOCATED: AtomicUsize = AtomicUsize::new(0);

// SAFETY: hands everything to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    let folder = tempfile::tempdir().expect("a folder for databases");
    let mut holds = true;
    for count in [100, 1000, 10_000] {
        holds &= nothing_pending(folder.path(), count);
    }
    for count in [100, 1000] {
        let bodies = history(count);
        let migrations = Migrations::from_dir(dir(&bodies)).expect("a good history");
        let batch = batch(&bodies);
        let rounds = if count == 100 { 101 } else { 21 };
        let memory = || Connection::open_in_memory().expect("it opens");
        let ours = |conn: &mut Connection| {
            migrations.run(conn).expect("it runs");
        };
        let theirs = |conn: &mut Connection| conn.execute_batch(&batch).expect("it runs");
        holds &= compare(
            &format!("fresh memory database, N = {count}"),
            1.08,
            rounds,
            (memory, ours),
            (memory, theirs),
        );
        let nothing = || ();
        let in_memory = |(): &mut ()| drop(migrations.in_memory().expect("it runs"));
        #[allow(unused_mut, reason = "older versions of rusqlite serialize a shared connection")]
        let mut model = migrations.in_memory().expect("it runs");
        let bytes = model.serialize("main").expect("it is in memory").to_vec();
        holds &= compare(
            &format!("in_memory, against SQLite's deserialize, N = {count}"),
            1.5,
            401,
            (nothing, in_memory),
            (nothing, |(): &mut ()| {
                let mut conn = memory();
                conn.deserialize_read_exact("main", &*bytes, bytes.len(), false).expect("it is a database");
            }),
        );
        holds &= compare(
            &format!("in_memory, against a run in memory, N = {count}"),
            0.01,
            rounds,
            (nothing, in_memory),
            (nothing, |(): &mut ()| ours(&mut memory())),
        );
        for mode in ["DELETE", "WAL"] {
            let mut number = 0;
            let mut file = || {
                number += 1;
                let conn = Connection::open(folder.path().join(format!("f{number}-{}.db", fastrand())))
                    .expect("it opens");
                conn.pragma_update(None, "journal_mode", mode).expect("it is set");
                conn
            };
            let mut file_again = {
                let folder = folder.path().to_owned();
                move || {
                    let conn =
                        Connection::open(folder.join(format!("g{}.db", fastrand()))).expect("it opens");
                    conn.pragma_update(None, "journal_mode", mode).expect("it is set");
                    conn
                }
            };
            holds &= compare(
                &format!("fresh file, {mode}, N = {count}"),
                1.08,
                rounds,
                (&mut file, ours),
                (&mut file_again, theirs),
            );
        }
    }
    holds &= growth();
    let mut times = Vec::new();
    for count in [10_000, 20_000, 40_000] {
        let bodies = inserts(count);
        let migrations = Migrations::from_dir(dir(&bodies)).expect("a good history");
        let statements: Vec<String> =
            bodies.iter().flat_map(|body| body.sql.split_inclusive(";\n")).map(str::to_owned).collect();
        let memory = || Connection::open_in_memory().expect("it opens");
        holds &= compare(
            &format!("one migration of {count} INSERTs"),
            1.2,
            15,
            (memory, |conn: &mut Connection| {
                let start = std::time::Instant::now();
                migrations.run(conn).expect("it runs");
                times.push((count, start.elapsed()));
            }),
            (memory, |conn: &mut Connection| {
                conn.execute_batch("BEGIN").expect("it runs");
                for statement in &statements {
                    conn.prepare(statement)
                        .and_then(|mut statement| statement.raw_execute())
                        .expect("it runs");
                }
                conn.execute_batch("COMMIT").expect("it runs");
            }),
        );
    }
    let per_statement = |count: usize| {
        let mut times: Vec<f64> = times
            .iter()
            .filter(|(n, _)| *n == count)
            .map(|(n, time)| time.as_secs_f64() / *n as f64)
            .collect();
        embed_migrations_benchmarks::median(&mut times)
    };
    let growth = per_statement(40_000) / per_statement(10_000);
    println!("     time per INSERT, 40,000 against 10,000 in one file: {growth:.2}");

    holds &= allocations();
    std::process::exit(i32::from(!holds));
}

/// A start with nothing pending against reading the same rows.
fn nothing_pending(folder: &Path, count: usize) -> bool {
    let bodies = history(count);
    let migrations = Migrations::from_dir(dir(&bodies)).expect("a good history");
    let mut holds = true;
    let fewer = count / 1000;
    let path = folder.join(format!("{count}.db"));
    let conn = Connection::open(&path).expect("it opens");
    conn.execute_batch(&batch(&bodies)).expect("it runs");
    for mode in ["DELETE", "WAL"] {
        conn.pragma_update(None, "journal_mode", mode).expect("it is set");
        let open = || Connection::open(&path).expect("it opens");
        let warm = || {
            let conn = open();
            conn.execute_batch("SELECT count(*) FROM sqlite_master; PRAGMA table_info(schema_migrations)")
                .expect("it reads");
            conn
        };
        let ours = |conn: &mut Connection| {
            assert!(migrations.run(conn).expect("it runs").applied().is_empty());
        };
        let theirs = |conn: &mut Connection| assert_eq!(read(conn), count);
        let what = format!("nothing pending, {mode}, N = {count}");
        holds &= compare(
            &what,
            if count == 100 { 1.2 } else { 1.1 },
            801 / (fewer + 1),
            (warm, ours),
            (warm, theirs),
        );
        let what = format!("nothing pending, first statement, {mode}, N = {count}");
        holds &= compare(&what, 1.05, 401 / (fewer + 1), (open, ours), (open, theirs));
    }
    holds
}

/// What a migration takes where there are many must not grow more than it does for SQLite, which has more to look at as the
/// schema grows.
fn growth() -> bool {
    let mut holds = true;
    for count in [500, 1000, 2000] {
        let mut bodies = history(count);
        bodies.iter_mut().step_by(2).skip(1).for_each(Body::without_foreign_keys);
        let migrations = Migrations::from_dir(dir(&bodies)).expect("a good history");
        let files: Vec<String> = bodies.iter().map(Body::file).collect();
        let memory = || Connection::open_in_memory().expect("it opens");
        holds &= compare(
            &format!("each in a transaction of its own, N = {count}"),
            1.6,
            3,
            (memory, |conn: &mut Connection| drop(migrations.run(conn).expect("it runs"))),
            (memory, |conn: &mut Connection| {
                files.iter().for_each(|file| conn.execute_batch(file).expect("it runs"));
            }),
        );
    }
    for count in [2000, 5000, 10_000] {
        let bodies = history(count);
        let migrations = Migrations::from_dir(dir(&bodies)).expect("a good history");
        let statements = batch(&bodies);
        let memory = || Connection::open_in_memory().expect("it opens");
        holds &= compare(
            &format!("fresh memory database, N = {count}"),
            // The larger ones take so long that there is one round of each.
            if count == 2000 { 1.08 } else { 1.15 },
            if count == 2000 { 5 } else { 1 },
            (memory, |conn: &mut Connection| drop(migrations.run(conn).expect("it runs"))),
            (memory, |conn: &mut Connection| conn.execute_batch(&statements).expect("it runs")),
        );
    }
    holds
}

/// All of a history in one transaction.
fn batch(bodies: &[Body]) -> String {
    let all: String = bodies.iter().map(|body| body.sql.as_str()).collect();
    format!("BEGIN;{all}COMMIT;")
}

/// With nothing pending, what is allocated must not grow with the SQL.
fn allocations() -> bool {
    let [small, large] = [10, 40_000].map(|count| {
        let migrations = Migrations::from_dir(dir(&inserts(count))).expect("a good history");
        let mut conn = Connection::open_with_flags(":memory:", OpenFlags::default()).expect("it opens");
        migrations.run(&mut conn).expect("it runs");
        let before = ALLOCATED.load(Ordering::Relaxed);
        migrations.run(&mut conn).expect("it runs");
        ALLOCATED.load(Ordering::Relaxed) - before
    });
    println!("     allocated with nothing pending: {small} bytes for 10 statements, {large} for 40,000");
    small == large
}

fn fastrand() -> u128 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_nanos()
}
