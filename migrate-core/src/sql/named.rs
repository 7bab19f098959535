//! The name in a message of SQLite's, looked for in the statement that the message is about. Decides only where a
//! message points; what has happened is never told by a text.

use super::token::{self, Token};

/// The first token equal to the name that a message of SQLite's quotes.
pub(crate) fn named<'a>(statement: &'a str, message: &str) -> Option<Token<'a>> {
    candidates(message).into_iter().find_map(|name| {
        token::significant(statement)
            .find(|token| token.unquoted().is_some_and(|token| token.eq_ignore_ascii_case(name)))
    })
}

/// The names in a message, the likeliest first.
fn candidates(message: &str) -> Vec<&str> {
    let mut names = Vec::new();
    // "no such table: main.users", "duplicate column name: bio", "UNIQUE constraint failed: users.email"
    if let Some((_, name)) = message.rsplit_once(": ") {
        names.push(name);
        names.extend(name.rsplit('.'));
    }
    // "foreign key mismatch - \"child\" referencing \"parent\""
    let mut quoted = message.split('"');
    while let (Some(_), Some(name)) = (quoted.next(), quoted.next()) {
        names.push(name);
    }
    // "table users has no column named bio", "table users already exists"
    let words: Vec<_> = message.split_ascii_whitespace().collect();
    for before in ["named", "table", "index", "view", "trigger"] {
        for pair in words.windows(2) {
            if let [word, name] = pair
                && *word == before
            {
                names.push(name.trim_end_matches(':'));
            }
        }
    }
    names
}
