//! Where the statements of a file begin and end, by the rules of `sqlite3_complete`. Pure.
//!
//! Used at build, in the rehearsal and by `from_dir`, so that all cut alike. Says nothing about whether a
//! statement is valid: SQLite does, and the rehearsal holds every slice against it.

use std::borrow::Cow;
use std::ops::Range;

use crate::model::problem::{Rule, is_hidden};
use crate::sql::token::{self, Kind, Token};

/// What is wrong at a range of bytes in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) range: Range<usize>,
    pub(crate) rule: Rule,
    pub(crate) message: String,
    /// It happens on every database, so that a file cannot allow it even where the rule is a hazard.
    pub(crate) certain: bool,
}

impl Fault {
    pub(crate) fn new(range: Range<usize>, rule: Rule, message: impl Into<String>) -> Self {
        Self { range, rule, message: message.into(), certain: !rule.is_hazard() }
    }
}

/// A file's text as every checkout has it: no byte-order mark, and LF for CRLF.
pub(crate) fn normalise(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}

/// What a statement's first keyword makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StatementKind {
    Begin,
    /// COMMIT or END.
    Commit,
    Rollback,
    Savepoint,
    Release,
    Pragma,
    Attach,
    Detach,
    Vacuum,
    Other,
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
    pub(crate) kind: StatementKind,
}

impl Statement {
    /// The statement without the space and comments before it.
    pub(crate) fn text<'a>(&self, file: &'a str) -> &'a str {
        file.get(self.first.start..self.end).unwrap_or_default()
    }
}

/// A file cut into statements, and what the cut showed on the way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    pub(crate) statements: Vec<Statement>,
    /// The reason of a `-- migrate: not-rehearsed:` comment.
    pub(crate) not_rehearsed: Option<String>,
    /// The hazards that `-- migrate: allow(…):` comments silence, and where they do.
    pub(crate) allowed: Vec<(Rule, Range<usize>)>,
    /// Says INITIALLY DEFERRED somewhere, so a foreign key may be checked as late as at COMMIT.
    pub(crate) defers: bool,
    /// The last statement is a trigger that lacks its `END;`, so it reaches to the end of the file.
    pub(crate) open_trigger: Option<Range<usize>>,
    pub(crate) faults: Vec<Fault>,
}

impl Script {
    /// Whether the cut can be trusted: text that SQLite would swallow makes every later statement doubtful.
    pub(crate) fn is_legible(&self) -> bool {
        self.faults.iter().all(|fault| fault.rule != Rule::BadText)
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
                (End, Kind::Semicolon) => Start,
                (_, Kind::Semicolon) => Semicolon,
                (Semicolon, _) if is("end") => End,
                _ => Trigger,
            },
            _ if token.kind == Kind::Semicolon => Start,
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
pub(crate) fn split(text: &str) -> Script {
    let mut script = Script::default();
    let mut faults = Faults::default();
    // Nearly every file is plain ASCII, and the library's own search is fast even in an unoptimised macro.
    let plain = text.is_ascii() && !text.contains('\0') && !text.contains('\r');
    let mut state = State::Start;
    // The statement that is being read, once it has a token.
    let mut open: Option<Statement> = None;
    let mut start = 0;
    let mut initially = false;

    for token in token::tokens(text) {
        match token.kind {
            Kind::Space => {}
            Kind::Comment => read_comment(&token, &mut script, &mut faults),
            Kind::Unterminated => faults.unterminated(&token),
            Kind::Parameter => faults.all.push(Fault::new(
                token.start..token.end(),
                Rule::BindParameter,
                format!(
                    "nothing binds {}, so SQLite would store NULL; write the value, and a string in '…'",
                    token.text
                ),
            )),
            _ => {}
        }
        if !plain {
            faults.characters(&token);
        }
        if token.is_trivia() {
            continue;
        }
        script.defers |= initially && token.is_word("deferred");
        initially = token.is_word("initially");
        state = state.after(&token);
        if token.kind != Kind::Semicolon {
            let statement = open.get_or_insert_with(|| Statement {
                start,
                first: token.start..token.end(),
                end: token.end(),
                kind: kind(&token),
            });
            statement.end = token.end();
        } else if state == State::Start
            && let Some(mut statement) = open.take()
        {
            statement.end = token.end();
            start = token.end();
            script.statements.push(statement);
        }
    }
    if let Some(statement) = open {
        if matches!(state, State::Trigger | State::Semicolon) {
            script.open_trigger = Some(statement.first.clone());
        }
        script.statements.push(statement);
    }
    script.faults = faults.all;
    script
}

fn kind(first: &Token<'_>) -> StatementKind {
    if first.kind != Kind::Word {
        return StatementKind::Other;
    }
    match first.text.to_ascii_lowercase().as_str() {
        "begin" => StatementKind::Begin,
        "commit" | "end" => StatementKind::Commit,
        "rollback" => StatementKind::Rollback,
        "savepoint" => StatementKind::Savepoint,
        "release" => StatementKind::Release,
        "pragma" => StatementKind::Pragma,
        "attach" => StatementKind::Attach,
        "detach" => StatementKind::Detach,
        "vacuum" => StatementKind::Vacuum,
        _ => StatementKind::Other,
    }
}

/// Comments of the form `-- migrate: …` speak to us.
fn read_comment(token: &Token<'_>, script: &mut Script, faults: &mut Faults) {
    let Some(directive) = token
        .text
        .strip_prefix("--")
        .and_then(|comment| comment.trim_start().strip_prefix("migrate:"))
        .map(str::trim)
    else {
        return;
    };
    let (subject, reason) = directive.split_once(':').unwrap_or((directive, ""));
    let (subject, reason) = (subject.trim_end(), reason.trim());
    let range = token.start..token.start + token.text.trim_end().len();
    let asked = match subject.strip_prefix("allow(").and_then(|rest| rest.strip_suffix(')')) {
        None if subject == "not-rehearsed" => Ok(None),
        None => Err(format!(
            "`{subject}` is nothing that a file can ask for; `-- migrate: allow(RULE): reason` and \
             `-- migrate: not-rehearsed: reason` are"
        )),
        Some(id) => match Rule::from_id(id.trim()) {
            Some(rule) if rule.is_hazard() => Ok(Some(rule)),
            Some(rule) => Err(format!("{rule} is no hazard, and cannot be allowed; mend what it is about")),
            None => Err(format!("there is no rule `{}`; the hazards are {}", id.trim(), hazards())),
        },
    };
    match asked {
        Ok(_) if reason.is_empty() => {
            let message = format!("the reason is missing; write `-- migrate: {subject}: reason`");
            faults.all.push(Fault::new(range, Rule::BadAllow, message));
        }
        Ok(Some(rule)) => script.allowed.push((rule, range)),
        Ok(None) => script.not_rehearsed = Some(reason.to_owned()),
        Err(message) => faults.all.push(Fault::new(range, Rule::BadAllow, message)),
    }
}

fn hazards() -> String {
    let hazards: Vec<_> = Rule::ALL.iter().filter(|rule| rule.is_hazard()).map(|rule| rule.id()).collect();
    hazards.join(", ")
}

/// Faults of the text, each kind of bad character told once: a pasted file can hold hundreds.
#[derive(Default)]
struct Faults {
    all: Vec<Fault>,
    told: Vec<char>,
}

impl Faults {
    fn unterminated(&mut self, token: &Token<'_>) {
        let (what, close) = match token.text.as_bytes().first() {
            Some(b'\'') => ("this string", "a '"),
            Some(b'"') => ("this name", "a \""),
            Some(b'`') => ("this name", "a `"),
            Some(b'[') => ("this name", "a ]"),
            _ => ("this comment", "*/"),
        };
        let length = if close == "*/" { 2 } else { 1 };
        self.all.push(Fault::new(
            token.start..token.start + length,
            Rule::BadText,
            format!("{what} is never closed, and hides the rest of the file; close it with {close}"),
        ));
    }

    fn characters(&mut self, token: &Token<'_>) {
        // Quotes and comments may hold any space; only NUL and a lone CR change what SQLite reads there.
        let bare = !matches!(token.kind, Kind::Comment | Kind::Text | Kind::QuotedName | Kind::Unterminated);
        for (at, character) in token.text.char_indices() {
            let message = match character {
                '\0' => "a NUL byte, at which SQLite stops reading without an error; remove it".to_owned(),
                '\r' => {
                    "a CR without LF, which ends no line: a comment before it hides what follows; end the \
                     line with LF or CRLF"
                        .to_owned()
                }
                // Neither is a space to SQLite.
                _ if bare && !character.is_ascii() && (is_hidden(character) || character.is_whitespace()) => {
                    let instead = if is_hidden(character) { "remove it" } else { "use a plain space" };
                    format!(
                        "an invisible character, U+{:04X}, which SQLite reads as part of a name; {instead}, or \
                         put the name in quotes where it is meant",
                        u32::from(character)
                    )
                }
                _ => continue,
            };
            if !self.told.contains(&character) {
                self.told.push(character);
                let start = token.start + at;
                self.all.push(Fault::new(start..start + character.len_utf8(), Rule::BadText, message));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slices(text: &str) -> Vec<&str> {
        split(text).statements.iter().map(|statement| statement.text(text)).collect()
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
        let script = split(text);
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
        assert!(split("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; COMMIT;").open_trigger.is_some());
        assert!(split("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END").open_trigger.is_none());
    }

    #[test]
    fn kinds_follow_the_first_keyword() {
        let text = "/* x */ begin immediate; End transaction; ROLLBACK TO a; pragma x; \"commit\"; [begin];";
        let kinds: Vec<_> = split(text).statements.iter().map(|statement| statement.kind).collect();
        use StatementKind::{Begin, Commit, Other, Pragma, Rollback};
        assert_eq!(kinds, [Begin, Commit, Rollback, Pragma, Other, Other]);
    }

    #[test]
    fn text_that_sqlite_swallows_is_told() {
        for (text, column) in [
            ("SELECT\u{a0}1;", 6),
            ("-- a\rCOMMIT;", 4),
            ("-- a\0b", 4),
            ("'a\0b'", 2),
            ("SELECT 1; /* COMMIT;", 10),
            ("SELECT 'a;", 7),
            ("\u{200b}SELECT 1;", 0),
            ("SELECT 1\u{feff};", 8),
        ] {
            let faults = split(text).faults;
            assert_eq!(faults.len(), 1, "{text:?}: {faults:?}");
            assert_eq!((faults[0].rule, faults[0].range.start), (Rule::BadText, column), "{text:?}");
        }
        for text in
            ["SELECT '\u{a0}';", "-- \u{a0}\n", "/* \u{200b} */", "SELECT \"\u{a0}\";", "SELECT größe;"]
        {
            assert_eq!(split(text).faults, [], "{text:?}");
        }
    }

    #[test]
    fn each_bad_character_is_told_once() {
        assert_eq!(split("\u{a0}a\u{a0}b\u{200b}").faults.len(), 2);
    }

    #[test]
    fn checkouts_on_windows_read_the_same() {
        assert_eq!(normalise("\u{feff}a\r\nb\r\n"), "a\nb\n");
        assert!(matches!(normalise("a\nb"), Cow::Borrowed(_)));
        assert_eq!(normalise("a\r\r\nb"), "a\r\nb"); // and the CR that stays is refused
    }

    #[test]
    fn a_comment_may_ask_for_no_rehearsal() {
        assert_eq!(
            split("--  migrate: not-rehearsed : needs spatialite \nBEGIN;").not_rehearsed.as_deref(),
            Some("needs spatialite")
        );
        for text in ["-- migrate: not-rehearsed", "-- migrate: not-rehearsed:  ", "-- migrate: skip: x"] {
            let script = split(text);
            assert_eq!(script.faults.iter().map(|fault| fault.rule).collect::<Vec<_>>(), [Rule::BadAllow]);
            assert_eq!(script.not_rehearsed, None);
        }
        assert!(split("-- migrations/001_a.sql\n-- see migrate: not-rehearsed").faults.is_empty());
    }

    #[test]
    fn a_comment_may_allow_a_hazard() {
        let script = split("-- migrate: allow(loses-rows): the cache is rebuilt\nBEGIN;");
        assert_eq!(script.allowed, [(Rule::LosesRows, 0..51)]);
        for text in [
            "-- migrate: allow(loses-rows)",
            "-- migrate: allow(loses-rows):",
            "-- migrate: allow(lose-rows): x",
            "-- migrate: allow(sql-error): x",
            "-- migrate: allow: x",
        ] {
            let script = split(text);
            assert_eq!(
                script.faults.iter().map(|fault| fault.rule).collect::<Vec<_>>(),
                [Rule::BadAllow],
                "{text}"
            );
            assert_eq!(script.allowed, []);
        }
    }

    #[test]
    fn deferred_foreign_keys_are_seen() {
        assert!(split("CREATE TABLE a(b REFERENCES c DEFERRABLE INITIALLY /**/ deferred);").defers);
        assert!(!split("BEGIN DEFERRED; SELECT 'INITIALLY DEFERRED'; -- INITIALLY DEFERRED").defers);
    }
}
