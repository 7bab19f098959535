//! How a file calls a step in Rust: `SELECT migrate_step('name');`, a statement of its own. The only place that knows the
//! form; whether there is such a step, it does not.

use super::token::{Token, TokenKind, significant};

/// What is called.
pub(crate) const FUNCTION: &str = "migrate_step";

/// The name of the step that a statement calls, by its tokens without the `;` at its end.
pub(crate) fn called(tokens: &[Token<'_>]) -> Option<String> {
    let [select, function, open, name, close] = tokens else { return None };
    let is_call =
        select.is_word("select") && function.is_word(FUNCTION) && open.text == "(" && close.text == ")";
    name.unquoted().filter(|_| is_call && name.kind == TokenKind::Text)
}

/// The name of the step that a statement calls.
pub(crate) fn called_by(statement: &str) -> Option<String> {
    let mut tokens: Vec<_> = significant(statement).take(7).collect();
    while tokens.pop_if(|last| last.kind == TokenKind::Semicolon).is_some() {}
    called(&tokens)
}

/// Whether a token names what is called, wherever it stands.
pub(crate) fn is_named(token: &Token<'_>) -> bool {
    let quoted = || token.text.get(1..token.text.len().saturating_sub(1)).unwrap_or_default();
    token.is_word(FUNCTION)
        || (token.kind == TokenKind::QuotedName && quoted().eq_ignore_ascii_case(FUNCTION))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_a_statement_of_its_own() {
        for statement in [
            "SELECT migrate_step('a b')",
            "select Migrate_Step ( 'a b' ) ;",
            "-- x\nSELECT /* y */ migrate_step('a b'); ;",
        ] {
            assert_eq!(called_by(statement).as_deref(), Some("a b"), "{statement}");
        }
        for statement in [
            "",
            ";",
            "SELECT migrate_step(\"a\")",
            "SELECT migrate_step(a)",
            "SELECT migrate_step()",
            "SELECT migrate_step('a', 'b')",
            "SELECT migrate_step('a') FROM t",
            "SELECT migrate_step('a') AS b",
            "SELECT migrate_step('a'), 1",
            "SELECT (migrate_step('a'))",
            "SELECT 'migrate_step'",
            "VALUES (migrate_step('a'))",
            "EXPLAIN SELECT migrate_step('a')",
            "SELECT migrate_steps('a')",
        ] {
            assert_eq!(called_by(statement), None, "{statement}");
        }
    }

    #[test]
    fn a_name_is_a_name_in_quotes_too() {
        let named = |text: &str| significant(text).filter(is_named).count();
        assert_eq!(named("SELECT \"Migrate_step\"('a'), [migrate_step], `migrate_step`, MIGRATE_STEP"), 4);
        assert_eq!(named("SELECT 'migrate_step', migrate_steps, \"\" -- migrate_step"), 0);
    }
}
