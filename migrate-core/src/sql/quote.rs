//! Names: as they are spliced into SQL, which happens in this one place, and as SQLite compares them.

/// The name in double quotes, which any identifier may stand in.
pub(crate) fn quoted(name: &str) -> String {
    ["\"", &name.replace('"', "\"\""), "\""].concat()
}

/// Names in SQLite are the same whatever their ASCII case.
pub(crate) fn key(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// The name as a person would write it: in quotes only where it needs them.
#[cfg(feature = "build")]
pub(crate) fn written(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_plain =
        name.bytes().all(plain) && name.bytes().next().is_some_and(|first| !first.is_ascii_digit());
    if is_plain && KEYWORDS.binary_search(&name.to_ascii_uppercase().as_str()).is_err() {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// The words that SQLite may take for its own (<https://sqlite.org/lang_keywords.html>), sorted.
#[cfg(feature = "build")]
#[rustfmt::skip] // a line for each of them would hide the two functions
const KEYWORDS: [&str; 148] = [
    "ABORT", "ACTION", "ADD", "AFTER", "ALL", "ALTER", "ALWAYS", "ANALYZE", "AND", "AS", "ASC", "ATTACH",
    "AUTOINCREMENT", "BEFORE", "BEGIN", "BETWEEN", "BY", "CASCADE", "CASE", "CAST", "CHECK", "COLLATE",
    "COLUMN", "COMMIT", "CONFLICT", "CONSTRAINT", "CREATE", "CROSS", "CURRENT", "CURRENT_DATE",
    "CURRENT_TIME", "CURRENT_TIMESTAMP", "DATABASE", "DEFAULT", "DEFERRABLE", "DEFERRED", "DELETE", "DESC",
    "DETACH", "DISTINCT", "DO", "DROP", "EACH", "ELSE", "END", "ESCAPE", "EXCEPT", "EXCLUDE", "EXCLUSIVE",
    "EXISTS", "EXPLAIN", "FAIL", "FILTER", "FIRST", "FOLLOWING", "FOR", "FOREIGN", "FROM", "FULL",
    "GENERATED", "GLOB", "GROUP", "GROUPS", "HAVING", "IF", "IGNORE", "IMMEDIATE", "IN", "INDEX", "INDEXED",
    "INITIALLY", "INNER", "INSERT", "INSTEAD", "INTERSECT", "INTO", "IS", "ISNULL", "JOIN", "KEY", "LAST",
    "LEFT", "LIKE", "LIMIT", "MATCH", "MATERIALIZED", "NATURAL", "NO", "NOT", "NOTHING", "NOTNULL", "NULL",
    "NULLS", "OF", "OFFSET", "ON", "OR", "ORDER", "OTHERS", "OUTER", "OVER", "PARTITION", "PLAN", "PRAGMA",
    "PRECEDING", "PRIMARY", "QUERY", "RAISE", "RANGE", "RECURSIVE", "REFERENCES", "REGEXP", "REINDEX",
    "RELEASE", "RENAME", "REPLACE", "RESTRICT", "RETURNING", "RIGHT", "ROLLBACK", "ROW", "ROWS", "SAVEPOINT",
    "SELECT", "SET", "TABLE", "TEMP", "TEMPORARY", "THEN", "TIES", "TO", "TRANSACTION", "TRIGGER",
    "UNBOUNDED", "UNION", "UNIQUE", "UPDATE", "USING", "VACUUM", "VALUES", "VIEW", "VIRTUAL", "WHEN", "WHERE",
    "WINDOW", "WITH", "WITHIN", "WITHOUT",
];

#[cfg(all(test, feature = "build"))]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_bare_where_it_can_be() {
        assert!(KEYWORDS.is_sorted());
        for (name, as_written) in [
            ("users", "users"),
            ("Users_2", "Users_2"),
            ("order", "\"order\""),
            ("2nd", "\"2nd\""),
            ("a b", "\"a b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("größe", "\"größe\""),
            ("", "\"\""),
        ] {
            assert_eq!(written(name), as_written);
        }
    }
}
