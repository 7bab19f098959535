//! Which table a statement creates or inserts into, read from its first tokens. Pure.
//!
//! Enough to find the tracking table (the one that the first file creates and records itself in) and the
//! statement of a file that writes its record. What a statement really touches, the rehearsal asks SQLite.

use std::iter::Peekable;

use crate::token::{self, Token};

/// The table that `CREATE TABLE` creates in the main database.
pub(crate) fn created_table(statement: &str) -> Option<String> {
    let mut tokens = token::significant(statement).peekable();
    word(&mut tokens, "create")?;
    word(&mut tokens, "table")?;
    if word(&mut tokens, "if").is_some() {
        word(&mut tokens, "not")?;
        word(&mut tokens, "exists")?;
    }
    main_table(&mut tokens)
}

/// Where an INSERT writes, and whether it says what to do when the row is there already.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Insert {
    pub(crate) table: String,
    /// `OR IGNORE`, `REPLACE`, `ON CONFLICT`: with these, an INSERT that adds nothing is no error.
    pub(crate) conflict_clause: bool,
}

/// The table that an INSERT or REPLACE of the main database writes to.
pub(crate) fn insert(statement: &str) -> Option<Insert> {
    let mut tokens = token::significant(statement).peekable();
    let mut conflict_clause = word(&mut tokens, "replace").is_some();
    if !conflict_clause {
        word(&mut tokens, "insert")?;
        if word(&mut tokens, "or").is_some() {
            conflict_clause = tokens.next().is_some_and(|token| {
                // ABORT, FAIL and ROLLBACK still fail.
                token.is_word("ignore") || token.is_word("replace")
            });
        }
    }
    word(&mut tokens, "into")?;
    let table = main_table(&mut tokens)?;
    let mut on = false;
    conflict_clause |= tokens.any(|token| {
        let clause = on && token.is_word("conflict");
        on = token.is_word("on");
        clause
    });
    Some(Insert { table, conflict_clause })
}

fn word<'a>(tokens: &mut Peekable<impl Iterator<Item = Token<'a>>>, word: &str) -> Option<Token<'a>> {
    tokens.next_if(|token| token.is_word(word))
}

/// `name` or `main.name`.
fn main_table<'a>(tokens: &mut Peekable<impl Iterator<Item = Token<'a>>>) -> Option<String> {
    let name = tokens.next()?.unquoted()?;
    if tokens.next_if(|token| token.text == ".").is_none() {
        return Some(name);
    }
    name.eq_ignore_ascii_case("main").then(|| tokens.next()?.unquoted())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_that_is_created() {
        for (statement, table) in [
            ("CREATE TABLE schema_migrations (version TEXT)", Some("schema_migrations")),
            ("create /* a */ table if not exists main.\"my \"\"table\"(a)", Some("my \"table")),
            ("CREATE TABLE [a] AS SELECT 1", Some("a")),
            ("CREATE TEMP TABLE a(b)", None),
            ("CREATE TABLE temp.a(b)", None),
            ("CREATE VIEW a AS SELECT 1", None),
        ] {
            assert_eq!(created_table(statement).as_deref(), table, "{statement}");
        }
    }

    #[test]
    fn the_table_that_is_inserted_into() {
        for (statement, table, conflict_clause) in [
            ("INSERT INTO a VALUES (1)", "a", false),
            ("insert or abort into main.a VALUES (1)", "a", false),
            ("INSERT OR IGNORE INTO a VALUES (1)", "a", true),
            ("INSERT OR REPLACE INTO a VALUES (1)", "a", true),
            ("REPLACE INTO a VALUES (1)", "a", true),
            ("INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING", "a", true),
            ("INSERT INTO a VALUES ('on conflict')", "a", false),
        ] {
            assert_eq!(
                insert(statement),
                Some(Insert { table: table.to_owned(), conflict_clause }),
                "{statement}"
            );
        }
        assert_eq!(insert("UPDATE a SET b = 1"), None);
        assert_eq!(insert("INSERT INTO temp.a VALUES (1)"), None);
    }
}
