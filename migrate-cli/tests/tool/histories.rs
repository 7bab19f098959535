//! Real histories of other projects, where they are: they are not part of this repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::Connection;

use crate::package::Package;
use crate::rebuilding::rebuild_all;
use crate::schema::everything;

/// The name and the folder of every history. Where its own files no longer compile, those that were fixed.
fn all() -> Vec<(String, PathBuf)> {
    let histories = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/histories");
    assert!(histories.is_dir(), "there is no folder ../shared/histories beside this repository");
    let mut all = Vec::new();
    for entry in fs::read_dir(histories).unwrap() {
        let history = entry.unwrap().path();
        let folders = ["migrations", "mended"].map(|folder| history.join(folder));
        for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
            let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
            all.push((format!("{}/{}", name(&history), name(&folder)), folder));
        }
    }
    all.sort();
    assert!(all.len() >= 10, "{all:?}");
    all
}

/// Makes a history the package's, with a lock: what its files do to rows can no longer be changed.
fn locked(package: &Package, folder: &Path) {
    let mut lock = String::new();
    fs::create_dir_all(package.path("migrations")).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        fs::copy(&path, package.path("migrations").join(name)).unwrap();
        lock.push_str(&format!("{}  {name}\n", "0".repeat(64)));
    }
    // Hashes that are wrong are taken on purpose.
    package.write("migrations/migrations.lock", &lock);
    let names = package.names("migrations");
    let mut arguments = vec!["lock"];
    for name in names.iter().filter(|name| name.ends_with(".sql")) {
        arguments.extend(["--rewrite", name]);
    }
    package.succeeds(&arguments);
}

#[test]
#[ignore = "needs the histories in ../shared/histories"]
fn what_is_printed_makes_the_same_schema_of_every_history() {
    for (name, folder) in all() {
        let package = Package::empty();
        locked(&package, &folder);
        package.succeeds(&["up", "-d", "app.db"]);
        let printed = package.succeeds(&["schema"]);
        let again = Connection::open_in_memory().unwrap();
        again.execute_batch(&printed).unwrap_or_else(|error| panic!("{name}: {error}"));
        let database = Connection::open(package.path("app.db")).unwrap();
        let expected = everything(&database);
        assert!(expected.len() > 1, "{name}");
        assert_eq!(everything(&again), expected, "{name}");
        package.succeeds(&["schema", "--diff", "app.db"]);
    }
}

#[test]
#[ignore = "needs the histories in ../shared/histories, and what migrate-cli/tests/mermaid/install gets"]
fn mermaid_itself_reads_the_diagram_of_every_history() {
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mermaid = std::env::var_os("EMBED_MIGRATIONS_MERMAID")
        .map_or_else(|| tmp.with_file_name("mermaid"), PathBuf::from);
    assert!(
        mermaid.join("node_modules").is_dir(),
        "migrate-cli/tests/mermaid/install makes {}",
        mermaid.display()
    );
    let diagrams = tempfile::tempdir().unwrap();
    let mut parse = Command::new("node");
    parse.arg("parse.mjs").current_dir(&mermaid);
    let histories = all();
    for (name, folder) in &histories {
        let package = Package::empty();
        locked(&package, folder);
        let path = diagrams.path().join(name.replace('/', "-") + ".mmd");
        fs::write(&path, package.succeeds(&["schema", "--format", "mermaid"])).unwrap();
        parse.arg(path);
    }
    let output = parse.output().unwrap();
    let read = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{read}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(read.lines().count(), histories.len());
}

#[test]
#[ignore = "needs the histories in ../shared/histories"]
fn every_table_of_every_history_can_be_rebuilt_unedited() {
    let (mut rebuilt, mut filled) = (0, 0);
    for (name, folder) in all() {
        let package = Package::empty();
        locked(&package, &folder);
        let (tables, rows) = rebuild_all(&name, &package);
        println!("{name}: {tables} tables, {rows} with rows");
        rebuilt += tables;
        filled += rows;
    }
    assert!(rebuilt > 100 && filled * 10 > rebuilt * 9, "{rebuilt} tables, {filled} with rows");
}
