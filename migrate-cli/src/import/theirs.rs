//! What every source gives: files in the order in which its tool runs them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A migration of another tool's.
#[derive(Clone, Debug)]
pub(crate) struct Their {
    /// Where it comes from, relative to what was named.
    pub(crate) origin: String,
    /// Its version, where that is a number.
    pub(crate) number: Option<u64>,
    /// How many digits that was written with.
    pub(crate) digits: usize,
    /// What it is called, without its version.
    pub(crate) about: String,
    /// What their tool runs.
    pub(crate) sql: String,
    /// The line of the file that each line of that was; empty where they are the same.
    pub(crate) lines: Vec<usize>,
    /// Their tool runs it in a transaction of its own.
    pub(crate) in_transaction: bool,
    /// What it says that SQL does not, and that is not carried over.
    pub(crate) notes: Vec<String>,
}

impl Their {
    /// Where a line of what is run stands in the file.
    pub(crate) fn line(&self, line: usize) -> usize {
        self.lines.get(line - 1).copied().unwrap_or(line)
    }
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Theirs {
    pub(crate) files: Vec<Their>,
    /// What is not carried over, and why.
    pub(crate) set_aside: Vec<(String, String)>,
}

/// A migration with the version that its name begins with.
pub(crate) fn named(origin: &str, version: &str, about: &str, sql: String) -> Their {
    Their {
        origin: origin.to_owned(),
        number: version.parse().ok(),
        digits: version.len(),
        about: about.to_owned(),
        sql,
        lines: Vec::new(),
        in_transaction: true,
        notes: Vec::new(),
    }
}

/// The entries of a folder in order of their names, dot-files apart.
pub(crate) fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>, Failure> {
    let failed = |error| Failure::file(folder, error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            entries.push((name, path));
        }
    }
    entries.sort();
    Ok(entries)
}

/// The text of a file, which has to be UTF-8.
pub(crate) fn text(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::file(path, error))
}

/// The digits that a name begins with, and the rest.
pub(crate) fn digits(name: &str) -> (&str, &str) {
    let count = name.bytes().take_while(u8::is_ascii_digit).count();
    name.split_at(count)
}
