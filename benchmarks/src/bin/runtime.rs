//! What a run costs against the least that could do the same. `cargo run --release --bin runtime`
//!
//! Exits with 1 where a ratio is over its bar.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use embed_migrations::Migrations;
use embed_migrations::rusqlite::{Connection, OpenFlags};
use embed_migrations_benchmarks::{compare, dir, history, inserts, read};

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
    for count in [100, 1000] {
        let bodies = history(count);
        let migrations = Migrations::from_dir(dir(&bodies)).expect("a good history");
        for mode in ["DELETE", "WAL"] {
            let path = folder.path().join(format!("{mode}-{count}.db"));
            let mut conn = Connection::open(&path).expect("it opens");
            conn.pragma_update(None, "journal_mode", mode).expect("it is set");
            migrations.run(&mut conn).expect("it runs");
            let open = || Connection::open(&path).expect("it opens");
            let warm = || {
                let conn = open();
                conn.execute_batch(
                    "SELECT count(*) FROM sqlite_master; PRAGMA table_info(schema_migrations)",
                )
                .expect("it reads");
                conn
            };
            let ours = |conn: &mut Connection| {
                assert!(migrations.run(conn).expect("it runs").applied().is_empty());
            };
            let theirs = |conn: &mut Connection| assert_eq!(read(conn), count);
            holds &= compare(
                &format!("nothing pending, {mode}, N = {count}"),
                1.2,
                801,
                (warm, ours),
                (warm, theirs),
            );
            holds &= compare(
                &format!("nothing pending, first statement, {mode}, N = {count}"),
                1.05,
                401,
                (open, ours),
                (open, theirs),
            );
        }
        let all: String = bodies.iter().map(|body| body.sql.as_str()).collect();
        let batch = format!("BEGIN;{all}COMMIT;");
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
