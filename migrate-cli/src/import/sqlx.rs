//! sqlx: `VERSION_description.sql`, or `.up.sql` beside `.down.sql`, in order of the number. A first line of
//! `-- no-transaction` means that the file is run as it is.

use std::path::Path;

use super::theirs::{Theirs, digits, entries, named, text};
use crate::failure::Failure;

pub(super) fn read(folder: &Path) -> Result<Theirs, Failure> {
    let mut theirs = Theirs::default();
    for (name, path) in entries(folder)? {
        let (version, rest) = digits(&name);
        let about = rest.strip_prefix('_').and_then(|rest| rest.strip_suffix(".sql"));
        match about {
            Some(about) if about.ends_with(".down") => {
                theirs.set_aside.push((name, "there is no way back; write the next file instead".to_owned()));
            }
            Some(about) if !version.is_empty() => {
                let sql = text(&path)?;
                let mut their = named(&name, version, about.trim_end_matches(".up"), sql);
                their.in_transaction = !their.sql.starts_with("-- no-transaction");
                if let Some(rest) = their.sql.strip_prefix("-- no-transaction") {
                    // The comment says nothing any more.
                    let rest = rest.trim_start_matches(['\r', '\n']).to_owned();
                    let gone = their.sql.len() - rest.len();
                    let first = their.sql.get(..gone).unwrap_or_default().matches('\n').count() + 1;
                    their.lines = (first..).take(rest.lines().count()).collect();
                    their.sql = rest;
                }
                theirs.files.push(their);
            }
            _ => theirs
                .set_aside
                .push((name, "sqlx does not run it either: it is not VERSION_name.sql".to_owned())),
        }
    }
    theirs.files.sort_by_key(|their| their.number);
    Ok(theirs)
}
