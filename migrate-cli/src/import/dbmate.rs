//! dbmate: `VERSION_name.sql`, in order of the name, with `-- migrate:up` and `-- migrate:down`.

use std::path::Path;

use super::sections;
use super::theirs::{Theirs, digits, entries, named, text};
use crate::failure::Failure;

pub(super) fn read(folder: &Path) -> Result<Theirs, Failure> {
    let mut theirs = Theirs::default();
    for (name, path) in entries(folder)? {
        let (version, rest) = digits(&name);
        let Some(about) = rest.strip_suffix(".sql").filter(|_| !version.is_empty()) else {
            theirs
                .set_aside
                .push((name, "dbmate does not run it either: it is not VERSION_name.sql".to_owned()));
            continue;
        };
        let sections = sections::cut(&text(&path)?, "migrate:");
        let notes = sections.notes();
        let mut their = named(&name, version, about.trim_start_matches('_'), sections.up);
        their.lines = sections.lines;
        their.notes = notes;
        their.in_transaction = !sections.said.iter().any(|said| said.contains("transaction:false"));
        theirs.files.push(their);
    }
    Ok(theirs)
}
