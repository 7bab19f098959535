//! A name as it is spliced into SQL. The one place where that happens.

/// The name in double quotes, which any identifier may stand in.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
