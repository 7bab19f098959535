//! What it takes to build a program with each library: how many crates, how long the first time, and how long after each change
//! of its own source, which is what people wait for every day.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use embed_migrations_benchmarks::median;

use crate::{LIBRARIES, Library};

/// What it takes to build a program with one library.
pub(crate) struct Built {
    /// Beside the program itself.
    pub(crate) crates: usize,
    /// Seconds from nothing but downloaded sources.
    pub(crate) clean: f64,
    /// Seconds after a change of its source, with few and with many migrations.
    pub(crate) again: [f64; 2],
}

pub(crate) fn measure(root: &Path, work: &Path, counts: [usize; 2], rounds: usize) -> Vec<Built> {
    LIBRARIES.iter().map(|library| built(root, work, library, counts, rounds)).collect()
}

fn built(root: &Path, work: &Path, library: &Library, counts: [usize; 2], rounds: usize) -> Built {
    println!("building with {}", library.folder);
    let target = work.join("clean");
    let _ = fs::remove_dir_all(&target);
    let mut clean = None;
    let again = counts.map(|count| {
        let package = work.join(format!("programs/{}-{count}", library.folder));
        write_program(&root.join("field").join(library.folder), &package, count);
        run(cargo(&package, &["fetch", "--locked"]));
        let build = || {
            let mut build = cargo(&package, &["build", "--locked", "--offline"]);
            build.env("CARGO_TARGET_DIR", &target);
            let start = Instant::now();
            run(build);
            start.elapsed().as_secs_f64()
        };
        // Of the second program, only what is its own is missing.
        let first = build();
        clean.get_or_insert(first);
        let main = package.join("src/main.rs");
        let source = fs::read_to_string(&main).expect("it was written");
        let mut seconds: Vec<f64> = (0..rounds)
            .map(|round| {
                let changed = format!("{source}\n#[allow(dead_code)]\nconst ROUND: usize = {round};\n");
                fs::write(&main, changed).expect("it is written");
                build()
            })
            .collect();
        median(&mut seconds)
    });
    // A gigabyte and more for some.
    let _ = fs::remove_dir_all(&target);
    Built {
        crates: crates(&root.join("field").join(library.folder)),
        clean: clean.unwrap_or_default(),
        again,
    }
}

/// Writes a copy of a program that embeds one set of migrations.
fn write_program(program: &Path, package: &Path, count: usize) {
    let set = format!("/{count}\",");
    let home = format!("path = \"{}/", program.display());
    let moved = |file: &str| {
        let text = fs::read_to_string(program.join(file)).ok()?;
        let lines = text.lines().filter(|line| !line.contains("=> \"") || line.ends_with(&set));
        let lines = lines.map(|line| {
            line.replace("../../target/field/histories", "../../histories").replace("path = \"", &home)
        });
        Some(lines.collect::<Vec<_>>().join("\n"))
    };
    fs::create_dir_all(package.join("src")).expect("a folder");
    for file in ["Cargo.toml", "Cargo.lock", "build.rs", "src/main.rs"] {
        if let Some(text) = moved(file) {
            fs::write(package.join(file), text).expect("it is written");
        }
    }
}

/// How many crates the graph of a program has without itself.
fn crates(program: &Path) -> usize {
    let arguments = ["tree", "--locked", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"];
    let output = cargo(program, &arguments).stderr(Stdio::inherit()).output().expect("cargo runs");
    let listed = String::from_utf8_lossy(&output.stdout);
    let named = |line: &str| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let crates: BTreeSet<String> = listed.lines().map(named).filter(|name| !name.is_empty()).collect();
    crates.iter().filter(|name| !name.starts_with("field-")).count()
}

fn cargo(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(folder).env_remove("CARGO_TARGET_DIR");
    command
}

fn run(mut command: Command) {
    let output = command.output().expect("cargo runs");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
