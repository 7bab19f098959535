//! What checking and rehearsing a folder costs against running the same statements on the same unoptimised
//! SQLite, as a macro does in a debug build. `cargo run --bin expansion`, not `--release`.
//!
//! Exits with 1 where a ratio is over its bar.

use std::fs;

use embed_migrations::rusqlite::Connection;
use embed_migrations_benchmarks::{compare, history, inserts};
use embed_migrations_core::__build::{Args, embed};

fn main() {
    assert!(cfg!(debug_assertions), "a macro runs unoptimised: leave --release out");
    let root = tempfile::tempdir().expect("a folder for migrations");
    let mut holds = true;
    // The last one is all text and hardly any work for SQLite, so our reading shows most.
    let sets = [
        ("100 files", history(100), 3.2),
        ("1000 files", history(1000), 3.2),
        ("one file of 40000 INSERTs", inserts(40_000), 5.0),
    ];
    for (what, bodies, bar) in sets {
        let folder = what.replace(' ', "-");
        fs::create_dir(root.path().join(&folder)).expect("a new folder");
        for body in &bodies {
            fs::write(root.path().join(&folder).join(&body.file_name), body.file()).expect("it is written");
        }
        let files: Vec<Vec<String>> = bodies
            .iter()
            .map(|body| body.file().split_inclusive(";\n").map(str::to_owned).collect())
            .collect();
        let rounds = if bodies.len() == 1000 { 7 } else { 15 };
        let nothing = || ();
        holds &= compare(
            &format!("checking and rehearsing, with rows, {what}"),
            bar,
            rounds,
            (nothing, |(): &mut ()| {
                let embedded = embed(root.path(), &Args::of(&folder)).expect("a good folder");
                assert_eq!(embedded.migrations.len(), bodies.len());
            }),
            (nothing, |(): &mut ()| {
                let conn = Connection::open_in_memory().expect("it opens");
                for statement in files.iter().flatten() {
                    conn.prepare(statement)
                        .and_then(|mut statement| statement.raw_execute())
                        .expect("it runs");
                }
            }),
        );
    }
    std::process::exit(i32::from(!holds));
}
