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
    names.extend(message.split('"').skip(1).step_by(2));
    // "table users has no column named bio", "table users already exists"
    let words = || message.split_ascii_whitespace();
    for before in ["named", "table", "index", "view", "trigger"] {
        let follows = words().zip(words().skip(1)).filter(|(word, _)| *word == before);
        names.extend(follows.map(|(_, name)| name.trim_end_matches(':')));
    }
    names
}
