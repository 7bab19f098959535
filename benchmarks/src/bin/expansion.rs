//! What checking and rehearsing a folder costs against running the same statements on the same unoptimised
//! SQLite, as a macro does in a debug build. `cargo run --bin expansion`, not `--release`.
//!
//! Exits with 1 where a ratio is over its bar.

use std::fs;
use std::path::Path;

use embed_migrations::rusqlite::Connection;
use embed_migrations_benchmarks::{compare, history, inserts, tables};
use embed_migrations_core::__build::{Args, Home, embed, embed_at};

fn main() {
    if !cfg!(debug_assertions) {
        eprintln!("a macro runs unoptimised: leave --release out");
        std::process::exit(2);
    }
    let root = tempfile::tempdir().expect("a folder for migrations");
    let mut holds = true;
    // The one of INSERTs is all text and hardly any work for SQLite, so our reading shows most. SQLite itself takes longer
    // for each table the more there are; 10,000 files may take longer than that by no more than 100 do.
    let sets = [
        ("100 files", history(100), 15, 3.2),
        ("1000 files", history(1000), 7, 3.2),
        ("one file of 40000 INSERTs", inserts(40_000), 15, 5.0),
        ("10000 files that create a table", tables(10_000), 1, 3.2),
    ];
    for (what, bodies, rounds, bar) in sets {
        let folder = what.replace(' ', "-");
        fs::create_dir(root.path().join(&folder)).expect("a new folder");
        for body in &bodies {
            fs::write(root.path().join(&folder).join(&body.file_name), body.file()).expect("it is written");
        }
        let files: Vec<Vec<String>> = bodies
            .iter()
            .map(|body| body.file().split_inclusive(";\n").map(str::to_owned).collect())
            .collect();
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
    holds &= kept(root.path());
    std::process::exit(i32::from(!holds));
}

/// What a compilation costs where an earlier one has kept something, against rehearsing the whole history.
fn kept(root: &Path) -> bool {
    let home = Home { folder: root.to_owned(), version: String::new() };
    let args = Args::of("1000-files");
    let embed = |home: Option<&Home>| {
        embed_at(root, &args, home).expect("a good folder");
    };
    embed(Some(&home));
    let newest = history(1000).pop().expect("there are files");
    let path = root.join("1000-files").join(&newest.file_name);
    let mut edits = 0;
    let edit = || {
        edits += 1;
        fs::write(&path, format!("{}-- {edits}\n", newest.file())).expect("it is written");
    };
    let edited = compare(
        "the newest of 1000 files edited",
        0.12,
        7,
        (edit, |(): &mut ()| embed(Some(&home))),
        (|| (), |(): &mut ()| embed(None)),
    );
    let same = compare(
        "1000 files that are the same",
        0.02,
        7,
        (|| (), |(): &mut ()| embed(Some(&home))),
        (|| (), |(): &mut ()| embed(None)),
    );
    edited && same
}
