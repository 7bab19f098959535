//! drizzle: `meta/_journal.json` lists the files in their order, and `--> statement-breakpoint` stands between statements,
//! which need no `;` then.

use std::path::Path;

use embed_migrations_core::__build::adopt::terminated;

use super::theirs::{Theirs, digits, entries, named, text};
use crate::failure::Failure;

const BREAKPOINT: &str = "--> statement-breakpoint";

pub(super) fn read(folder: &Path) -> Result<Theirs, Failure> {
    let journal = folder.join("meta/_journal.json");
    let parsed: serde_json::Value = serde_json::from_str(&text(&journal)?)
        .map_err(|error| Failure::file(&journal, format!("this is not a journal of drizzle: {error}")))?;
    let listed = parsed.get("entries").and_then(|entries| entries.as_array());
    let mut listed: Vec<_> = listed.map(Vec::as_slice).unwrap_or_default().iter().collect();
    listed.sort_by_key(|entry| entry.get("idx").and_then(serde_json::Value::as_u64));
    let mut theirs = Theirs::default();
    for entry in listed {
        let Some(tag) = entry.get("tag").and_then(|tag| tag.as_str()) else {
            return Err(Failure::file(&journal, "an entry has no tag"));
        };
        let name = format!("{tag}.sql");
        let (version, about) = digits(tag);
        theirs.files.push(named(
            &name,
            version,
            about.trim_start_matches('_'),
            joined(&text(&folder.join(&name))?),
        ));
    }
    for (name, _) in entries(folder)? {
        if name != "meta" && !theirs.files.iter().any(|their| their.origin == name) {
            theirs
                .set_aside
                .push((name, "drizzle does not run it either: the journal does not list it".to_owned()));
        }
    }
    Ok(theirs)
}

/// The statements of a text, each with its `;`.
fn joined(sql: &str) -> String {
    let parts = sql.split(BREAKPOINT).map(|part| part.trim_matches(['\n', '\r']));
    let parts = parts.filter(|part| !part.trim().is_empty());
    parts.map(|part| terminated(part.trim_end()) + "\n").collect()
}
