//! Where in a statement an error of SQLite is: at the offset that it gives, else at the first token equal
//! to the name in its message, else at the first token. Pure.

use std::ops::Range;

use rusqlite::ffi;

use crate::sql::named::named;
use crate::sql::token;

/// The bytes of `statement` that an error is about.
pub(crate) fn locate(statement: &str, error: &rusqlite::Error) -> Range<usize> {
    let offset = match error {
        rusqlite::Error::SqlInputError { offset, .. } => usize::try_from(*offset).ok(),
        _ => None,
    };
    let at = offset.and_then(|offset| token::significant(statement).find(|token| token.end() > offset));
    let token =
        at.or_else(|| named(statement, &message(error))).or_else(|| token::significant(statement).next());
    token.map_or(0..0, |token| token.start..token.end())
}

/// SQLite's codes for an error. Those of a statement that does not compile are in another place than the others.
pub(crate) fn failure(error: &rusqlite::Error) -> Option<&ffi::Error> {
    match error {
        rusqlite::Error::SqliteFailure(failure, _)
        | rusqlite::Error::SqlInputError { error: failure, .. } => Some(failure),
        _ => None,
    }
}

/// Whether SQLite gave no closer code than "generic error", as where it does not understand a statement.
pub(crate) fn is_generic(error: &rusqlite::Error) -> bool {
    failure(error).is_some_and(|failure| failure.extended_code == ffi::SQLITE_ERROR)
}

/// What SQLite says, without what rusqlite adds to it.
pub(crate) fn message(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_placed_at_the_name_in_it() {
        for (statement, message, found) in [
            ("ALTER TABLE usres ADD COLUMN bio", "no such table: usres", "usres"),
            ("/* x */ DROP TABLE main.[Us]", "no such table: main.us", "[Us]"),
            ("ALTER TABLE a ADD COLUMN bio", "duplicate column name: bio", "bio"),
            ("INSERT INTO users(email) VALUES (1)", "UNIQUE constraint failed: users.email", "email"),
            ("INSERT INTO users VALUES (1)", "UNIQUE constraint failed: users.email", "users"),
            ("INSERT INTO a(b) VALUES (1)", "table a has no column named b", "b"),
            ("CREATE TABLE a(b)", "table a already exists", "a"),
            ("DROP TABLE p", "foreign key mismatch - \"c\" referencing \"p\"", "p"),
            ("ALTER TABLE x RENAME TO y", "error in view x: no such table: main.z", "x"),
            (" -- a\n SELECT 1", "out of memory", "SELECT"),
        ] {
            let error =
                rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(1), Some(message.to_owned()));
            assert_eq!(&statement[locate(statement, &error)], found, "{message}");
        }
    }

    #[test]
    fn an_offset_is_taken_as_it_is() {
        let error = |offset| rusqlite::Error::SqlInputError {
            error: rusqlite::ffi::Error::new(1),
            msg: "no such column: a".to_owned(),
            sql: String::new(),
            offset,
        };
        assert_eq!(locate("SELECT a, a", &error(10)), 10..11);
        assert_eq!(locate("SELECT a,a", &error(9)), 9..10); // not the comma that ends there
        assert_eq!(locate("SELECT a, a", &error(99)), 7..8); // beyond the end: by name
        assert_eq!(locate("", &error(0)), 0..0);
    }
}
