//! Which table a statement creates or inserts into, read from its first tokens. Pure.
//!
//! Enough to find the tracking table (the one that the first file creates and records itself in) and the
//! statement of a file that writes its record. What a statement really touches, the rehearsal asks SQLite.

use std::iter::Peekable;

use crate::sql::token::{self, Token};

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

/// The table that an INSERT or REPLACE of the main database writes to, common table expressions before it apart.
pub(crate) fn insert(statement: &str) -> Option<Insert> {
    let mut tokens = token::significant(statement).peekable();
    let mut insert = into(&mut tokens)?;
    insert.conflict_clause |= follows(tokens, "on", |token| token.is_word("conflict"));
    Some(insert)
}

/// The table that a statement inserts into, without a look at the rest of it.
#[cfg(feature = "build")]
pub(crate) fn inserted_table(statement: &str) -> Option<String> {
    into(&mut token::significant(statement).peekable()).map(|insert| insert.table)
}

fn into<'a>(tokens: &mut Peekable<impl Iterator<Item = Token<'a>>>) -> Option<Insert> {
    if word(tokens, "with").is_some() {
        let mut depth = 0_usize;
        while let Some(token) = tokens.peek() {
            match token.text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ if depth == 0 && (token.is_word("insert") || token.is_word("replace")) => break,
                _ => {}
            }
            tokens.next();
        }
    }
    let mut conflict_clause = word(tokens, "replace").is_some();
    if !conflict_clause {
        word(tokens, "insert")?;
        if word(tokens, "or").is_some() {
            // ABORT, FAIL and ROLLBACK still fail.
            conflict_clause =
                tokens.next().is_some_and(|token| token.is_word("ignore") || token.is_word("replace"));
        }
    }
    word(tokens, "into")?;
    let table = main_table(tokens)?;
    Some(Insert { table, conflict_clause })
}

/// Whether a key of the table that is created swallows a record that is there already.
pub(crate) fn key_forgives(create: &str) -> bool {
    follows(token::significant(create), "conflict", |token| {
        token.is_word("ignore") || token.is_word("replace")
    })
}

/// Whether a statement holds every one of these values as a string of its own.
pub(crate) fn holds(statement: &str, values: &[&str]) -> bool {
    values.iter().all(|value| {
        token::significant(statement).any(|token| {
            token.kind == token::Kind::Text && token.unquoted().is_some_and(|text| text == *value)
        })
    })
}

/// Whether some token that `is` stands right after `word`.
fn follows<'a>(tokens: impl Iterator<Item = Token<'a>>, word: &str, is: impl Fn(&Token<'a>) -> bool) -> bool {
    let mut after = false;
    for token in tokens {
        if after && is(&token) {
            return true;
        }
        after = token.is_word(word);
    }
    false
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
            ("WITH x AS (SELECT insert()), y AS (SELECT 1) INSERT OR IGNORE INTO a SELECT 1", "a", true),
        ] {
            assert_eq!(
                insert(statement),
                Some(Insert { table: table.to_owned(), conflict_clause }),
                "{statement}"
            );
        }
        assert_eq!(insert("WITH x AS (INSERT), y(z) AS (SELECT 1) SELECT 1"), None);
        assert_eq!(insert("UPDATE a SET b = 1"), None);
        assert_eq!(insert("INSERT INTO temp.a VALUES (1)"), None);
    }

    #[test]
    fn a_key_that_forgives_is_seen() {
        assert!(key_forgives("CREATE TABLE a (version TEXT PRIMARY KEY ON CONFLICT IGNORE)"));
        assert!(!key_forgives("CREATE TABLE a (version TEXT PRIMARY KEY ON CONFLICT ABORT)"));
    }
}
