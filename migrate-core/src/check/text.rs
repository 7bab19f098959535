//! Characters and quotes that SQLite swallows without an error, and parameters that nothing would bind.

use super::fault::Faults;
use crate::model::place::is_hidden;
use crate::model::rule::Rule;
use crate::sql::script::Script;
use crate::sql::token::{self, Token, TokenKind};

/// Whether the text can be read as SQLite will read it: otherwise every statement in it is doubtful.
pub(super) fn check(script: &Script, text: &str, faults: &mut Faults) -> bool {
    let before = faults.found().len();
    if let Some(range) = &script.unterminated {
        unterminated(text.get(range.clone()).unwrap_or_default(), range.start, faults);
    }
    // Nearly every file is plain ASCII, and the library's own search is fast even in an unoptimised macro.
    if !text.is_ascii() || text.contains('\0') || text.contains('\r') {
        characters(text, faults);
    }
    let legible = faults.found().len() == before;
    for range in &script.parameters {
        let parameter = text.get(range.clone()).unwrap_or_default();
        faults.add(
            range.clone(),
            Rule::BindParameter,
            format!(
                "nothing binds {parameter}, so SQLite would store NULL; write the value instead, a string in '…'"
            ),
        );
    }
    legible
}

fn unterminated(token: &str, start: usize, faults: &mut Faults) {
    let (what, close) = match token.as_bytes().first() {
        Some(b'\'') => ("this string", "a '"),
        Some(b'"') => ("this name", "a \""),
        Some(b'`') => ("this name", "a `"),
        Some(b'[') => ("this name", "a ]"),
        _ => ("this comment", "*/"),
    };
    let length = if close == "*/" { 2 } else { 1 };
    faults.add(
        start..start + length,
        Rule::BadText,
        format!("{what} is never closed and hides the rest of the file; close it with {close}"),
    );
}

/// Each kind of bad character is reported once: a pasted file can hold hundreds.
fn characters(text: &str, faults: &mut Faults) {
    let mut reported: Vec<char> = Vec::new();
    for token in token::tokens(text) {
        for (at, character) in token.text.char_indices() {
            let Some(message) = refused(&token, character).filter(|_| !reported.contains(&character)) else {
                continue;
            };
            reported.push(character);
            let start = token.start + at;
            faults.add(start..start + character.len_utf8(), Rule::BadText, message);
        }
    }
}

/// What is wrong with a character in this token.
fn refused(token: &Token<'_>, character: char) -> Option<String> {
    use TokenKind::{Comment, QuotedName, Text, Unterminated};
    // Quotes and comments may hold any space; only NUL and a lone CR change what SQLite reads there.
    let bare = !matches!(token.kind, Comment | Text | QuotedName | Unterminated);
    match character {
        '\0' => Some("a NUL byte, at which SQLite stops reading without an error; remove it".to_owned()),
        '\r' => Some(
            "a CR without LF does not end a line, so a comment before it hides what follows; end the line with LF or \
             CRLF"
                .to_owned(),
        ),
        // Neither is a space to SQLite.
        _ if bare && !character.is_ascii() && (is_hidden(character) || character.is_whitespace()) => {
            let instead = if is_hidden(character) { "remove it" } else { "use a plain space" };
            Some(format!(
                "an invisible character, U+{:04X}, which SQLite reads as part of a name; {instead}, or quote the name \
                 if it belongs there",
                u32::from(character)
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::script::cut;

    fn found(text: &str) -> Vec<(Rule, usize)> {
        let mut faults = Faults::of(0);
        let legible = check(&cut(text), text, &mut faults);
        assert_eq!(legible, faults.found().iter().all(|fault| fault.rule != Rule::BadText), "{text:?}");
        faults.into_found().into_iter().filter_map(|fault| Some((fault.rule, fault.range?.start))).collect()
    }

    #[test]
    fn text_that_sqlite_swallows_is_reported() {
        for (text, at) in [
            ("SELECT\u{a0}1;", 6),
            ("-- a\rCOMMIT;", 4),
            ("-- a\0b", 4),
            ("'a\0b'", 2),
            ("SELECT 1; /* COMMIT;", 10),
            ("SELECT 'a;", 7),
            ("\u{200b}SELECT 1;", 0),
            ("SELECT 1\u{feff};", 8),
        ] {
            assert_eq!(found(text), [(Rule::BadText, at)], "{text:?}");
        }
        for text in
            ["SELECT '\u{a0}';", "-- \u{a0}\n", "/* \u{200b} */", "SELECT \"\u{a0}\";", "SELECT größe;"]
        {
            assert_eq!(found(text), [], "{text:?}");
        }
    }

    #[test]
    fn each_bad_character_is_reported_once() {
        assert_eq!(found("\u{a0}a\u{a0}b\u{200b}").len(), 2);
    }

    #[test]
    fn parameters_leave_the_text_legible() {
        assert_eq!(found("SELECT ?, :a;"), [(Rule::BindParameter, 7), (Rule::BindParameter, 10)]);
    }
}
