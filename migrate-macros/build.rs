//! Tells the macro which rules it is built with, so that what an earlier one has left behind is not taken for its own.
//!
//! A release is known by its version. In a checkout the sources change without it, and are what counts.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut hasher = DefaultHasher::new();
    for folder in ["src", "../migrate-core/src", "../migrate-core/rules"] {
        if Path::new(folder).is_dir() {
            println!("cargo::rerun-if-changed={folder}");
            let mut files = BTreeMap::new();
            read(Path::new(folder), &mut files);
            files.hash(&mut hasher);
        }
    }
    println!(
        "cargo::rustc-env=EMBED_MIGRATIONS_SOURCES={}-{:016x}",
        env!("CARGO_PKG_VERSION"),
        hasher.finish()
    );
}

fn read(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            read(&path, files);
        } else {
            files.insert(path.clone(), fs::read(&path).unwrap_or_default());
        }
    }
}
