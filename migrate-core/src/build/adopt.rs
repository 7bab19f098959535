//! Files of other tools as files of ours: what a text of theirs says inside of one transaction, what has to stand around
//! that, and which versions they can have. Where they come from, and in which order, whoever reads them knows.

use std::ops::Range;

use crate::check::entry;
use crate::model::name;
use crate::model::numbering::Numbering;
use crate::model::place::Place;
use crate::sql::script::{self, Statement};
use crate::sql::token;
use crate::sql::verb::{Pragma, Verb};

/// A text of another tool's.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Adopted {
    /// What stands between BEGIN and the record: every statement ends with `;`, and the last line with a line break.
    pub body: String,
    /// Foreign keys have to be off around it.
    pub foreign_keys_off: bool,
    /// The old rules for RENAME have to hold around it.
    pub legacy_alter_table: bool,
    /// The tables that it creates.
    pub tables: Vec<String>,
    /// What is left out, by its line: the statement and why.
    pub left_out: Vec<(usize, String)>,
}

/// Takes a text apart. Transactions are ours to open, and settings stand around them.
#[must_use]
pub fn adopt(text: &str) -> Adopted {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut adopted = Adopted::default();
    let mut cuts: Vec<Range<usize>> = Vec::new();
    let script = script::cut(text);
    for statement in &script.statements {
        adopted.tables.extend(statement.verb.created_table().map(str::to_owned));
        match adopted.takes(statement) {
            None => {}
            Some(reason) => {
                if let Some(reason) = reason {
                    let line = Place::new(text, statement.range()).line;
                    let said: Vec<_> = statement.text(text).split_whitespace().collect();
                    adopted
                        .left_out
                        .push((line, format!("{}: {reason}", said.join(" ").trim_end_matches(';'))));
                }
                cuts.push(whole_line(text, statement.range()));
            }
        }
    }
    let last = script.statements.last();
    let is_cut = last.is_some_and(|last| cuts.iter().any(|cut| cut.contains(&last.first.start)));
    let mut body = if is_cut { text.to_owned() } else { closed(text, last) };
    for cut in cuts.into_iter().rev() {
        body.replace_range(cut, "");
    }
    let body = body.trim_matches(['\n', '\r']);
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    adopted.body =
        if body.trim().is_empty() { String::new() } else { format!("{}{line_break}", body.trim_end()) };
    adopted
}

impl Adopted {
    /// Whether a statement is to be left out, and why, if that has to be told.
    #[expect(clippy::option_option, reason = "left out, and told or not")]
    fn takes(&mut self, statement: &Statement) -> Option<Option<&'static str>> {
        match &statement.verb {
            Verb::Begin { .. } | Verb::Commit { .. } => Some(None),
            Verb::Rollback | Verb::Savepoint | Verb::Release => {
                Some(Some("a file is one transaction, and nothing in it may end or divide that"))
            }
            Verb::Vacuum => Some(Some("SQLite cannot do it in a transaction; run it after the migrations")),
            Verb::Attach | Verb::Detach => Some(Some("a migration changes one database")),
            Verb::Pragma(pragma) => self.pragma(pragma),
            _ => None,
        }
    }

    #[expect(clippy::option_option, reason = "as above")]
    fn pragma(&mut self, pragma: &Pragma) -> Option<Option<&'static str>> {
        match (pragma.name.as_str(), pragma.switch()) {
            ("foreign_keys", switch) => {
                self.foreign_keys_off |= switch == Some(false);
                Some(None)
            }
            ("legacy_alter_table", switch) => {
                self.legacy_alter_table |= switch == Some(true);
                Some(None)
            }
            ("foreign_key_check", _) => Some(None),
            ("defer_foreign_keys", Some(true)) | ("user_version" | "application_id" | "optimize", _) => None,
            _ => Some(Some(
                "it has no effect in a transaction, or outlives it; set it when the program opens the database",
            )),
        }
    }
}

/// A text whose last statement ends with `;`, before whatever comment follows it.
#[must_use]
pub fn terminated(text: &str) -> String {
    closed(text, script::cut(text).statements.last())
}

fn closed(text: &str, last: Option<&Statement>) -> String {
    let mut closed = text.to_owned();
    if let Some(last) = last.filter(|last| !last.text(text).ends_with(';')) {
        closed.insert(last.end, ';');
    }
    closed
}

/// A statement, with its line where nothing else is on it.
fn whole_line(text: &str, statement: Range<usize>) -> Range<usize> {
    let before = text.get(..statement.start).unwrap_or_default();
    let start = before.trim_end_matches([' ', '\t']).len();
    let after = text.get(statement.end..).unwrap_or_default();
    let blank = after.len() - after.trim_start_matches([' ', '\t', '\r']).len();
    let rest = after.get(blank..).unwrap_or_default();
    let alone = before.get(..start).is_none_or(|before| before.is_empty() || before.ends_with('\n'));
    match rest.strip_prefix('\n') {
        Some(_) if alone => start..statement.end + blank + 1,
        None if alone && rest.is_empty() => start..text.len(),
        _ => statement,
    }
}

/// A file of ours, as it is to be written: around its record as well, line breaks are those of the text.
#[must_use]
pub fn framed(adopted: &Adopted, table: &str, file_name: &str) -> String {
    let crlf = adopted.body.contains("\r\n");
    let (version, name) = name::parse(file_name).map(|name| (name.version, name.name)).unwrap_or_default();
    let table = crate::sql::quote::written(table);
    let mut lines = String::new();
    let settings = [
        (adopted.foreign_keys_off, "foreign_keys", ["OFF", "ON"]),
        (adopted.legacy_alter_table, "legacy_alter_table", ["ON", "OFF"]),
    ];
    let say = |at: usize| {
        let said = settings.iter().filter(|(is_set, ..)| *is_set);
        said.map(move |(_, name, values)| {
            format!("PRAGMA {name} = {};\n", values.get(at).copied().unwrap_or_default())
        })
        .collect::<String>()
    };
    lines.push_str(&say(0));
    lines.push_str("BEGIN;\n");
    let record =
        format!("INSERT INTO {table} (version, name) VALUES ('{version}', '{name}');\nCOMMIT;\n{}", say(1));
    if crlf {
        return lines.replace('\n', "\r\n")
            + &adopted.body.replace("\r\n", "\n").replace('\n', "\r\n")
            + &record.replace('\n', "\r\n");
    }
    lines + &adopted.body + &record
}

/// Which versions files of another tool get.
#[derive(Debug, PartialEq, Eq)]
pub struct Versions {
    /// That of the first file, which creates the tracking table.
    pub first: String,
    /// Those of their files, in order.
    pub theirs: Vec<String>,
    /// They are the ones that they had, but for zeros before them.
    pub kept: bool,
}

/// Keeps the versions that files have, where they can follow the first file of ours, and counts anew where not.
#[must_use]
pub fn versions(theirs: &[Option<u64>], width: usize) -> Versions {
    let zeros = "0".repeat(width.max(Numbering::USUAL.version(0).len()));
    let numbering = Numbering::of(&zeros);
    let mut before = Some(0);
    let follows = theirs.iter().all(|number| {
        let follows = number.is_some_and(|number| numbering.follows(before, number));
        before = *number;
        follows
    });
    if follows {
        let theirs = theirs.iter().flatten().map(|number| numbering.version(*number)).collect();
        return Versions { first: zeros, theirs, kept: true };
    }
    let numbering = Numbering::USUAL;
    let count = u64::try_from(theirs.len()).unwrap_or(u64::MAX);
    let theirs = (1..=count).map(|number| numbering.version(number)).collect();
    Versions { first: numbering.version(0), theirs, kept: false }
}

/// What a file is called, after a name of another tool's.
#[must_use]
pub fn name_of(about: &str) -> String {
    entry::words(about)
}

/// The first words of a text, for a file that has no name.
#[must_use]
pub fn first_words(text: &str) -> String {
    let words = token::significant(text).filter_map(|token| token.unquoted());
    words.take(3).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transactions_and_settings_go_where_they_belong() {
        let text = "-- begins\nPRAGMA foreign_keys = OFF;\nPRAGMA journal_mode=WAL;\nBEGIN;\n-- a table\nCREATE TABLE a (b); -- \
                    small\nCOMMIT;\nVACUUM;\nCREATE TABLE c (d) -- the end\n";
        let adopted = adopt(text);
        assert_eq!(
            adopted.body,
            "-- begins\n-- a table\nCREATE TABLE a (b); -- small\nCREATE TABLE c (d); -- the end\n"
        );
        assert!(adopted.foreign_keys_off && !adopted.legacy_alter_table);
        let lines: Vec<_> =
            adopted.left_out.iter().map(|(line, said)| (*line, said.split(':').next())).collect();
        assert_eq!(lines, [(3, Some("PRAGMA journal_mode=WAL")), (8, Some("VACUUM"))]);
    }

    #[test]
    fn line_breaks_stay_as_they_are() {
        let adopted = adopt("\u{feff}BEGIN;\r\nCREATE TABLE a (b);\r\nEND;\r\n");
        assert_eq!(adopted.body, "CREATE TABLE a (b);\r\n");
        let adopted = adopt("CREATE TABLE a (\r\n  b\r\n)");
        assert_eq!(
            framed(&adopted, "t", "001_a.sql"),
            "BEGIN;\r\nCREATE TABLE a (\r\n  b\r\n);\r\nINSERT INTO t (version, name) VALUES ('001', 'a');\r\nCOMMIT;\r\n"
        );
    }

    #[test]
    fn nothing_is_left_of_a_file_that_says_nothing() {
        assert_eq!(adopt("\n  \n").body, "");
        assert_eq!(adopt("BEGIN; COMMIT;").body.trim(), "");
        assert_eq!(adopt("-- only a comment\n").body, "-- only a comment\n");
    }

    #[test]
    fn versions_are_kept_where_they_can_be() {
        let kept = |theirs: &[u64], width| {
            let versions = versions(&theirs.iter().copied().map(Some).collect::<Vec<_>>(), width);
            (versions.kept, versions.first, versions.theirs.join(" "))
        };
        let is = |kept, first: &str, theirs: &str| (kept, first.to_owned(), theirs.to_owned());
        assert_eq!(kept(&[1, 2, 3], 4), is(true, "0000", "0001 0002 0003"));
        assert_eq!(kept(&[1, 2], 1), is(true, "000", "001 002"));
        assert_eq!(kept(&[0, 1], 4), is(false, "000", "001 002"));
        assert_eq!(kept(&[1, 3], 3), is(false, "000", "001 002"));
        assert_eq!(kept(&[1, 1], 3), is(false, "000", "001 002"));
        assert_eq!(versions(&[None], 3).theirs, ["001"]);
    }
}
