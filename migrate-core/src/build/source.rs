//! A folder on disk -> its entries. Reads, and judges only what has to be asked of the file system.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::check::entry::TESTS;
use crate::check::{Content, Entry};
use crate::model::problem::Problem;
use crate::model::rule::Rule;

/// What a folder of migrations holds.
pub(crate) struct Source {
    pub(crate) entries: Vec<Entry<'static>>,
    /// The entries of its folder of tests.
    pub(crate) tests: Vec<Entry<'static>>,
}

/// Every entry of `root/folder`, or why it cannot be listed. `root` is the package: a symlink may point to
/// anything in it or in the folder, since only that is sure to be there wherever the package is built.
pub(crate) fn read(root: &Path, folder: &str) -> Result<Source, Problem> {
    let path = root.join(folder);
    let problem = |message: String| Problem::of_file(folder, Rule::NoMigrations, message);
    let unreadable = |error: io::Error| {
        match error.kind() {
        io::ErrorKind::NotFound => problem(
            "this folder does not exist beside Cargo.toml; create it, with 000_create_schema_migrations.sql as \
             its first file"
                .to_owned(),
        ),
        io::ErrorKind::NotADirectory => {
            problem("this is a file, not a folder; name the folder that the files are in".to_owned())
        }
        _ => problem(format!("the folder cannot be read: {error}")),
    }
    };
    let homes = [path.canonicalize().map_err(unreadable)?, root.canonicalize().map_err(unreadable)?];
    let mut entries = list(&path, &homes).map_err(unreadable)?;
    let tests = match entries.iter().position(|entry| entry.name == TESTS) {
        Some(at) if path.join(TESTS).is_dir() => {
            entries.swap_remove(at);
            list(&path.join(TESTS), &homes).map_err(unreadable)?
        }
        _ => Vec::new(),
    };
    Ok(Source { entries, tests })
}

/// The entries of a folder. A symlink must stay in one of its homes.
fn list(path: &Path, homes: &[PathBuf]) -> io::Result<Vec<Entry<'static>>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        let stays = |target: &Path| homes.iter().any(|home| target.starts_with(home));
        let content = match entry.file_type() {
            Ok(kind) if kind.is_file() => text(&path),
            Ok(kind) if kind.is_symlink() => match path.canonicalize() {
                Err(error) => Content::Other(format!("a symlink that points nowhere ({error})")),
                Ok(target) if !stays(&target) => {
                    Content::Other("a symlink that leaves the package".to_owned())
                }
                Ok(target) if target.is_file() => text(&target),
                Ok(_) => Content::Other("a symlink to something that is not a file".to_owned()),
            },
            Ok(kind) if kind.is_dir() => Content::Other("a folder".to_owned()),
            Ok(_) => Content::Other("not a regular file".to_owned()),
            Err(error) => Content::Unreadable(format!("it cannot be read: {error}")),
        };
        entries.push(Entry { name, content });
    }
    Ok(entries)
}

fn text(path: &Path) -> Content<'static> {
    match fs::read(path) {
        Err(error) => Content::Unreadable(format!("it cannot be read: {error}")),
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Content::Text(Cow::Owned(text)),
            Err(error) => Content::not_utf8(error.as_bytes(), error.utf8_error().valid_up_to()),
        },
    }
}
