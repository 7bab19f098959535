//! What `cargo migrate` costs as a process of its own against the same work in this one: `check` against what a macro does,
//! which runs unoptimised (`cargo run --bin tool`), and `status` against reading and checking the files (`--release`).
//!
//! Exits with 1 where a ratio is over its bar.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use embed_migrations::rusqlite::Connection;
use embed_migrations_benchmarks::{compare, history};
use embed_migrations_core::__build::{Args, Project, embed};

fn main() {
    let unoptimised = cfg!(debug_assertions);
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tool");
    // As people install it.
    let built = Command::new("cargo")
        .args(["build", "--release", "--quiet", "-p", "cargo-migrate", "--target-dir"])
        .arg(&target)
        .current_dir(&workspace)
        .status()
        .expect("cargo runs");
    assert!(built.success(), "the tool does not build");
    let tool = target.join("release/cargo-migrate");

    let mut holds = true;
    for count in [100, 1000] {
        let package = tempfile::tempdir().expect("a folder for a package");
        let root = package.path();
        fs::create_dir_all(root.join("src")).expect("a folder");
        fs::create_dir_all(root.join("migrations")).expect("a folder");
        fs::write(root.join("Cargo.toml"), "[package]\nname = \"a\"\nversion = \"0.1.0\"\n")
            .expect("it is written");
        fs::write(root.join("src/main.rs"), "static M: X = embed_migrations!();").expect("it is written");
        for body in history(count) {
            fs::write(root.join("migrations").join(&body.file_name), body.file()).expect("it is written");
        }
        let run = |arguments: &[&str]| {
            let mut command = Command::new(&tool);
            command.args(arguments).current_dir(root).stdout(Stdio::null());
            assert!(command.status().expect("it runs").success(), "{arguments:?}");
        };
        run(&["up", "--database", "app.db"]);
        let nothing = || ();
        let rounds = if count == 1000 { 11 } else { 31 };
        if !unoptimised {
            if count < 1000 {
                continue;
            }
            holds &= compare(
                &format!("cargo migrate status, {count} files"),
                1.3,
                101,
                (nothing, |(): &mut ()| run(&["status", "--database", "app.db"])),
                (nothing, |(): &mut ()| {
                    let migrations =
                        Project::new(root, Args::of("migrations")).migrations().expect("a good folder");
                    let conn = Connection::open(root.join("app.db")).expect("it opens");
                    assert!(migrations.status(&conn).expect("it reads").pending().is_empty());
                }),
            );
            continue;
        }
        holds &= compare(
            &format!("cargo migrate check, {count} files"),
            1.2,
            rounds,
            (nothing, |(): &mut ()| run(&["check"])),
            (nothing, |(): &mut ()| {
                let embedded = embed(root, &Args::of("migrations")).expect("a good folder");
                assert_eq!(embedded.migrations.len(), count);
            }),
        );
    }
    std::process::exit(i32::from(!holds));
}
