//! How many instructions a run takes, which is the same number every time. `cargo run --release --bin counts`
//!
//! Calls itself under valgrind, and exits with 1 where a number is more than 5 % over the one in `counts.txt`. `--accept`
//! keeps the new ones.

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};

use embed_migrations::Migrations;
use embed_migrations::rusqlite::Connection;
use embed_migrations_benchmarks::{dir, history, read};

/// What is counted, with the least that does the same beside it.
const CASES: [(&str, &str); 3] = [
    ("nothing pending, 100 applied", "reading 100 rows"),
    ("one pending, 100 applied", "its statements in a transaction"),
    ("100 pending", "their statements in one transaction"),
];
const MARGIN: f64 = 1.05;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => check(false),
        ["--accept"] => check(true),
        ["case", what] => {
            case(what);
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("usage: counts [--accept]");
            ExitCode::FAILURE
        }
    }
}

fn check(accept: bool) -> ExitCode {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("counts.txt");
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let mut holds = true;
    let mut counted = String::new();
    for (ours, least) in CASES {
        let [count, floor] = [ours, least].map(instructions);
        writeln!(counted, "{count:>10} {ours}").expect("a String takes it");
        let before = kept
            .lines()
            .find_map(|line| line.trim().strip_suffix(ours))
            .and_then(|number| number.trim().parse::<f64>().ok());
        let over = before.is_none_or(|before| count as f64 > before * MARGIN);
        holds &= !over;
        println!(
            "{} {ours:<30} {count:>10} instructions, {:.3} times those of {least}; kept: {}",
            if over { "OVER" } else { "ok  " },
            count as f64 / floor as f64,
            before.map_or("nothing".to_owned(), |before| before.to_string()),
        );
    }
    if accept {
        fs::write(&path, counted).expect("it is written");
    } else if !holds {
        println!(
            "if that is what it has to cost: cd benchmarks && cargo run --release --bin counts -- --accept"
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Of what `measured` does in a case.
fn instructions(case: &str) -> u64 {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--collect-atstart=no", "--toggle-collect=*counts*measured*"])
        .arg(format!("--callgrind-out-file={}", folder.path().join("out").display()))
        .arg(std::env::current_exe().expect("this program"))
        .args(["case", case])
        .output()
        .expect("valgrind is installed");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let count = told.lines().find_map(|line| line.split("Collected :").nth(1));
    let count = count.and_then(|count| count.trim().parse().ok()).unwrap_or(0);
    assert!(count > 0, "callgrind has counted nothing in `{case}`: {told}");
    count
}

fn case(what: &str) {
    let bodies = history(101);
    let migrations = |count| Migrations::from_dir(dir(&bodies[..count])).expect("a good history");
    let [hundred, all] = [100, 101].map(migrations);
    let mut conn = Connection::open_in_memory().expect("it opens");
    let run = |migrations: Migrations, conn: &mut Connection| {
        migrations.run(conn).expect("it runs");
    };
    let batch = |from: usize, to: usize, conn: &mut Connection| {
        conn.execute_batch("BEGIN").expect("it runs");
        for body in &bodies[from..to] {
            conn.execute_batch(&body.sql).expect("it runs");
        }
        conn.execute_batch("COMMIT").expect("it runs");
    };
    if !what.contains("100 pending") && !what.contains("one transaction") {
        run(hundred, &mut conn);
    }
    // What SQLite does once is done.
    let _ = conn.execute_batch("SELECT 1 FROM sqlite_master; SELECT version, name FROM schema_migrations;");
    match CASES.iter().position(|(ours, least)| what == *ours || what == *least) {
        Some(0) if what == CASES[0].0 => measured(|| run(hundred, &mut conn)),
        Some(0) => measured(|| assert_eq!(black_box(read(&conn)), 100)),
        Some(1) if what == CASES[1].0 => measured(|| run(all, &mut conn)),
        Some(1) => measured(|| batch(100, 101, &mut conn)),
        Some(2) if what == CASES[2].0 => measured(|| run(hundred, &mut conn)),
        Some(2) => measured(|| batch(0, 100, &mut conn)),
        _ => panic!("there is no case `{what}`"),
    }
}

/// Only what happens in here is counted.
#[inline(never)]
fn measured(work: impl FnOnce()) {
    work();
}
