//! The one transaction of a file: where it begins and ends, and what may stand inside and outside.

use std::ops::Range;

use super::fault::Faults;
use super::pragma::Pragmas;
use crate::model::migration::Mode;
use crate::model::rule::Rule;
use crate::sql::script::{Script, Statement};
use crate::sql::token::{self, TokenKind};
use crate::sql::verb::Verb;

/// The transaction of a file, found by [`find`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Transaction {
    /// Which statements stand between BEGIN and COMMIT.
    pub(crate) body: Range<usize>,
    /// What the PRAGMAs around it and inside ask for.
    pub(crate) mode: Mode,
}

/// Where a statement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    Inside,
    After,
}

/// Finds the transaction of a file, and everything that may not stand where it stands.
pub(super) fn find(script: &Script, text: &str, faults: &mut Faults) -> Option<Transaction> {
    let statements = &script.statements;
    let begin = statements.iter().position(|statement| matches!(statement.verb, Verb::Begin { .. }));
    let commit = statements.iter().rposition(|statement| matches!(statement.verb, Verb::Commit { .. }));
    let frame = match (begin, commit) {
        (Some(begin), Some(commit)) if begin < commit => Some((begin, commit)),
        _ => {
            no_transaction(script, text, faults);
            None
        }
    };
    let mut pragmas = Pragmas::new();
    pragmas.mode.defers = script.defers;
    for (index, statement) in statements.iter().enumerate() {
        // Without a frame, nothing can be said of what stands inside or outside of it.
        let side = match frame {
            Some((begin, _)) if index < begin => Side::Before,
            Some((_, commit)) if index > commit => Side::After,
            _ => Side::Inside,
        };
        let ends = frame.is_some_and(|(begin, commit)| index == begin || index == commit);
        let first = statement.first.clone();
        let keyword = || text.get(first.clone()).unwrap_or_default().to_ascii_uppercase();
        match &statement.verb {
            Verb::Begin { extra: Some(extra) } | Verb::Commit { extra: Some(extra) } if ends => faults.add(
                extra.clone(),
                Rule::SqlError,
                format!(
                    "near \"{}\": syntax error; {} ends with a ; of its own",
                    text.get(extra.clone()).unwrap_or_default(),
                    keyword()
                ),
            ),
            _ if ends => {}
            Verb::Attach | Verb::Detach | Verb::Vacuum => {
                faults.add(first.clone(), Rule::ForbiddenStatement, forbidden(&keyword()));
            }
            Verb::Pragma(pragma) => pragmas.take(pragma, side, faults),
            Verb::Begin { .. } | Verb::Commit { .. } | Verb::Rollback | Verb::Savepoint | Verb::Release
                if side == Side::Inside =>
            {
                if frame.is_some() {
                    faults.add(
                        first.clone(),
                        Rule::NestedTransaction,
                        format!(
                            "{} inside the transaction; a file is one BEGIN … COMMIT with none in between",
                            keyword()
                        ),
                    );
                }
            }
            _ if side == Side::Inside => {}
            _ => faults.add(first, Rule::OutsideTransaction, outside(side)),
        }
    }
    pragmas.end(faults);
    let mut mode = pragmas.mode;
    // Where they are off, nothing is put off.
    mode.defers &= mode.settings.foreign_keys;
    frame.map(|(begin, commit)| Transaction { body: begin + 1..commit, mode })
}

fn no_transaction(script: &Script, text: &str, faults: &mut Faults) {
    const ACCEPTED: &str = "a migration is BEGIN; its statements; a row for itself; COMMIT;";
    let find = |is: fn(&Verb) -> bool| script.statements.iter().find(|statement| is(&statement.verb));
    let rule = Rule::NoTransaction;
    if let Some(trigger) = &script.open_trigger {
        let message = "there is no COMMIT: this trigger lacks the END; that closes it, so it reaches to the end of \
                       the file";
        faults.add(trigger.clone(), rule, message);
    } else if let Some(commit) = swallowed_commit(script, text) {
        let message = "near \"COMMIT\": syntax error; the statement before it lacks its ;";
        faults.add(commit, Rule::SqlError, message);
    } else if let Some(begin) = find(|verb| matches!(verb, Verb::Begin { .. })) {
        let message = match find(|verb| *verb == Verb::Rollback) {
            Some(_) => format!("this BEGIN ends in ROLLBACK, and no COMMIT follows it; {ACCEPTED}"),
            None => format!("no COMMIT follows this BEGIN; {ACCEPTED}"),
        };
        faults.add(begin.first.clone(), rule, message);
    } else if let Some(first) = script.statements.first() {
        faults.add(first.first.clone(), rule, format!("there is no BEGIN; {ACCEPTED}"));
    } else {
        let place = text.find(|c: char| !c.is_whitespace()).unwrap_or_default();
        faults.add(place..place, rule, format!("there is no statement in this file; {ACCEPTED}"));
    }
}

/// A COMMIT that the last statement runs into. It is never a name, so SQLite refuses that statement.
fn swallowed_commit(script: &Script, text: &str) -> Option<Range<usize>> {
    let is_frame = |statement: &&Statement| {
        matches!(
            statement.verb,
            Verb::Begin { .. }
                | Verb::Commit { .. }
                | Verb::Rollback
                | Verb::Savepoint
                | Verb::Release
                | Verb::Explain
        )
    };
    let statement = script.statements.last().filter(|statement| !is_frame(statement))?;
    let tokens = token::significant(statement.text(text));
    let last = tokens.filter(|token| token.kind != TokenKind::Semicolon).last()?;
    let start = statement.first.start + last.start;
    last.is_word("commit").then_some(start..start + last.text.len())
}

/// Why a statement may not stand on this side of the transaction.
pub(super) fn outside(side: Side) -> String {
    let (side, instead) = if side == Side::After {
        ("after COMMIT", "move it before COMMIT")
    } else {
        ("before BEGIN", "move it after BEGIN")
    };
    format!(
        "a statement {side} is outside the transaction; {instead}: only comments and PRAGMA foreign_keys / \
         legacy_alter_table are accepted here"
    )
}

fn forbidden(keyword: &str) -> String {
    let why = match keyword {
        "VACUUM" => "SQLite refuses it in a transaction; run it from the program, after the migrations",
        _ => "it outlives the rollback of a transaction; attach databases from the program",
    };
    format!("a migration may not contain {keyword}: {why}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::script::cut;

    fn read(text: &str) -> (Option<Transaction>, Vec<Rule>) {
        let mut faults = Faults::of(0);
        let transaction = find(&cut(text), text, &mut faults);
        (transaction, faults.into_found().into_iter().map(|fault| fault.rule).collect())
    }

    fn rules(text: &str) -> Vec<Rule> {
        read(text).1
    }

    fn settings(text: &str) -> (bool, bool) {
        let (transaction, faults) = read(text);
        assert_eq!(faults, [], "{text}");
        let settings = transaction.expect("a transaction").mode.settings;
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
            assert_eq!(read(text).0.expect("a transaction").mode.defers, defers, "{text}");
        }
    }
}
