//! The one transaction of a file: where it begins and ends, and what may stand inside and outside. Pure.

use std::ops::Range;

use crate::model::migration::Settings;
use crate::model::problem::Rule;
use crate::sql::script::{Fault, Script, Statement, StatementKind};
use crate::sql::token::{self, Kind, Token};

/// The frame of a file, found by [`frame`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Transaction {
    /// Which statements stand between BEGIN and COMMIT.
    pub(crate) body: Range<usize>,
    pub(crate) settings: Settings,
    /// A foreign key may be checked as late as at COMMIT.
    pub(crate) defers: bool,
}

/// What a file runs with unless it says otherwise.
pub(crate) const DEFAULT: Settings = Settings { foreign_keys: true, legacy_alter_table: false };

/// A PRAGMA statement, as far as it decides whether it may stand in a file.
struct Pragma {
    /// In lower case.
    name: String,
    value: Option<String>,
    place: Range<usize>,
}

impl Pragma {
    fn parse(statement: &Statement, text: &str) -> Option<Self> {
        let mut tokens = token::significant(statement.text(text)).skip(1).peekable();
        let mut name = tokens.next()?;
        if tokens.next_if(|token| token.text == ".").is_some() {
            name = tokens.next()?;
        }
        let assigned = tokens.next_if(|token| token.text == "=" || token.text == "(").is_some();
        let value = assigned.then(|| {
            let parts = tokens.take_while(|token| token.text != ")" && token.kind != Kind::Semicolon);
            parts
                .filter_map(|part: Token<'_>| part.unquoted().or_else(|| Some(part.text.to_owned())))
                .collect()
        });
        let offset = statement.first.start;
        let place = offset + name.start..offset + name.end();
        Some(Self { name: name.unquoted()?.to_ascii_lowercase(), value, place })
    }

    /// The value as SQLite reads a switch (`sqlite3GetBoolean`).
    fn switch(&self) -> Option<bool> {
        let value = self.value.as_deref()?.to_ascii_lowercase();
        match value.as_str() {
            "on" | "yes" | "true" => Some(true),
            "off" | "no" | "false" => Some(false),
            number => number.parse::<u32>().ok().map(|number| number != 0),
        }
    }
}

/// Finds the transaction of a file, and everything that may not stand where it stands.
pub(crate) fn frame(script: &Script, text: &str) -> (Option<Transaction>, Vec<Fault>) {
    let mut faults = Vec::new();
    let statements = &script.statements;
    let begin = statements.iter().position(|statement| statement.kind == StatementKind::Begin);
    let commit = statements.iter().rposition(|statement| statement.kind == StatementKind::Commit);
    let frame = match (begin, commit) {
        (Some(begin), Some(commit)) if begin < commit => Some(begin..commit),
        _ => {
            faults.push(no_transaction(script, text));
            None
        }
    };
    if let Some(frame) = &frame {
        let ends = [frame.start, frame.end].into_iter().filter_map(|index| statements.get(index));
        faults.extend(ends.filter_map(|statement| overlong(statement, text)));
    }

    let mut settings = DEFAULT;
    // The last `PRAGMA foreign_keys = OFF` that no ON has followed after COMMIT.
    let mut left_off = None;
    let mut defers = script.defers;
    for (index, statement) in statements.iter().enumerate() {
        let first = statement.first.clone();
        let inside = frame.as_ref().is_none_or(|frame| frame.start < index && index < frame.end);
        let is_frame = frame.as_ref().is_some_and(|frame| index == frame.start || index == frame.end);
        let keyword = text.get(first.clone()).unwrap_or_default().to_ascii_uppercase();
        let after = frame.as_ref().is_some_and(|frame| index > frame.end);
        match statement.kind {
            _ if is_frame => {}
            StatementKind::Attach | StatementKind::Detach | StatementKind::Vacuum => {
                faults.push(Fault::new(first, Rule::ForbiddenStatement, forbidden(&keyword)));
            }
            StatementKind::Pragma => {
                let Some(pragma) = Pragma::parse(statement, text) else { continue };
                let allowed = matches!(
                    (pragma.name.as_str(), pragma.switch()),
                    ("user_version" | "application_id" | "optimize", _) | ("defer_foreign_keys", Some(true))
                ) || (pragma.name == "defer_foreign_keys"
                    // Forgives the violations so far; with foreign keys off there are none to forgive.
                    && pragma.switch() == Some(false)
                    && !settings.foreign_keys);
                match (pragma.name.as_str(), pragma.switch()) {
                    ("foreign_key_check", _) => faults.push(Fault::new(
                        pragma.place,
                        Rule::IneffectivePragma,
                        "its rows are thrown away, so it never fails; remove it: a file that turns foreign \
                         keys off is checked before its COMMIT in any case",
                    )),
                    ("foreign_keys", _) if inside => faults.push(Fault::new(
                        pragma.place,
                        Rule::IneffectivePragma,
                        "SQLite ignores it inside a transaction; write PRAGMA foreign_keys = OFF before \
                         BEGIN and PRAGMA foreign_keys = ON after COMMIT",
                    )),
                    ("foreign_keys", Some(on)) => {
                        if !after {
                            settings.foreign_keys = on;
                        }
                        left_off = (!on).then_some(pragma.place);
                    }
                    ("legacy_alter_table", Some(on)) if !inside => {
                        if !after {
                            settings.legacy_alter_table = on;
                        }
                    }
                    ("foreign_keys" | "legacy_alter_table", None) if !inside => faults.push(Fault::new(
                        pragma.place,
                        Rule::OutsideTransaction,
                        format!("PRAGMA {} is set to ON or OFF here, and nothing else", pragma.name),
                    )),
                    ("legacy_alter_table", _) => faults.push(Fault::new(
                        pragma.place,
                        Rule::ForbiddenStatement,
                        "it would outlive a rollback; write PRAGMA legacy_alter_table = ON before BEGIN",
                    )),
                    _ if allowed && inside => defers |= pragma.name == "defer_foreign_keys",
                    _ if allowed => faults.push(outside(pragma.place, after)),
                    ("defer_foreign_keys", Some(false)) => faults.push(Fault::new(
                        pragma.place,
                        Rule::ForbiddenStatement,
                        "it forgives the violations so far; leave it out: it is off again after COMMIT",
                    )),
                    _ => faults.push(Fault::new(
                        pragma.place,
                        Rule::ForbiddenStatement,
                        format!(
                            "PRAGMA {} may not stand in a migration: it does nothing in a transaction, or \
                             outlives its rollback; user_version, application_id, optimize and \
                             defer_foreign_keys = ON may",
                            pragma.name
                        ),
                    )),
                }
            }
            StatementKind::Other if inside => {}
            _ if inside && frame.is_some() => faults.push(Fault::new(
                first,
                Rule::NestedTransaction,
                format!(
                    "{keyword} inside the transaction; a file is one BEGIN … COMMIT with none in between"
                ),
            )),
            // Without a frame, nothing can be said of what stands inside or outside of it.
            _ if inside => {}
            _ => faults.push(outside(first, after)),
        }
    }
    if let Some(place) = left_off {
        faults.push(Fault::new(
            place,
            Rule::OutsideTransaction,
            "foreign keys are off and never on again for whoever runs the file by hand; write \
             PRAGMA foreign_keys = ON; after COMMIT",
        ));
    }
    let transaction = frame.map(|frame| Transaction {
        body: frame.start + 1..frame.end,
        settings,
        // Where they are off, nothing is put off.
        defers: defers && settings.foreign_keys,
    });
    (transaction, faults)
}

fn no_transaction(script: &Script, text: &str) -> Fault {
    const ACCEPTED: &str = "a migration is BEGIN; its statements; a row for itself; COMMIT;";
    let find = |kind| script.statements.iter().find(|statement| statement.kind == kind);
    let rule = Rule::NoTransaction;
    if let Some(trigger) = &script.open_trigger {
        let message = "there is no COMMIT: this trigger lacks the END; that ends it, so it reaches to the end \
                       of the file";
        Fault::new(trigger.clone(), rule, message)
    } else if let Some(commit) = swallowed_commit(script, text) {
        let message = "near \"COMMIT\": syntax error; the statement before it lacks its ;";
        Fault::new(commit, Rule::SqlError, message)
    } else if let Some(begin) = find(StatementKind::Begin) {
        let message = match find(StatementKind::Rollback) {
            Some(_) => format!("this BEGIN ends in ROLLBACK, and no COMMIT follows it; {ACCEPTED}"),
            None => format!("no COMMIT follows this BEGIN; {ACCEPTED}"),
        };
        Fault::new(begin.first.clone(), rule, message)
    } else if let Some(first) = script.statements.first() {
        Fault::new(first.first.clone(), rule, format!("there is no BEGIN; {ACCEPTED}"))
    } else {
        let place = text.find(|c: char| !c.is_whitespace()).unwrap_or_default();
        Fault::new(place..place, rule, format!("there is no statement in this file; {ACCEPTED}"))
    }
}

/// A COMMIT that the last statement runs into. It is never a name, so SQLite refuses that statement.
fn swallowed_commit(script: &Script, text: &str) -> Option<Range<usize>> {
    let statement = script.statements.last().filter(|statement| statement.kind == StatementKind::Other)?;
    let mut tokens = token::significant(statement.text(text)).peekable();
    if tokens.peek()?.is_word("explain") {
        return None;
    }
    let last = tokens.filter(|token| token.kind != Kind::Semicolon).last()?;
    let start = statement.first.start + last.start;
    last.is_word("commit").then_some(start..start + last.text.len())
}

/// What stands after BEGIN or COMMIT and is no part of it, most often for want of a `;`.
fn overlong(statement: &Statement, text: &str) -> Option<Fault> {
    let mut tokens = token::significant(statement.text(text)).peekable();
    let keyword = tokens.next()?.text.to_ascii_uppercase();
    if keyword == "BEGIN" {
        tokens.next_if(|token| ["deferred", "immediate", "exclusive"].iter().any(|word| token.is_word(word)));
    }
    if tokens.next_if(|token| token.is_word("transaction")).is_some() {
        // SQLite allows a name here, and ignores it.
        tokens.next_if(|token| token.unquoted().is_some());
    }
    let extra = tokens.next().filter(|token| token.kind != Kind::Semicolon)?;
    let start = statement.first.start + extra.start;
    Some(Fault::new(
        start..start + extra.text.len(),
        Rule::SqlError,
        format!("near \"{}\": syntax error; {keyword} ends with a ; of its own", extra.text),
    ))
}

fn outside(place: Range<usize>, after: bool) -> Fault {
    let (side, other) = if after {
        ("after COMMIT", "move it before COMMIT")
    } else {
        ("before BEGIN", "move it after BEGIN")
    };
    Fault::new(
        place,
        Rule::OutsideTransaction,
        format!(
            "a statement {side}, outside the transaction; {other}: only comments and \
             PRAGMA foreign_keys / legacy_alter_table may stand here"
        ),
    )
}

fn forbidden(keyword: &str) -> String {
    let why = match keyword {
        "VACUUM" => "SQLite refuses it in a transaction; run it from the program, after the migrations",
        _ => "it outlives the rollback of a transaction; attach databases from the program",
    };
    format!("{keyword} may not stand in a migration: {why}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::script::split;

    fn rules(text: &str) -> Vec<Rule> {
        frame(&split(text), text).1.into_iter().map(|fault| fault.rule).collect()
    }

    fn settings(text: &str) -> (bool, bool) {
        let (transaction, faults) = frame(&split(text), text);
        assert_eq!(faults, [], "{text}");
        let settings = transaction.expect("a transaction").settings;
        (settings.foreign_keys, settings.legacy_alter_table)
    }

    #[test]
    fn a_file_is_one_transaction() {
        use Rule::{NestedTransaction, NoTransaction, OutsideTransaction};
        for (text, expected) in [
            ("BEGIN; SELECT 1; COMMIT;", vec![]),
            ("begin immediate transaction; SELECT 1; end transaction", vec![]),
            ("", vec![NoTransaction]),
            ("-- nothing\n", vec![NoTransaction]),
            ("SELECT 1;", vec![NoTransaction]),
            ("BEGIN; SELECT 1;", vec![NoTransaction]),
            ("BEGIN; SELECT 1; ROLLBACK;", vec![NoTransaction]),
            ("COMMIT; BEGIN;", vec![NoTransaction]),
            ("BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT;", vec![NestedTransaction; 2]),
            ("BEGIN; SAVEPOINT a; RELEASE a; ROLLBACK; END; COMMIT;", vec![NestedTransaction; 4]),
            ("SELECT 1; BEGIN; COMMIT; SELECT 2;", vec![OutsideTransaction; 2]),
            ("BEGIN; COMMIT; ROLLBACK;", vec![OutsideTransaction]),
        ] {
            assert_eq!(rules(text), expected, "{text}");
        }
    }

    #[test]
    fn begin_and_commit_end_with_a_semicolon() {
        for text in [
            "BEGIN CREATE TABLE a(b); COMMIT;",
            "BEGIN WORK; COMMIT;",
            "BEGIN CONCURRENT; COMMIT;",
            "BEGIN; COMMIT NOW;",
            "BEGIN; COMMIT PRAGMA foreign_keys = ON;",
            "BEGIN; INSERT INTO a VALUES (1) COMMIT;",
        ] {
            assert_eq!(rules(text), [Rule::SqlError], "{text}");
        }
        assert_eq!(rules("BEGIN EXCLUSIVE TRANSACTION a; END TRANSACTION 'b';"), [] as [Rule; 0]);
    }

    #[test]
    fn a_trigger_s_begin_and_end_are_its_own() {
        assert_eq!(
            rules("BEGIN; CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END; COMMIT;"),
            [] as [Rule; 0]
        );
    }

    #[test]
    fn settings_stand_around_the_transaction() {
        assert_eq!(settings("BEGIN; COMMIT;"), (true, false));
        assert_eq!(
            settings("PRAGMA foreign_keys = OFF; BEGIN; COMMIT; PRAGMA foreign_keys = ON;"),
            (false, false)
        );
        assert_eq!(
            settings("pragma main.Foreign_Keys('no'); BEGIN; END; PRAGMA \"foreign_keys\" = 1"),
            (false, false)
        );
        assert_eq!(
            settings("PRAGMA foreign_keys=0; PRAGMA foreign_keys=1; BEGIN; COMMIT; PRAGMA foreign_keys=1;"),
            (true, false)
        );
        assert_eq!(settings("PRAGMA legacy_alter_table = ON; BEGIN; COMMIT;"), (true, true));
        assert_eq!(settings("BEGIN; COMMIT; PRAGMA legacy_alter_table = ON;"), (true, false));
    }

    #[test]
    fn foreign_keys_must_be_on_again() {
        for text in [
            "PRAGMA foreign_keys = OFF; BEGIN; COMMIT;",
            "PRAGMA foreign_keys = OFF; PRAGMA foreign_keys = ON; PRAGMA foreign_keys = OFF; BEGIN; COMMIT;",
            "BEGIN; COMMIT; PRAGMA foreign_keys = OFF;",
            "PRAGMA foreign_keys = OF; BEGIN; COMMIT;",
            "PRAGMA foreign_keys; BEGIN; COMMIT;",
        ] {
            assert_eq!(rules(text), [Rule::OutsideTransaction], "{text}");
        }
    }

    #[test]
    fn pragmas_that_a_transaction_cannot_hold() {
        use Rule::{ForbiddenStatement, IneffectivePragma, OutsideTransaction};
        for (statement, rule) in [
            ("PRAGMA foreign_keys = OFF;", Some(IneffectivePragma)),
            ("PRAGMA foreign_keys;", Some(IneffectivePragma)),
            ("PRAGMA main.foreign_key_check(a);", Some(IneffectivePragma)),
            ("PRAGMA journal_mode = WAL;", Some(ForbiddenStatement)),
            ("PRAGMA legacy_alter_table = ON;", Some(ForbiddenStatement)),
            ("PRAGMA defer_foreign_keys = OFF;", Some(ForbiddenStatement)),
            ("PRAGMA defer_foreign_keys;", Some(ForbiddenStatement)),
            ("PRAGMA user_versoin = 3;", Some(ForbiddenStatement)),
            ("PRAGMA writable_schema(1);", Some(ForbiddenStatement)),
            ("ATTACH 'x' AS y;", Some(ForbiddenStatement)),
            ("DETACH y;", Some(ForbiddenStatement)),
            ("VACUUM INTO 'x';", Some(ForbiddenStatement)),
            ("PRAGMA user_version = 3;", None),
            ("PRAGMA application_id(-1);", None),
            ("PRAGMA optimize;", None),
            ("PRAGMA defer_foreign_keys = ON;", None),
        ] {
            let rules = rules(&format!("BEGIN; {statement} COMMIT;"));
            assert_eq!(rules, rule.into_iter().collect::<Vec<_>>(), "{statement}");
        }
        let off = "PRAGMA foreign_keys = OFF; BEGIN; PRAGMA defer_foreign_keys = OFF; COMMIT; PRAGMA foreign_keys = ON;";
        assert_eq!(rules(off), []);
        assert_eq!(rules("PRAGMA user_version = 3; BEGIN; COMMIT;"), [OutsideTransaction]);
        assert_eq!(rules("PRAGMA journal_mode = WAL; BEGIN; COMMIT;"), [ForbiddenStatement]);
        assert_eq!(rules("BEGIN; COMMIT; VACUUM;"), [ForbiddenStatement]);
    }

    #[test]
    fn a_file_that_defers_foreign_keys_says_so() {
        for (text, defers) in [
            ("BEGIN; PRAGMA defer_foreign_keys = ON; COMMIT;", true),
            ("BEGIN; CREATE TABLE a(b REFERENCES c INITIALLY DEFERRED); COMMIT;", true),
            ("BEGIN DEFERRED; SELECT 1; COMMIT;", false),
            (
                "PRAGMA foreign_keys = 0; BEGIN; PRAGMA defer_foreign_keys = ON; COMMIT; PRAGMA foreign_keys = 1;",
                false,
            ),
        ] {
            assert_eq!(frame(&split(text), text).0.expect("a transaction").defers, defers, "{text}");
        }
    }
}
