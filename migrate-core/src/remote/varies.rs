//! Expressions that every node of a cluster comes to another value of: chance, the clock, the node's own time zone, and
//! what the connection did last. Found in tokens; a value that is `now` only in a row is not seen.

use std::ops::Range;

use crate::sql::token::{Token, TokenKind};

/// What varies, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Varies {
    pub(crate) range: Range<usize>,
    /// As a message calls it, such as `random()`.
    pub(crate) what: String,
}

/// Of chance or of the connection, whatever the arguments are.
const ALWAYS: [&str; 5] = ["random", "randomblob", "changes", "total_changes", "last_insert_rowid"];

/// Functions of time, and which of their arguments are times. One that is left out is the time now.
const TIMES: [(&str, &[usize]); 7] = [
    ("date", &[0]),
    ("time", &[0]),
    ("datetime", &[0]),
    ("julianday", &[0]),
    ("unixepoch", &[0]),
    ("strftime", &[1]),
    ("timediff", &[0, 1]),
];

/// The first expression among the tokens, which hold no space and no comments, that varies.
pub(crate) fn varies(tokens: &[Token<'_>]) -> Option<Varies> {
    (0..tokens.len()).find_map(|at| at_token(tokens, at))
}

fn at_token(tokens: &[Token<'_>], at: usize) -> Option<Varies> {
    let token = tokens.get(at)?;
    let found = |what: String| Some(Varies { range: token.range(), what });
    if ["current_time", "current_date", "current_timestamp"].iter().any(|word| token.is_word(word)) {
        return found(token.text.to_ascii_uppercase());
    }
    if tokens.get(at + 1).is_none_or(|next| next.text != "(") {
        return None;
    }
    let name = match token.kind {
        TokenKind::Word | TokenKind::QuotedName => token.unquoted()?.to_ascii_lowercase(),
        _ => return None,
    };
    if ALWAYS.contains(&name.as_str()) {
        return found(format!("{name}()"));
    }
    let (_, times) = TIMES.iter().find(|(time, _)| *time == name)?;
    let arguments = arguments(tokens, at + 1);
    let now = times.iter().any(|&time| arguments.get(time).is_none_or(|argument| is_now(argument)));
    if now {
        return found(format!("{name}() of the time now"));
    }
    let local = arguments.iter().any(|argument| {
        literal(argument)
            .is_some_and(|text| matches!(text.trim().to_ascii_lowercase().as_str(), "localtime" | "utc"))
    });
    if local { found(format!("{name}() in the time zone of the node")) } else { None }
}

/// The arguments of a call whose `(` stands at `open`.
fn arguments<'t, 'a>(tokens: &'t [Token<'a>], open: usize) -> Vec<&'t [Token<'a>]> {
    let close = closing(tokens, open);
    let inside = tokens.get(open + 1..close).unwrap_or_default();
    if inside.is_empty() { Vec::new() } else { split(inside) }
}

/// Where the `)` of a `(` stands, or the end.
pub(super) fn closing(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "(" => depth += 1,
            ")" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

/// The parts between commas that stand in no parentheses.
pub(super) fn split<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut depth = 0_usize;
    tokens
        .split(|token| {
            match token.text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && token.text == ","
        })
        .collect()
}

/// Whether a time is the time now, in any spelling: `'NOW'`, `"now"`, `'n' || 'ow'`, `lower('NOW')`, `x'6e6f77'`.
fn is_now(argument: &[Token<'_>]) -> bool {
    // With nothing before it, `subsec` says that the time now is meant, down to milliseconds.
    let now = |text: &str| {
        let text = text.trim().to_ascii_lowercase();
        text == "now" || text == "subsec" || text == "subsecond"
    };
    if literal(argument).is_some_and(|text| now(&text)) {
        return true;
    }
    argument.iter().any(|token| match token.kind {
        TokenKind::Text | TokenKind::QuotedName => token.unquoted().is_some_and(|text| now(&text)),
        TokenKind::Blob => token.text.eq_ignore_ascii_case("x'6e6f77'"),
        _ => false,
    })
}

/// The text that an argument of nothing but literals joined by `||` is.
fn literal(argument: &[Token<'_>]) -> Option<String> {
    let mut text = String::new();
    for token in argument {
        match token.kind {
            TokenKind::Text | TokenKind::QuotedName => text.push_str(&token.unquoted()?),
            _ if matches!(token.text, "|" | "||" | "(" | ")") => {}
            _ => return None,
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::token::significant;

    fn what(sql: &str) -> Option<String> {
        varies(&significant(sql).collect::<Vec<_>>()).map(|varies| varies.what)
    }

    #[test]
    fn what_each_node_evaluates_anew_is_found_in_any_spelling() {
        for sql in [
            "UPDATE t SET a = random()",
            "UPDATE t SET a = Random ( )",
            "UPDATE t SET a = \"random\"()",
            "UPDATE t SET a = hex(randomblob(16))",
            "UPDATE t SET a = changes() + 1",
            "UPDATE t SET a = total_changes()",
            "UPDATE t SET a = last_insert_rowid()",
            "UPDATE t SET a = CURRENT_TIMESTAMP",
            "UPDATE t SET a = current_date || current_time",
            "UPDATE t SET a = datetime('now')",
            "UPDATE t SET a = datetime( /* x */ 'NOW', '-1 day')",
            "UPDATE t SET a = date()",
            "UPDATE t SET a = unixepoch()",
            "UPDATE t SET a = unixepoch('subsec')",
            "UPDATE t SET a = julianday('now')",
            "UPDATE t SET a = strftime('%s', 'now')",
            "UPDATE t SET a = strftime('%s')",
            "UPDATE t SET a = time(\"now\")",
            "UPDATE t SET a = datetime('n' || 'ow')",
            "UPDATE t SET a = datetime(lower('NOW'))",
            "UPDATE t SET a = datetime(trim(' now '))",
            "UPDATE t SET a = datetime(x'6E6F77')",
            "UPDATE t SET a = timediff(b, 'now')",
            "UPDATE t SET a = datetime(b, 'localtime')",
            "UPDATE t SET a = datetime(b, 'utc')",
            "UPDATE t SET a = b ORDER BY random()",
        ] {
            assert!(what(sql).is_some(), "{sql}");
        }
    }

    #[test]
    fn what_is_the_same_everywhere_is_left_alone() {
        for sql in [
            "UPDATE t SET a = 'random()'",
            "UPDATE t SET a = b -- random()",
            "UPDATE t SET random = 1",
            "UPDATE t SET \"current_timestamp\" = 'CURRENT_TIMESTAMP'",
            "UPDATE t SET a = datetime(b)",
            "UPDATE t SET a = datetime(b, '+1 day')",
            "UPDATE t SET a = date('2024-01-01')",
            "UPDATE t SET a = strftime('%s', b)",
            "UPDATE t SET a = strftime('now', b)",
            "UPDATE t SET a = unixepoch(b, 'subsec')",
            "UPDATE t SET a = timediff(b, c)",
            "UPDATE t SET a = upper('now')",
            "INSERT INTO date (now) VALUES ('now')",
            "UPDATE t SET a = my_random()",
        ] {
            assert_eq!(what(sql), None, "{sql}");
        }
    }
}
