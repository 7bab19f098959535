//! Values that the CHECK constraints of a table may want: what its text holds, and the usual ones.

use rusqlite::types::Value;

use crate::sql::token::{self, Token, TokenKind};

/// The values to try for the `row`th row of a table, by its CREATE text.
pub(super) fn candidates(create: &str, row: usize) -> Vec<Value> {
    let digit = (2 + row).to_string();
    let mut found = Vec::new();
    let mut before: [Option<Token<'_>>; 2] = [None, None];
    for token in token::significant(create) {
        let follows = |word: &str| before.iter().flatten().any(|token| token.is_word(word));
        match (token.kind, token.unquoted()) {
            (TokenKind::Text, Some(text)) => {
                if follows("glob") {
                    found.push(Value::Text(matching(&text, '*', '?')));
                }
                if follows("like") {
                    found.push(Value::Text(matching(&text, '%', '_')));
                }
                found.push(Value::Text(text));
            }
            (TokenKind::Number, Some(number)) => {
                if let Ok(number) = number.parse::<i64>() {
                    found.extend(
                        [number, number.saturating_add(1), number.saturating_sub(1)].map(Value::Integer),
                    );
                    // As the length of something.
                    if (0..=64).contains(&number) {
                        found.push(Value::Text(digit.repeat(usize::try_from(number).unwrap_or_default())));
                    }
                } else if let Ok(number) = number.parse::<f64>() {
                    found.push(Value::Real(number));
                }
            }
            _ => {}
        }
        before = [before[1], Some(token)];
    }
    found.extend([Value::Integer(1), Value::Integer(0), Value::Null, Value::Integer(-1)]);
    let day = format!("2000-01-0{}", 1 + row % 9);
    let usual = [
        "{}".to_owned(),
        "[]".to_owned(),
        String::new(),
        ["a", "b", "c"].get(row).unwrap_or(&"d").to_string(),
        ["A", "B", "C"].get(row).unwrap_or(&"D").to_string(),
        format!("a{row}@b.c"),
        format!("{day} 00:00:00"),
        format!("{day}T00:00:00Z"),
        format!("{day}T00:00:00.000Z"),
        "00:00:00".to_owned(),
        "00:00".to_owned(),
        day,
    ];
    found.extend(usual.map(Value::Text));
    let mut seen: Vec<Value> = Vec::new();
    for candidate in found {
        if !seen.contains(&candidate) {
            seen.push(candidate);
        }
    }
    seen
}

/// A text that a pattern of GLOB or LIKE takes: nothing for "any", one character for each place.
fn matching(pattern: &str, any: char, one: char) -> String {
    let mut text = String::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if character == '[' && any == '*' {
            // The first character of the set, or one that is not likely to be in it.
            let first = characters.next();
            let set: String = characters.by_ref().take_while(|&character| character != ']').collect();
            text.push(match first {
                Some('^') if set.contains('x') => '0',
                Some('^') => 'x',
                first => first.unwrap_or('x'),
            });
        } else if character == one {
            text.push('0');
        } else if character != any {
            text.push(character);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_give_a_text_that_they_take() {
        for (pattern, text) in [
            ("????-??-??", "0000-00-00"),
            ("[A-Z]*", "A"),
            ("#[0-9a-f][0-9a-f]", "#00"),
            ("[^0-9]*", "x"),
            ("*.sql", ".sql"),
        ] {
            assert_eq!(matching(pattern, '*', '?'), text, "{pattern}");
        }
        assert_eq!(matching("%@_%", '%', '_'), "@0");
    }

    #[test]
    fn what_the_text_holds_comes_first() {
        let values = candidates("CREATE TABLE t (a CHECK (a IN ('x', 'y')), b CHECK (b GLOB '[0-9]?'))", 0);
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(values.get(..4), Some([text("x"), text("y"), text("00"), text("[0-9]?")].as_slice()));
    }
}
