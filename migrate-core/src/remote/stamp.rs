//! The time of a record, as the client gives it: a DEFAULT such as `datetime('now')` with the time put in, so that every
//! node stores the same one, also when it reads the log again.

use super::varies;
use crate::sql::quote::quoted;
use crate::sql::token::{Token, TokenKind, significant};

/// A column of the tracking table whose DEFAULT is not constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    column: String,
    default: String,
}

impl Stamp {
    pub(super) fn new(column: &str, default: &str) -> Self {
        Self { column: column.to_owned(), default: default.to_owned() }
    }

    /// `"column" = value`, at a time such as `2026-11-25 08:30:00.123`. None where a value of the client's cannot stand
    /// for what the DEFAULT says, as for one of chance.
    #[must_use]
    pub fn assignment(&self, time: &str) -> Option<String> {
        let tokens: Vec<_> = significant(&self.default).collect();
        let value = literal(&tokens, time).or_else(|| substituted(&tokens, time))?;
        Some(format!("{} = {value}", quoted(&self.column)))
    }

    /// The DEFAULT, as a message names it.
    #[must_use]
    pub fn default(&self) -> &str {
        &self.default
    }
}

/// The usual DEFAULTs are a plain literal.
fn literal(tokens: &[Token<'_>], time: &str) -> Option<String> {
    let said: String = tokens.iter().map(|token| token.text.to_ascii_lowercase()).collect();
    let mut said = said.as_str();
    while let Some(inner) = said.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        said = inner;
    }
    let (day, clock) = time.split_once(' ')?;
    let clock = clock.get(..8)?;
    Some(match said {
        "current_timestamp" | "datetime('now')" | "datetime()" => format!("'{day} {clock}'"),
        "current_date" | "date('now')" | "date()" => format!("'{day}'"),
        "current_time" | "time('now')" | "time()" => format!("'{clock}'"),
        _ => return None,
    })
}

/// What is the time now where nothing stands between the parentheses.
const OF_NOW: [&str; 5] = ["date", "time", "datetime", "julianday", "unixepoch"];

/// The expression with the time in place of the time now, if it is the same everywhere then.
fn substituted(tokens: &[Token<'_>], time: &str) -> Option<String> {
    let mut value = String::new();
    let text = format!("'{time}'");
    let function = |name: &str| format!("{name}({text})");
    let mut end = None;
    for (at, token) in tokens.iter().enumerate() {
        // Two tokens side by side may be one operator.
        if end.is_some_and(|end| end != token.start) {
            value.push(' ');
        }
        end = Some(token.end());
        let empty = match at.checked_sub(2).and_then(|from| tokens.get(from..at)) {
            Some([name, open]) => open.text == "(" && OF_NOW.iter().any(|time| name.is_word(time)),
            _ => false,
        };
        if token.is_word("current_timestamp") {
            value.push_str(&function("datetime"));
        } else if token.is_word("current_date") {
            value.push_str(&function("date"));
        } else if token.is_word("current_time") {
            value.push_str(&function("time"));
        } else if token.kind == TokenKind::Text && token.unquoted()?.eq_ignore_ascii_case("now") {
            value.push_str(&text);
        } else if token.text == ")" && empty {
            value.push_str(&text);
            value.push(')');
        } else {
            value.push_str(token.text);
        }
    }
    let same = varies::varies(&significant(&value).collect::<Vec<_>>()).is_none();
    same.then(|| format!("({value})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_takes_the_time_of_the_client() {
        for (default, value) in [
            ("(datetime('now'))", Some("'2026-11-25 08:30:00'")),
            ("CURRENT_TIMESTAMP", Some("'2026-11-25 08:30:00'")),
            ("(date())", Some("'2026-11-25'")),
            ("current_time", Some("'08:30:00'")),
            ("(unixepoch())", Some("((unixepoch('2026-11-25 08:30:00.123')))")),
            ("(strftime('%Y', 'NOW'))", Some("((strftime('%Y', '2026-11-25 08:30:00.123')))")),
            ("(CURRENT_DATE || 'x')", Some("((date('2026-11-25 08:30:00.123') || 'x'))")),
            ("(random())", None),
            ("(datetime('now', 'localtime'))", None),
            ("(strftime('%s'))", None),
        ] {
            let stamp = Stamp::new("at", default);
            let expected = value.map(|value| format!("\"at\" = {value}"));
            assert_eq!(stamp.assignment("2026-11-25 08:30:00.123"), expected, "{default}");
        }
    }
}
