//! `bare-default`: `DEFAULT word`, which SQLite takes for the string 'word'.

use super::File;
use crate::model::rule::Rule;
use crate::sql::script::Statement;
use crate::sql::token::{self, TokenKind};
use crate::sql::verb::Verb;

/// Words that mean themselves after DEFAULT (<https://sqlite.org/lang_createtable.html#the_default_clause>).
const MEANT: [&str; 6] = ["true", "false", "null", "current_time", "current_date", "current_timestamp"];

pub(super) fn check(file: &mut File<'_>, statement: &Statement) {
    if !matches!(statement.verb, Verb::CreateTable(_) | Verb::AddColumn(_)) {
        return;
    }
    let mut is_next = false;
    // `ON DELETE SET DEFAULT`
    let mut is_action = false;
    for token in token::significant(file.text(statement)) {
        if is_next && token.kind == TokenKind::Word && !MEANT.iter().any(|word| token.is_word(word)) {
            let start = statement.first.start;
            file.faults.add_hazard(
                start + token.start..start + token.end(),
                Rule::BareDefault,
                format!(
                    "SQLite takes this for the string '{0}'; write DEFAULT '{0}' for the string, or an expression in \
                     parentheses",
                    token.text
                ),
            );
        }
        is_next = token.is_word("default") && !is_action;
        is_action = token.is_word("set");
    }
}
