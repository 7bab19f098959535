//! refinery: `V1__name.sql` and `U1__name.sql` in the folder and those in it, in order of the number. What is written in
//! Rust makes its SQL when it runs.

use std::path::Path;

use super::theirs::{Theirs, digits, entries, named, text};
use crate::failure::Failure;

pub(super) fn read(folder: &Path) -> Result<Theirs, Failure> {
    let mut theirs = Theirs::default();
    collect(folder, "", &mut theirs)?;
    theirs.files.sort_by_key(|their| their.number);
    Ok(theirs)
}

fn collect(folder: &Path, before: &str, theirs: &mut Theirs) -> Result<(), Failure> {
    for (name, path) in entries(folder)? {
        let shown = format!("{before}{name}");
        if path.is_dir() {
            collect(&path, &format!("{shown}/"), theirs)?;
            continue;
        }
        let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
        let parts = stem.strip_prefix(['V', 'U']).and_then(|rest| {
            let (version, rest) = digits(rest);
            Some((version, rest.strip_prefix("__")?)).filter(|(version, _)| !version.is_empty())
        });
        match (parts, extension) {
            (Some((version, about)), "sql") => {
                let mut their = named(&shown, version, about, text(&path)?);
                if stem.starts_with('U') {
                    their.notes.push("it was allowed to come late (U); here the order of the numbers holds".to_owned());
                }
                theirs.files.push(their);
            }
            (Some(_), "rs") => theirs.set_aside.push((
                shown,
                "it is Rust, and makes its SQL when it runs; write that SQL into a file V…__name.sql in its place first"
                    .to_owned(),
            )),
            // A module that lists the others.
            (None, "rs") => {}
            _ => theirs.set_aside.push((shown, "refinery does not run it either: it is not V1__name.sql".to_owned())),
        }
    }
    Ok(())
}
