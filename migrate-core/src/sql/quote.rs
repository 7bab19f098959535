//! Names: as they are spliced into SQL, which happens in this one place, and as SQLite compares them.

/// The name in double quotes, which any identifier may stand in.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Names in SQLite are the same whatever their ASCII case.
pub(crate) fn key(name: &str) -> String {
    name.to_ascii_lowercase()
}
