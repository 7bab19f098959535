//! What a package embeds: the calls of `embed_migrations!` in its sources. Those of the program come first, and where it
//! has any, those of its examples, benchmarks and tests are left out: they embed folders of their own.

use std::fs;
use std::path::{Path, PathBuf};

use embed_migrations_core::__build::{Args, calls};

use crate::failure::Failure;
use crate::package::Package;

/// A call of the macro.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) args: Args,
}

impl Found {
    /// A folder that no call names.
    pub(crate) fn unasked(folder: &str) -> Result<Self, Failure> {
        let args =
            format!("{folder:?}").parse().map_err(|error| Failure::new(format!("--folder: {error}")))?;
        Ok(Self { args })
    }
}

/// Where a package keeps its sources; the last one is anywhere.
const FOLDERS: [&str; 5] = ["src", "examples", "benches", "tests", ""];

/// The calls of a package, each folder with the same options once. Those that do not compile are errors.
pub(crate) fn of(package: &Package) -> Vec<Result<Found, Failure>> {
    let found = FOLDERS.iter().map(|folder| in_folder(package, &package.root.join(folder)));
    let mut found = found.into_iter().find(|found| !found.is_empty()).unwrap_or_default();
    let mut seen: Vec<String> = Vec::new();
    found.retain(|found| {
        let Ok(Found { args }) = found else { return true };
        let key = format!("{} {:?} {}", args.folder, args.stand_ins, args.compatible);
        let is_new = !seen.contains(&key);
        seen.push(key);
        is_new
    });
    found
}

fn in_folder(package: &Package, folder: &Path) -> Vec<Result<Found, Failure>> {
    let mut sources = Vec::new();
    collect(folder, &mut sources);
    let mut found = Vec::new();
    for path in sources {
        // What cannot be read, the compiler cannot either, and says so.
        let Ok(source) = fs::read_to_string(&path) else { continue };
        found.extend(calls(&source).into_iter().map(|call| match call.args {
            Ok(args) => Ok(Found { args }),
            Err(error) => Err(Failure::new(format!("{}:{}: {error}", package.shown(&path), call.line))),
        }));
    }
    found
}

/// The sources in a folder, in order of their names, without those of other packages and what cargo has built.
fn collect(folder: &Path, sources: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let is_left_out = entry.file_name().to_string_lossy().starts_with('.')
            || path.join("Cargo.toml").exists()
            || path.join("CACHEDIR.TAG").exists();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && !is_left_out => collect(&path, sources),
            Ok(kind) if kind.is_file() && path.extension().is_some_and(|extension| extension == "rs") => {
                sources.push(path);
            }
            _ => {}
        }
    }
}
