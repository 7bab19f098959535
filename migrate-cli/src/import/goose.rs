//! goose: `VERSION_name.sql`, in order of the number, with `-- +goose Up` and `-- +goose Down`.

use std::path::Path;

use super::sections;
use super::theirs::{Theirs, digits, entries, named, text};
use crate::failure::Failure;

pub(super) fn read(folder: &Path) -> Result<Theirs, Failure> {
    let mut theirs = Theirs::default();
    for (name, path) in entries(folder)? {
        let (version, rest) = digits(&name);
        let about = rest.strip_prefix('_').filter(|_| !version.is_empty());
        match about.and_then(|about| about.strip_suffix(".sql")) {
            Some(about) => {
                let sections = sections::cut(&text(&path)?, "+goose");
                let notes = sections.notes();
                let mut their = named(&name, version, about, sections.up);
                their.lines = sections.lines;
                their.notes = notes;
                let says = |what: &str| sections.said.iter().any(|said| said.starts_with(what));
                their.in_transaction = !says("no transaction");
                if says("envsub on") {
                    their.notes.push(
                        "environment variables are not put in (ENVSUB); write the values out".to_owned(),
                    );
                }
                theirs.files.push(their);
            }
            None if name.ends_with(".go") => {
                let reason = "it is Go; write what it does as SQL first".to_owned();
                theirs.set_aside.push((name, reason));
            }
            None => theirs
                .set_aside
                .push((name, "goose does not run it either: it is not VERSION_name.sql".to_owned())),
        }
    }
    theirs.files.sort_by_key(|their| their.number);
    Ok(theirs)
}
