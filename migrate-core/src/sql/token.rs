//! SQL text cut into tokens, by the rules of SQLite's own tokenizer (`tokenize.c`).
//!
//! Every byte of the text belongs to exactly one token. Nothing is refused here: what SQLite would call
//! an illegal token comes out as [`TokenKind::Other`], and SQLite itself says so in the rehearsal.

use std::ops::Range;

/// What a token is, as far as a rule of ours needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Space,
    Comment,
    /// A keyword or a bare name.
    Word,
    /// A name in `"…"`, `` `…` `` or `[…]`.
    QuotedName,
    /// A string in `'…'`.
    Text,
    /// `X'…'`
    Blob,
    Number,
    /// A bind parameter: `?1`, `:name`, `@name`, `$name`, `#name`.
    Parameter,
    Semicolon,
    /// A quote or a `/*` that is never closed; it reaches to the end of the text.
    Unterminated,
    Other,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) kind: TokenKind,
    /// In bytes from the start of the text.
    pub(crate) start: usize,
    pub(crate) text: &'a str,
}

impl Token<'_> {
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(crate) fn range(&self) -> Range<usize> {
        self.start..self.end()
    }

    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Space and comments, which stand between the tokens that count.
    pub(crate) fn is_trivia(&self) -> bool {
        matches!(self.kind, TokenKind::Space | TokenKind::Comment)
    }

    /// What this token means where a name or a value may stand: without its quotes.
    pub(crate) fn unquoted(&self) -> Option<String> {
        let quote = match self.kind {
            TokenKind::Word | TokenKind::Number => return Some(self.text.to_owned()),
            TokenKind::QuotedName | TokenKind::Text => self.text.get(..1)?,
            _ => return None,
        };
        let inner = self.text.get(1..self.text.len() - 1)?;
        Some(if quote == "[" { inner.to_owned() } else { inner.replace(&quote.repeat(2), quote) })
    }
}

/// The tokens of a text, trivia included.
pub(crate) fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0 }
}

/// The tokens that count: no space, no comments.
pub(crate) fn significant(text: &str) -> impl Iterator<Item = Token<'_>> {
    tokens(text).filter(|token| !token.is_trivia())
}

#[derive(Clone, Debug)]
pub(crate) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let (kind, length) = first(rest.as_bytes());
        let token = Token { kind, start: self.at, text: rest.get(..length)? };
        self.at += length;
        Some(token)
    }
}

/// TokenKind and length in bytes of the token that `rest`, which is not empty, begins with. A length never ends
/// inside a character, since every byte from 0x80 up is part of a name or inside quotes.
fn first(rest: &[u8]) -> (TokenKind, usize) {
    let second = rest.get(1).copied();
    match rest.first().copied().unwrap_or_default() {
        byte if is_space(byte) => (TokenKind::Space, run(rest, is_space)),
        b'-' if second == Some(b'-') => (TokenKind::Comment, until(rest, 0, b'\n')),
        b'/' if second == Some(b'*') => match find(rest, 2, b"*/") {
            Some(end) => (TokenKind::Comment, end),
            None => (TokenKind::Unterminated, rest.len()),
        },
        quote @ (b'\'' | b'"' | b'`') => match closing_quote(rest, quote) {
            Some(end) if quote == b'\'' => (TokenKind::Text, end),
            Some(end) => (TokenKind::QuotedName, end),
            None => (TokenKind::Unterminated, rest.len()),
        },
        b'x' | b'X' if second == Some(b'\'') => match closing_quote(rest.get(1..).unwrap_or_default(), b'\'')
        {
            Some(end) => (TokenKind::Blob, 1 + end),
            // What comes next says so.
            None => (TokenKind::Word, 1),
        },
        b'[' => match find(rest, 1, b"]") {
            Some(end) => (TokenKind::QuotedName, end),
            None => (TokenKind::Unterminated, rest.len()),
        },
        b';' => (TokenKind::Semicolon, 1),
        b'?' => {
            (TokenKind::Parameter, 1 + run(rest.get(1..).unwrap_or_default(), |byte| byte.is_ascii_digit()))
        }
        b':' | b'@' | b'$' | b'#' => match parameter_name(rest) {
            0 => (TokenKind::Other, 1),
            name => (TokenKind::Parameter, 1 + name),
        },
        b'.' if second.is_some_and(|byte| byte.is_ascii_digit()) => {
            (TokenKind::Number, 1 + run(rest.get(1..).unwrap_or_default(), is_name))
        }
        byte if byte.is_ascii_digit() => (TokenKind::Number, run(rest, |byte| byte == b'.' || is_name(byte))),
        byte if is_name(byte) => (TokenKind::Word, run(rest, is_name)),
        _ => (TokenKind::Other, 1),
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

/// `IdChar` of tokenize.c, which is also true of every byte of a character beyond ASCII.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

// A plain loop: a macro runs unoptimised, where iterators cost several times as much.
fn run(bytes: &[u8], belongs: fn(u8) -> bool) -> usize {
    let mut length = 0;
    while let Some(&byte) = bytes.get(length)
        && belongs(byte)
    {
        length += 1;
    }
    length
}

/// Where `byte` stands next, from `from` on, or the end.
fn until(bytes: &[u8], from: usize, byte: u8) -> usize {
    let mut at = from;
    while let Some(&other) = bytes.get(at)
        && other != byte
    {
        at += 1;
    }
    at
}

/// Where `pattern` ends, when it is looked for from `from`.
fn find(bytes: &[u8], from: usize, pattern: &[u8]) -> Option<usize> {
    let at = bytes.get(from..)?.windows(pattern.len()).position(|window| window == pattern)?;
    Some(from + at + pattern.len())
}

/// A quote is closed by the next one that is not doubled.
fn closing_quote(bytes: &[u8], quote: u8) -> Option<usize> {
    let mut at = 1;
    loop {
        at = until(bytes, at, quote) + 1;
        match bytes.get(at) {
            Some(&next) if next == quote => at += 1,
            _ => return (at <= bytes.len()).then_some(at),
        }
    }
}

/// Length of what follows the `:`, `@`, `$` or `#`. TCL's own variables may hold `::` and one `(…)` suffix:
/// `$x(a;b)` is a single token to SQLite's parser.
fn parameter_name(bytes: &[u8]) -> usize {
    let mut at = 1;
    let mut named = false;
    while let Some(&byte) = bytes.get(at) {
        if is_name(byte) {
            named = true;
            at += 1;
        } else if byte == b'(' && named {
            let suffix = bytes.get(at..).unwrap_or_default();
            let inside = run(suffix, |byte| !is_space(byte) && byte != b')');
            if suffix.get(inside) == Some(&b')') {
                at += inside + 1;
            }
            break;
        } else if byte == b':' && bytes.get(at + 1) == Some(&b':') {
            at += 2;
        } else {
            break;
        }
    }
    if named { at - 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
        significant(text).map(|token| (token.kind, token.text)).collect()
    }

    #[test]
    fn quotes_and_comments_hide_what_is_in_them() {
        assert_eq!(
            kinds("a'b;''c'\"d;\"\"e\"`f;`[g;]-- h;\n/* i; */x"),
            [
                (TokenKind::Word, "a"),
                (TokenKind::Text, "'b;''c'"),
                (TokenKind::QuotedName, "\"d;\"\"e\""),
                (TokenKind::QuotedName, "`f;`"),
                (TokenKind::QuotedName, "[g;]"),
                (TokenKind::Word, "x"),
            ]
        );
    }

    #[test]
    fn what_is_never_closed_reaches_to_the_end() {
        for text in ["'abc", "'abc''", "\"abc", "`abc", "[abc", "/* abc", "/*/", "/*"] {
            assert_eq!(kinds(text), [(TokenKind::Unterminated, text)], "{text}");
        }
    }

    #[test]
    fn bind_parameters_are_told_from_operators() {
        for text in ["?", "?12", ":name", "@name", "$name", "#1", "$a::b", "$x(a;b)", ":1"] {
            assert_eq!(kinds(text), [(TokenKind::Parameter, text)], "{text}");
        }
        assert_eq!(kinds("a->>'$.b'").len(), 5);
        assert_eq!(kinds(": x"), [(TokenKind::Other, ":"), (TokenKind::Word, "x")]);
    }

    #[test]
    fn a_blob_is_one_token() {
        for text in ["x'00'", "X'0a;'", "x''"] {
            assert_eq!(kinds(text), [(TokenKind::Blob, text)]);
        }
        assert_eq!(kinds("x 'a'"), [(TokenKind::Word, "x"), (TokenKind::Text, "'a'")]);
        assert_eq!(kinds("ax'00'"), [(TokenKind::Word, "ax"), (TokenKind::Text, "'00'")]);
        assert_eq!(kinds("x'00"), [(TokenKind::Word, "x"), (TokenKind::Unterminated, "'00")]);
    }

    #[test]
    fn names_keep_their_meaning_without_quotes() {
        let names: Vec<_> = significant("users \"us\"\"ers\" `us``ers` [users] 'us''ers'")
            .map(|token| token.unquoted().expect("a name"))
            .collect();
        assert_eq!(names, ["users", "us\"ers", "us`ers", "users", "us'ers"]);
    }

    #[test]
    fn every_byte_belongs_to_one_token() {
        let text = "é 'ü' 1.5e-3 .5 x'00' \u{a0}\u{200b} a--b\n/*c*/;$";
        assert_eq!(tokens(text).map(|token| token.text).collect::<String>(), text);
    }
}
