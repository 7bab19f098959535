//! SQL files that are run in the order of their names: by the number that they begin with where all do, else as they are
//! spelled.

use std::path::Path;

use super::theirs::{Theirs, digits, entries, named, text};
use crate::failure::Failure;

pub(super) fn read(folder: &Path) -> Result<Theirs, Failure> {
    let mut theirs = Theirs::default();
    for (name, path) in entries(folder)? {
        let Some(stem) = name.strip_suffix(".sql").filter(|_| path.is_file()) else {
            theirs.set_aside.push((name, "it is not an SQL file".to_owned()));
            continue;
        };
        let (version, about) = digits(stem);
        // Some runners wrap a file and some do not; what a file says itself holds.
        let mut their = named(&name, version, about, text(&path)?);
        their.in_transaction = false;
        theirs.files.push(their);
    }
    if theirs.files.iter().all(|their| their.number.is_some()) {
        theirs.files.sort_by_key(|their| their.number);
    }
    Ok(theirs)
}
