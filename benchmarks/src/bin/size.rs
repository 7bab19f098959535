//! What the library and its migrations add to a release binary, and to the memory of a start with nothing pending.
//! `cargo run --release --bin size`
//!
//! Builds programs that differ in their migrations only, and one without the library, which reads the same table. Exits with
//! 1 where something is over its bar.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use embed_migrations::rusqlite::Connection;
use embed_migrations_benchmarks::{Body, history, median};

/// KiB that the library adds to a binary that is compiled as `--release` does it. A fifth of them are copies, one for each unit
/// that the compiler works on at a time.
const LIBRARY: u64 = 204;
/// KiB that it adds where the application has it compiled for size.
const FOR_SIZE: u64 = 150;
/// What docs/recipes.md says for that.
const SMALL: &str = "[profile.release.package.embed-migrations-core]\ncodegen-units = 1\nopt-level = \"s\"\n";
/// Bytes that a migration adds to it, its SQL apart.
const MIGRATION: u64 = 100;
/// KiB that a start with nothing pending takes more than reading the same rows.
const MEMORY: f64 = 0.3 * 1024.0;

const SETS: [usize; 3] = [100, 1000, 10_000];

/// The least that knows what is applied.
const FLOOR: &str = r#"
use rusqlite::Connection;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("which database?")?;
    let conn = Connection::open(path)?;
    let mut statement = conn.prepare("SELECT version, name FROM schema_migrations")?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        std::hint::black_box((row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?));
    }
    drop(rows);
    println!("{}", std::fs::read_to_string("/proc/self/status")?);
    Ok(())
}
"#;

const OURS: &str = r#"
use embed_migrations::{Migrations, embed_migrations, rusqlite::Connection};

#[allow(deprecated)] // the note that these were not rehearsed
static MIGRATIONS: Migrations = embed_migrations!();

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("which database?")?;
    let mut conn = Connection::open(path)?;
    MIGRATIONS.run(&mut conn)?;
    println!("{}", std::fs::read_to_string("/proc/self/status")?);
    Ok(())
}
"#;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a folder for databases");
    let library = format!("embed-migrations = {{ path = {:?}, features = [\"bundled\"] }}", root.join(".."));
    let ours = |bodies: &[Body]| build(root, &format!("size-{}", bodies.len()), OURS, &library, bodies, "");
    let rusqlite = "rusqlite = { version = \"*\", default-features = false, features = [\"bundled\", \"modern_sqlite\"] }";
    let floor = build(root, "size-floor", FLOOR, rusqlite, &[], "");
    let mut holds = true;
    let mut told = |what: &str, is: String, over: bool| {
        holds &= !over;
        println!("{} {what} {is}", if over { "OVER" } else { "ok  " });
    };

    let few = history(1);
    let many = history(1001);
    let size = |program: &Path| fs::metadata(program).expect("it was built").len();
    let [small, large] = [&few, &many].map(|bodies| size(&ours(bodies)));
    let added = small.saturating_sub(size(&floor)) / 1024;
    told("the library adds", format!("{added} KiB to plain rusqlite (bar {LIBRARY})"), added > LIBRARY);
    let for_size = size(&build(root, "size-small", OURS, &library, &few, SMALL));
    let smaller = for_size.saturating_sub(size(&floor)) / 1024;
    told("compiled for size, it adds", format!("{smaller} KiB (bar {FOR_SIZE})"), smaller > FOR_SIZE);
    let sql = |bodies: &[Body]| bodies.iter().map(|body| body.file().len() as u64).sum::<u64>();
    let migrations = (many.len() - few.len()) as u64;
    let added = large - small;
    let beyond = added.saturating_sub(sql(&many) - sql(&few)) / migrations;
    told(
        "a migration adds",
        format!("{} bytes, of which {beyond} are not its SQL (bar {MIGRATION})", added / migrations),
        beyond > MIGRATION,
    );

    for count in SETS {
        let mut bodies = history(count);
        let path = folder.path().join(format!("{count}.db"));
        apply(&path, &bodies);
        for body in bodies.iter_mut().skip(1) {
            body.not_rehearsed();
        }
        let [ours, floor] = [&ours(&bodies), &floor].map(|program| peak_kib(program, &path));
        told(
            &format!("a start with nothing pending of {count}"),
            format!("takes {:.0} KiB more than {floor:.0} (bar {MEMORY:.0})", ours - floor),
            ours - floor > MEMORY,
        );
    }
    std::process::exit(i32::from(!holds));
}

/// A database that has a history.
fn apply(path: &Path, bodies: &[Body]) {
    let conn = Connection::open(path).expect("it opens");
    let all: String = bodies.iter().map(|body| body.sql.as_str()).collect();
    conn.execute_batch(&format!("BEGIN;{all}COMMIT;")).expect("it runs");
}

/// The most memory that a start of a program holds, by Linux: the median of several.
fn peak_kib(program: &Path, database: &Path) -> f64 {
    let peak = || {
        let output = Command::new(program).arg(database).output().expect("it starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let told = String::from_utf8_lossy(&output.stdout);
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    };
    median(&mut (0..21).map(|_| peak()).collect::<Vec<f64>>())
}

/// A program, built for release; `profile` is added to its manifest.
fn build(
    root: &Path,
    name: &str,
    program: &str,
    dependency: &str,
    bodies: &[Body],
    profile: &str,
) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let package = target.join(name);
    let _ = fs::remove_dir_all(&package);
    fs::create_dir_all(package.join("src")).expect("a folder");
    fs::create_dir_all(package.join("migrations")).expect("a folder");
    let manifest = format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n[workspace]\n[profile.release]\nstrip = true\n\
         [dependencies]\n{dependency}\n{profile}"
    );
    fs::write(package.join("Cargo.toml"), manifest).expect("it is written");
    fs::write(package.join("src/main.rs"), program).expect("it is written");
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock")).expect("it is copied");
    for body in bodies {
        fs::write(package.join("migrations").join(&body.file_name), body.file()).expect("it is written");
    }
    let built = Command::new("cargo")
        .args(["build", "--release", "--quiet", "--target-dir"])
        .arg(&target)
        .current_dir(&package)
        .status()
        .expect("cargo runs");
    assert!(built.success(), "{name} does not build");
    target.join("release").join(name)
}
