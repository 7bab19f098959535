//! Where the statements of a file begin and end, by the rules of `sqlite3_complete`.
//!
//! Used at build, in the rehearsal and by `from_dir`, so that all cut alike. Says nothing about whether a
//! statement is valid: SQLite does, and the rehearsal holds every slice against it.

use std::borrow::Cow;
use std::ops::Range;

use super::step;
use super::token::{self, Token, TokenKind};
use super::verb::Verb;

/// A file's text as every checkout has it: no byte-order mark, and LF for CRLF.
pub(crate) fn normalise(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}

/// One statement, in bytes of the file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    /// Where the one before it ends, so that slices leave nothing out. Space and comments come first.
    pub(crate) start: usize,
    /// Where its first token begins and ends.
    pub(crate) first: Range<usize>,
    /// After its `;`, or after its last token where the file ends without one.
    pub(crate) end: usize,
    pub(crate) verb: Verb,
}

impl Statement {
    /// The statement without the space and comments before it.
    pub(crate) fn text<'a>(&self, file: &'a str) -> &'a str {
        file.get(self.first.start..self.end).unwrap_or_default()
    }

    /// Its bytes, without the space and comments before it.
    pub(crate) fn range(&self) -> Range<usize> {
        self.first.start..self.end
    }
}

/// A file cut into statements, and what the cut came across on the way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    pub(crate) statements: Vec<Statement>,
    pub(crate) comments: Vec<Range<usize>>,
    /// Bind parameters.
    pub(crate) parameters: Vec<Range<usize>>,
    /// What names the function that calls steps in Rust.
    pub(crate) steps: Vec<Range<usize>>,
    /// A quote or a comment that is never closed, and reaches to the end of the file.
    pub(crate) unterminated: Option<Range<usize>>,
    /// Says INITIALLY DEFERRED somewhere, so a foreign key may be checked as late as at COMMIT.
    pub(crate) defers: bool,
    /// The last statement is a trigger that lacks its `END;`, so it reaches to the end of the file.
    pub(crate) open_trigger: Option<Range<usize>>,
}

#[cfg(feature = "build")]
impl Script {
    /// The statement that a place in the file belongs to.
    pub(crate) fn statement_at(&self, place: usize) -> Option<&Statement> {
        self.statements.iter().find(|statement| statement.end > place)
    }
}

/// The states of `sqlite3_complete`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Normal,
    Explain,
    Create,
    Trigger,
    /// After a `;` inside a trigger.
    Semicolon,
    /// After `; END` inside a trigger: one more `;` ends the statement.
    End,
}

impl State {
    fn after(self, token: &Token<'_>) -> State {
        use State::{Create, End, Explain, Normal, Semicolon, Start, Trigger};
        let is = |word| token.is_word(word);
        match self {
            Trigger | Semicolon | End => match (self, token.kind) {
                (End, TokenKind::Semicolon) => Start,
                (_, TokenKind::Semicolon) => Semicolon,
                (Semicolon, _) if is("end") => End,
                _ => Trigger,
            },
            _ if token.kind == TokenKind::Semicolon => Start,
            Start | Explain if is("create") => Create,
            Start if is("explain") => Explain,
            Explain if !is("explain") && !is("temp") && !is("temporary") && !is("trigger") && !is("end") => {
                Explain
            }
            Create if is("temp") || is("temporary") => Create,
            Create if is("trigger") => Trigger,
            _ => Normal,
        }
    }
}

/// Cuts a normalised text.
pub(crate) fn cut(text: &str) -> Script {
    let mut script = Script::default();
    let mut state = State::Start;
    // The tokens of the statement that is being read, with room for most, and where its slice begins.
    let mut open: Vec<Token<'_>> = Vec::with_capacity(24);
    let mut start = 0;
    let mut initially = false;

    for token in token::tokens(text) {
        match token.kind {
            TokenKind::Space => continue,
            TokenKind::Comment => {
                script.comments.push(token.range());
                continue;
            }
            TokenKind::Unterminated => script.unterminated = Some(token.range()),
            TokenKind::Parameter => script.parameters.push(token.range()),
            TokenKind::Word | TokenKind::QuotedName if step::is_named(&token) => {
                script.steps.push(token.range())
            }
            _ => {}
        }
        script.defers |= initially && token.is_word("deferred");
        initially = token.is_word("initially");
        state = state.after(&token);
        if token.kind != TokenKind::Semicolon || state != State::Start {
            // A `;` before any other token belongs to no statement.
            if token.kind != TokenKind::Semicolon || !open.is_empty() {
                open.push(token);
            }
        } else if let Some(statement) = statement(&open, start, token.end()) {
            open.clear();
            start = token.end();
            script.statements.push(statement);
        }
    }
    let end = open.iter().rev().find(|token| token.kind != TokenKind::Semicolon).map_or(start, Token::end);
    if let Some(statement) = statement(&open, start, end) {
        if matches!(state, State::Trigger | State::Semicolon) {
            script.open_trigger = Some(statement.first.clone());
        }
        script.statements.push(statement);
    }
    script
}

/// The statement that these tokens make, if there are any.
fn statement(tokens: &[Token<'_>], start: usize, end: usize) -> Option<Statement> {
    let first = tokens.first()?.range();
    Some(Statement { start, first, end, verb: Verb::parse(tokens) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slices(text: &str) -> Vec<&str> {
        cut(text).statements.iter().map(|statement| statement.text(text)).collect()
    }

    #[test]
    fn statements_end_at_semicolons() {
        assert_eq!(slices("BEGIN; SELECT 1;\n-- c;\nCOMMIT"), ["BEGIN;", "SELECT 1;", "COMMIT"]);
        assert_eq!(slices(" ;; ; SELECT ';' ;;"), ["SELECT ';' ;"]);
        assert_eq!(slices("-- only\n/* comments; */"), [""; 0]);
    }

    #[test]
    fn statements_leave_nothing_out() {
        let text = "/* a */ BEGIN;; -- b\n SELECT 1; COMMIT; -- c";
        let script = cut(text);
        let joined: String =
            script.statements.iter().map(|statement| &text[statement.start..statement.end]).collect();
        assert_eq!(joined, "/* a */ BEGIN;; -- b\n SELECT 1; COMMIT;");
    }

    #[test]
    fn a_trigger_is_one_statement() {
        for trigger in [
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET x = 1; DELETE FROM b; END;",
            "create temp trigger t after insert on a begin select case when 1 then 2 end; end;",
            "CREATE TEMPORARY TRIGGER \"end;\" AFTER INSERT ON a BEGIN SELECT ';END;'; /*;*/ END ;",
            "EXPLAIN CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;",
            "CREATE /* x */ TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; ; END;",
        ] {
            let text = format!("{trigger}SELECT 1;");
            assert_eq!(slices(&text), [trigger, "SELECT 1;"]);
        }
    }

    #[test]
    fn case_end_outside_a_trigger_is_nothing_special() {
        assert_eq!(slices("SELECT CASE WHEN 1 THEN 2 END; END;"), ["SELECT CASE WHEN 1 THEN 2 END;", "END;"]);
        assert_eq!(slices("CREATE TABLE \"trigger\"(a); SELECT 1;").len(), 2);
        assert_eq!(slices("CREATE TABLE trigger_x(a); SELECT 1;").len(), 2);
    }

    #[test]
    fn a_trigger_without_end_is_told() {
        assert!(cut("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; COMMIT;").open_trigger.is_some());
        assert!(cut("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END").open_trigger.is_none());
    }

    #[test]
    fn comments_are_found() {
        let text = "-- a\nBEGIN; /* b */ COMMIT; SELECT '-- c'";
        let comments: Vec<_> = cut(text).comments.into_iter().map(|comment| &text[comment]).collect();
        assert_eq!(comments, ["-- a", "/* b */"]);
    }

    #[test]
    fn checkouts_on_windows_read_the_same() {
        assert_eq!(normalise("\u{feff}a\r\nb\r\n"), "a\nb\n");
        assert!(matches!(normalise("a\nb"), Cow::Borrowed(_)));
        assert_eq!(normalise("a\r\r\nb"), "a\r\nb"); // and the CR that stays is refused
    }

    #[test]
    fn deferred_foreign_keys_are_seen() {
        assert!(cut("CREATE TABLE a(b REFERENCES c DEFERRABLE INITIALLY /**/ deferred);").defers);
        assert!(!cut("BEGIN DEFERRED; SELECT 'INITIALLY DEFERRED'; -- INITIALLY DEFERRED").defers);
    }
}
