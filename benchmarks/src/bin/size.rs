//! What a migration adds to a release binary beyond its SQL. `cargo run --bin size`
//!
//! Builds two programs that differ in their migrations only. Exits with 1 where a migration adds over 100 bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use embed_migrations_benchmarks::{Body, history};

/// Bytes per migration, its SQL apart.
const BAR: u64 = 100;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let few = history(1);
    let many = history(1001);
    let [small, large] =
        [&few, &many].map(|bodies| fs::metadata(build(root, bodies)).expect("it was built").len());
    let sql = |bodies: &[Body]| bodies.iter().map(|body| body.file().len() as u64).sum::<u64>();
    let added = large - small;
    let migrations = (many.len() - few.len()) as u64;
    let beyond = added.saturating_sub(sql(&many) - sql(&few)) / migrations;
    let holds = beyond <= BAR;
    println!(
        "{} a migration adds {} bytes, of which {beyond} are not its SQL (bar {BAR})",
        if holds { "ok  " } else { "OVER" },
        added / migrations
    );
    std::process::exit(i32::from(!holds));
}

/// A program that runs its migrations, built for release.
fn build(root: &Path, bodies: &[Body]) -> PathBuf {
    let name = format!("size-{}", bodies.len());
    let package = root.join("target").join(&name);
    let _ = fs::remove_dir_all(&package);
    fs::create_dir_all(package.join("src")).expect("a folder");
    fs::create_dir_all(package.join("migrations")).expect("a folder");
    let manifest = format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n[workspace]\n[profile.release]\nstrip = true\n\
         [dependencies]\nembed-migrations = {{ path = {:?}, features = [\"bundled\"] }}\n",
        root.join("..")
    );
    let program = "fn main() {\n    static M: embed_migrations::Migrations = embed_migrations::embed_migrations!();\n    \
                   let mut conn = embed_migrations::rusqlite::Connection::open(\"app.db\").expect(\"it opens\");\n    \
                   println!(\"{:?}\", M.run(&mut conn));\n}\n";
    fs::write(package.join("Cargo.toml"), manifest).expect("it is written");
    fs::write(package.join("src/main.rs"), program).expect("it is written");
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock")).expect("it is copied");
    for body in bodies {
        fs::write(package.join("migrations").join(&body.file_name), body.file()).expect("it is written");
    }
    let built = Command::new("cargo")
        .args(["build", "--release", "--quiet", "--target-dir"])
        .arg(root.join("target"))
        .current_dir(&package)
        .status()
        .expect("cargo runs");
    assert!(built.success(), "{name} does not build");
    root.join("target/release").join(name)
}
