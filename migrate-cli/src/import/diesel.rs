//! diesel: a folder for each migration, with up.sql, down.sql and perhaps metadata.toml, in order of their names. The
//! version is what stands before the first `_`, without dashes.

use std::path::Path;

use super::theirs::{Theirs, entries, named, text};
use crate::failure::Failure;

pub(super) fn read(folder: &Path) -> Result<Theirs, Failure> {
    let mut theirs = Theirs::default();
    for (name, path) in entries(folder)? {
        let up = path.join("up.sql");
        if !up.is_file() {
            theirs
                .set_aside
                .push((name, "it is no folder of a migration: there is no up.sql in it".to_owned()));
            continue;
        }
        let (version, about) = name.split_once('_').unwrap_or((&name, ""));
        let mut their = named(&format!("{name}/up.sql"), &version.replace('-', ""), about, text(&up)?);
        let metadata = path.join("metadata.toml");
        if metadata.exists() {
            // diesel takes a file without the key for `false`.
            let table: toml::Table = text(&metadata)?.parse().unwrap_or_default();
            let says = table.get("run_in_transaction").and_then(toml::Value::as_bool);
            their.in_transaction = says.unwrap_or(false);
            if !their.in_transaction {
                their.notes.push(
                    "metadata.toml has it run without a transaction; here every file is one".to_owned(),
                );
            }
        }
        if path.join("down.sql").exists() {
            let reason = "there is no way back; write the next file instead".to_owned();
            theirs.set_aside.push((format!("{name}/down.sql"), reason));
        }
        theirs.files.push(their);
    }
    theirs.files.sort_by(|a, b| (a.number, &a.origin).cmp(&(b.number, &b.origin)));
    Ok(theirs)
}
