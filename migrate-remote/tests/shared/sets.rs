//! Sets of migrations that a test writes itself.

use embed_migrations::Migrations;
use include_dir::{Dir, DirEntry, File};

/// A set of files, checked by the rules that need no SQLite.
pub(crate) fn set(files: &[(String, String)]) -> Migrations {
    let leak = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| DirEntry::File(File::new(leak(name), leak(text).as_bytes())))
        .collect();
    let folder: &'static Dir<'static> = Box::leak(Box::new(Dir::new("migrations", files.leak())));
    Migrations::from_dir(folder).unwrap_or_else(|error| panic!("{error:?}"))
}

/// The first file, and then one for each body, in which foreign keys are off where it begins with `OFF `.
pub(crate) fn history(bodies: &[&str]) -> Migrations {
    history_in("schema_migrations", bodies)
}

/// The same, recorded in another table.
pub(crate) fn history_in(table: &str, bodies: &[&str]) -> Migrations {
    let quoted = format!("\"{}\"", table.replace('"', "\"\""));
    let create = format!(
        "CREATE TABLE {quoted} (version TEXT PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL DEFAULT (datetime('now')));"
    );
    let mut files = Vec::new();
    for (number, body) in std::iter::once(create.as_str()).chain(bodies.iter().copied()).enumerate() {
        let record = format!("INSERT INTO {quoted} (version, name) VALUES ('{number:03}', 'file');");
        let text = match body.strip_prefix("OFF ") {
            Some(body) => {
                format!(
                    "PRAGMA foreign_keys = OFF;\nBEGIN;\n{body}\n{record}\nCOMMIT;\nPRAGMA foreign_keys = ON;\n"
                )
            }
            None => format!("BEGIN;\n{body}\n{record}\nCOMMIT;\n"),
        };
        files.push((format!("{number:03}_file.sql"), text));
    }
    set(&files)
}

/// A counter that each of `files` increments, so that a file which ran twice, or not at all, shows.
pub(crate) fn counting(files: usize) -> Migrations {
    let mut bodies =
        vec!["CREATE TABLE counter (n INTEGER NOT NULL);\nINSERT INTO counter VALUES (2);".to_owned()];
    for number in 2..files {
        bodies.push(format!(
            "CREATE TABLE t{number} (id INTEGER PRIMARY KEY) STRICT;\nUPDATE counter SET n = n + 1;"
        ));
    }
    let bodies: Vec<_> = bodies.iter().map(String::as_str).collect();
    history(&bodies)
}

/// The same, with all names behind a tag, so that one server does for many rounds.
#[allow(dead_code, reason = "only the tests with real servers have rounds")]
pub(crate) fn counting_in(tag: &str, files: usize) -> Migrations {
    let mut bodies = vec![format!(
        "CREATE TABLE {tag}counter (n INTEGER NOT NULL);\nINSERT INTO {tag}counter VALUES (2);"
    )];
    for _ in 2..files {
        bodies.push(format!("UPDATE {tag}counter SET n = n + 1;"));
    }
    let bodies: Vec<_> = bodies.iter().map(String::as_str).collect();
    history_in(&format!("{tag}history"), &bodies)
}
