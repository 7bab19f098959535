//! The text of a CREATE TABLE, taken apart as far as it takes to change a column of it and leave everything else, comments
//! included, as somebody wrote it.

use std::ops::Range;

use crate::sql::token::{self, Token, TokenKind};

/// A CREATE TABLE as SQLite keeps it.
#[derive(Debug)]
pub(super) struct Definition<'a> {
    text: &'a str,
    /// Where its name stands.
    pub(super) name: Range<usize>,
    /// What stands between its parentheses, separated by commas.
    elements: Vec<Element<'a>>,
}

/// A column, or a constraint of the table.
#[derive(Debug)]
struct Element<'a> {
    /// The tokens that count.
    tokens: Vec<Token<'a>>,
}

/// A column of the text.
#[derive(Debug)]
pub(super) struct Column {
    /// Where its type is, or would be.
    pub(super) declared: Range<usize>,
    /// Its COLLATE, with the name.
    pub(super) collate: Option<Range<usize>>,
    /// Its DEFAULT, with the value.
    pub(super) default: Option<Range<usize>>,
    /// Where one more constraint can be written.
    pub(super) end: usize,
}

/// The words by which the constraints of a column begin.
const CONSTRAINTS: [&str; 10] = [
    "constraint",
    "primary",
    "not",
    "null",
    "unique",
    "check",
    "default",
    "collate",
    "references",
    "generated",
];

impl<'a> Definition<'a> {
    /// Absent where the text is no CREATE TABLE with a list of columns.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut tokens = token::significant(text);
        let is_create = tokens.next()?.is_word("create") && tokens.next()?.is_word("table");
        let name = tokens.next().filter(|_| is_create)?.range();
        tokens.next().filter(|token| token.text == "(")?;
        let mut elements = vec![Element { tokens: Vec::new() }];
        let mut depth = 0_usize;
        for token in tokens {
            match token.text {
                ")" if depth == 0 => return Some(Self { text, name, elements }),
                "," if depth == 0 => {
                    elements.push(Element { tokens: Vec::new() });
                    continue;
                }
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            elements.last_mut()?.tokens.push(token);
        }
        None
    }

    fn position(&self, column: &str) -> Option<usize> {
        self.elements.iter().position(|element| element.is_column(column))
    }

    /// A column by its name.
    pub(super) fn column(&self, column: &str) -> Option<Column> {
        let tokens = &self.elements.get(self.position(column)?)?.tokens;
        let (name, rest) = tokens.split_first()?;
        let mut depth = 0_usize;
        let mut begins = Vec::new();
        for (at, token) in rest.iter().enumerate() {
            match token.text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ if depth > 0 => {}
                _ if CONSTRAINTS.iter().any(|word| token.is_word(word)) || token.is_word("as") => {
                    begins.push(at)
                }
                _ => {}
            }
        }
        let first = begins.first().copied().unwrap_or(rest.len());
        let declared = match (rest.first(), first.checked_sub(1).and_then(|last| rest.get(last))) {
            (Some(start), Some(end)) => start.start..end.end(),
            _ => name.end()..name.end(),
        };
        let clause = |word: &str, length: usize| {
            let at = *begins.iter().find(|&&at| rest.get(at).is_some_and(|token| token.is_word(word)))?;
            let start = rest.get(at)?.start;
            Some(start..value_end(rest.get(at + 1..)?, length)?)
        };
        Some(Column {
            declared,
            collate: clause("collate", 1),
            default: clause("default", 2),
            end: tokens.last()?.end(),
        })
    }

    /// What to cut out for a column to be gone: the column, and the constraints over it alone. An error names what else
    /// mentions it.
    pub(super) fn without(&self, column: &str) -> Result<Vec<Range<usize>>, String> {
        let mut gone = Vec::new();
        let mut others = 0;
        for (at, element) in self.elements.iter().enumerate() {
            if element.is_column(column) || element.is_constraint_over(column) {
                gone.push(at);
            } else if element.mentions(column) {
                let text = element.range().and_then(|range| self.text.get(range)).unwrap_or_default();
                return Err(text.split_whitespace().collect::<Vec<_>>().join(" "));
            } else {
                others += usize::from(!element.is_constraint());
            }
        }
        if others == 0 {
            return Err("a table needs a column".to_owned());
        }
        Ok(gone.into_iter().filter_map(|at| self.cut(at)).collect())
    }

    /// An element with a comma: the one before it, or after the first one.
    fn cut(&self, at: usize) -> Option<Range<usize>> {
        let range = self.elements.get(at)?.range()?;
        let before = at.checked_sub(1).and_then(|before| self.elements.get(before)?.range());
        match (before, self.elements.get(at + 1).and_then(Element::range)) {
            (Some(before), _) => Some(before.end..range.end),
            (None, Some(after)) => Some(range.start..after.start),
            (None, None) => Some(range),
        }
    }

    /// Every place where a string is written as SQLite only tolerates it: in double quotes, or bare after DEFAULT. Each with
    /// the string as it should be.
    pub(super) fn tolerated(&self) -> Vec<(Range<usize>, String)> {
        const VALUES: [&str; 6] =
            ["null", "true", "false", "current_time", "current_date", "current_timestamp"];
        let columns = self.elements.iter().filter(|element| !element.is_constraint());
        let columns: Vec<_> = columns.filter_map(|element| element.tokens.first()?.unquoted()).collect();
        let mut found = Vec::new();
        for element in &self.elements {
            let mut depth = 0_usize;
            let mut after_default = false;
            for (at, token) in element.tokens.iter().enumerate() {
                match token.text {
                    "(" => depth += 1,
                    ")" => depth = depth.saturating_sub(1),
                    _ => {}
                }
                let name = token.unquoted().unwrap_or_default();
                let is_column = columns.iter().any(|column| column.eq_ignore_ascii_case(&name));
                let is_table = element.tokens.get(at + 1).is_some_and(|next| next.text == ".");
                let is_bare = after_default
                    && token.kind == TokenKind::Word
                    && !VALUES.iter().any(|value| token.is_word(value));
                let is_quoted = token.text.starts_with('"')
                    && (after_default || (depth > 0 && !is_column && !is_table && element.computes()));
                if is_bare || is_quoted {
                    found.push((token.range(), format!("'{}'", name.replace('\'', "''"))));
                }
                after_default = token.is_word("default");
            }
        }
        found
    }
}

/// Where a value ends: a parenthesis, or one token after signs. `length` is how many tokens it may have.
fn value_end(tokens: &[Token<'_>], length: usize) -> Option<usize> {
    let first = tokens.first()?;
    if first.text == "(" {
        let mut depth = 0_usize;
        for token in tokens {
            match token.text {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(token.end());
            }
        }
    }
    let is_sign = length > 1 && matches!(first.text, "+" | "-");
    tokens.get(usize::from(is_sign)).map(Token::end)
}

impl Element<'_> {
    fn range(&self) -> Option<Range<usize>> {
        Some(self.tokens.first()?.start..self.tokens.last()?.end())
    }

    fn is_constraint(&self) -> bool {
        let words = ["constraint", "primary", "unique", "check", "foreign"];
        self.tokens.first().is_some_and(|first| words.iter().any(|word| first.is_word(word)))
    }

    fn is_column(&self, column: &str) -> bool {
        !self.is_constraint() && self.tokens.first().is_some_and(|first| is_name(first, column))
    }

    /// Whether anything but its first token says a name.
    fn mentions(&self, column: &str) -> bool {
        self.tokens.iter().skip(usize::from(!self.is_constraint())).any(|token| is_name(token, column))
    }

    /// A UNIQUE, CHECK or FOREIGN KEY of the table that is about one column.
    fn is_constraint_over(&self, column: &str) -> bool {
        let named = self.tokens.iter().any(|token| token.is_word("unique") || token.is_word("foreign"));
        let open = self.tokens.iter().position(|token| token.text == "(").unwrap_or_default();
        let alone = self.tokens.get(open + 2).is_some_and(|token| token.text == ")");
        let first = self.tokens.get(open + 1).is_some_and(|token| is_name(token, column));
        self.is_constraint() && named && alone && first
    }

    /// Whether something in it is computed, so that a name in it may be a string.
    fn computes(&self) -> bool {
        self.tokens.iter().any(|token| ["check", "default", "as"].iter().any(|word| token.is_word(word)))
    }
}

fn is_name(token: &Token<'_>, name: &str) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::QuotedName)
        && token.unquoted().is_some_and(|token| token.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "CREATE TABLE \"my users\"(id INTEGER PRIMARY KEY, -- the key\n  name VARCHAR(20) COLLATE \
                         NOCASE DEFAULT -1, both, note TEXT DEFAULT (upper('a')) NOT NULL,\n  UNIQUE (note), CHECK (name <> \
                         both)) STRICT";

    fn at(range: Range<usize>) -> &'static str {
        &TABLE[range]
    }

    #[test]
    fn a_column_is_taken_apart() {
        let definition = Definition::parse(TABLE).expect("a table");
        assert_eq!(at(definition.name.clone()), "\"my users\"");
        let name = definition.column("NAME").expect("a column");
        assert_eq!(at(name.declared), "VARCHAR(20)");
        assert_eq!(name.collate.map(at), Some("COLLATE NOCASE"));
        assert_eq!(name.default.map(at), Some("DEFAULT -1"));
        let note = definition.column("note").expect("a column");
        assert_eq!(
            (note.default.map(at), &TABLE[note.end - 4..note.end]),
            (Some("DEFAULT (upper('a'))"), "NULL")
        );
        let both = definition.column("both").expect("a column");
        assert_eq!((at(both.declared), both.collate, both.default), ("", None, None));
        assert!(definition.column("unique").is_none());
    }

    #[test]
    fn a_column_goes_with_what_is_about_it_alone() {
        let definition = Definition::parse(TABLE).expect("a table");
        let gone =
            |column| definition.without(column).map(|cuts| cuts.into_iter().map(at).collect::<Vec<_>>());
        assert_eq!(gone("id"), Ok(vec!["id INTEGER PRIMARY KEY, -- the key\n  "]));
        assert_eq!(gone("note"), Ok(vec![", note TEXT DEFAULT (upper('a')) NOT NULL", ",\n  UNIQUE (note)"]));
        assert_eq!(gone("both"), Err("CHECK (name <> both)".to_owned()));
        let one = Definition::parse("CREATE TABLE t(a)").expect("a table");
        assert!(one.without("a").is_err());
    }

    #[test]
    fn strings_that_sqlite_only_tolerates_are_found() {
        let text = "CREATE TABLE t (a TEXT DEFAULT \"x\", b DEFAULT word, c DEFAULT TRUE, f DEFAULT X'00', \"d\" CHECK (\"d\" IN (\"e's\")))";
        let found: Vec<_> = Definition::parse(text)
            .expect("a table")
            .tolerated()
            .into_iter()
            .map(|(range, string)| (&text[range], string))
            .collect();
        let expected = [("\"x\"", "'x'"), ("word", "'word'"), ("\"e's\"", "'e''s'")];
        assert_eq!(found, expected.map(|(old, new)| (old, new.to_owned())));
    }
}
