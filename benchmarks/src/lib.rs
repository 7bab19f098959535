//! Histories of any length, and ratios of two pieces of work measured in turn.

use std::hint::black_box;
use std::time::{Duration, Instant};

use embed_migrations::rusqlite::Connection;
use include_dir::{Dir, DirEntry, File};

/// What `000_create_schema_migrations.sql` does between BEGIN and COMMIT.
const TRACKING: &str = "CREATE TABLE schema_migrations (
    version    TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    applied_at TEXT NOT NULL DEFAULT (datetime('now'))
);";

/// A file name and what stands between its BEGIN and COMMIT.
pub struct Body {
    pub name: String,
    pub file_name: String,
    /// Without its record.
    pub change: String,
    pub sql: String,
    /// What stands before its BEGIN and after its COMMIT.
    around: [&'static str; 2],
}

impl Body {
    fn new(number: usize, name: &str, change: &str) -> Self {
        let record =
            format!("INSERT INTO schema_migrations (version, name) VALUES ('{number:04}', '{name}');");
        Self {
            name: name.to_owned(),
            file_name: format!("{number:04}_{name}.sql"),
            change: change.to_owned(),
            sql: format!("{change}\n{record}\n"),
            around: ["", ""],
        }
    }

    pub fn file(&self) -> String {
        let [before, after] = self.around;
        format!("{before}BEGIN;\n{}COMMIT;\n{after}", self.sql)
    }

    /// Spares the compiler its rehearsal, which takes minutes where there are ten thousand.
    pub fn not_rehearsed(&mut self) {
        self.around = ["-- migrate: not-rehearsed: the benchmark does not need it\n", ""];
    }

    /// Lets it run with foreign keys off, and so in a transaction of its own where others have them on.
    pub fn without_foreign_keys(&mut self) {
        self.around = ["PRAGMA foreign_keys = OFF;\n", "PRAGMA foreign_keys = ON;\n"];
    }
}

/// A history of `count` files. Half of them add a column to the table before.
pub fn history(count: usize) -> Vec<Body> {
    (0..count)
        .map(|number| match number {
            0 => Body::new(0, "create_schema_migrations", TRACKING),
            _ if number % 2 == 0 => {
                let change = format!("ALTER TABLE t{} ADD COLUMN note TEXT;", number - 1);
                Body::new(number, "add_note", &change)
            }
            _ => create_table(number),
        })
        .collect()
}

/// A history of `count` files that all create a table.
pub fn tables(count: usize) -> Vec<Body> {
    let first = Body::new(0, "create_schema_migrations", TRACKING);
    std::iter::once(first).chain((1..count).map(create_table)).collect()
}

fn create_table(number: usize) -> Body {
    let change = format!(
        "CREATE TABLE t{number} (\n    id   INTEGER PRIMARY KEY,\n    name TEXT NOT NULL UNIQUE,\n    size INTEGER NOT NULL \
         DEFAULT 0\n);"
    );
    Body::new(number, "create_table", &change)
}

/// A first file, and one with `count` INSERT statements.
pub fn inserts(count: usize) -> Vec<Body> {
    let mut change = "CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT NOT NULL);\n".to_owned();
    for number in 0..count {
        change.push_str(&format!("INSERT INTO words (word) VALUES ('word number {number}');\n"));
    }
    vec![Body::new(0, "create_schema_migrations", TRACKING), Body::new(1, "fill", &change)]
}

/// The history as an embedded folder. Lives as long as the benchmark.
pub fn dir(bodies: &[Body]) -> &'static Dir<'static> {
    let entries: Vec<_> = bodies
        .iter()
        .map(|body| DirEntry::File(File::new(body.file_name.clone().leak(), body.file().leak().as_bytes())))
        .collect();
    Box::leak(Box::new(Dir::new("", entries.leak())))
}

/// The least that knows what is applied.
pub fn read(conn: &Connection) -> usize {
    let mut statement = conn.prepare("SELECT version, name FROM schema_migrations").expect("it prepares");
    let mut rows = statement.raw_query();
    let mut count = 0;
    while let Some(row) = rows.next().expect("it reads") {
        let version = row.get_ref(0).expect("a value").as_str().expect("text");
        let name = row.get_ref(1).expect("a value").as_str().expect("text");
        black_box((version, name));
        count += 1;
    }
    count
}

/// Measures two pieces of work in turn, and prints the median of their ratios beside its bar. Each gets a fresh
/// input, which is not measured.
pub fn compare<I, J>(
    what: &str,
    bar: f64,
    rounds: usize,
    mut ours: (impl FnMut() -> I, impl FnMut(&mut I)),
    mut theirs: (impl FnMut() -> J, impl FnMut(&mut J)),
) -> bool {
    let mut ratios = Vec::new();
    let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
    for round in 0..=rounds {
        // The order changes, so that neither always finds the caches warm.
        let (ours, theirs) = if round % 2 == 0 {
            let first = time(&mut ours);
            (first, time(&mut theirs))
        } else {
            let first = time(&mut theirs);
            (time(&mut ours), first)
        };
        if round > 0 {
            ratios.push(ours.as_secs_f64() / theirs.as_secs_f64());
            our_times.push(ours.as_secs_f64());
            their_times.push(theirs.as_secs_f64());
        }
    }
    let ratio = median(&mut ratios);
    let holds = ratio <= bar;
    println!(
        "{} {what:<58} {ratio:>6.3} (bar {bar:.2})   {:>10.1} µs against {:>10.1} µs",
        if holds { "ok  " } else { "OVER" },
        median(&mut our_times) * 1e6,
        median(&mut their_times) * 1e6,
    );
    holds
}

fn time<I>((input, work): &mut (impl FnMut() -> I, impl FnMut(&mut I))) -> Duration {
    let mut input = input();
    let start = Instant::now();
    work(black_box(&mut input));
    start.elapsed()
}

pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
