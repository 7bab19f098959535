//! Real histories of other projects, where they are: they are not part of this repository.

use std::fs;
use std::path::{Path, PathBuf};

use crate::package::Package;

/// The name and the folder of every history. Where its own files no longer compile, those that were fixed.
pub(crate) fn all() -> Vec<(String, PathBuf)> {
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
pub(crate) fn locked(package: &Package, folder: &Path) {
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
