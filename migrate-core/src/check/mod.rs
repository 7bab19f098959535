//! A migrations folder held against every rule that needs no SQLite. Pure: whoever read the folder (the
//! macro from disk, `from_dir` from an embedded directory) hands its entries in.

mod entry;
mod sequence;
pub(crate) mod transaction;

use std::borrow::Cow;

use self::transaction::Transaction;
use crate::model::name::{self, Name};
use crate::model::problem::{Place, Problem, Rule};
use crate::sql::record;
use crate::sql::script::{self, Fault, Script, Statement};

/// An entry that a folder was found to hold.
pub(crate) struct Entry<'a> {
    pub(crate) name: String,
    pub(crate) content: Content<'a>,
}

pub(crate) enum Content<'a> {
    /// A regular file, read.
    Text(Cow<'a, str>),
    /// It could not be read as text, and why.
    Unreadable(String),
    /// No regular file of this folder, and what it is.
    Other(String),
}

impl Content<'_> {
    /// Bytes that are text only up to `valid`.
    pub(crate) fn not_utf8(bytes: &[u8], valid: usize) -> Self {
        let line = bytes.iter().take(valid).filter(|&&byte| byte == b'\n').count() + 1;
        Self::Unreadable(format!("line {line} is not UTF-8"))
    }
}

/// A migration that is not yet known to run.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) file_name: String,
    pub(crate) number: u64,
    /// Normalised.
    pub(crate) text: Cow<'a, str>,
    pub(crate) script: Script,
    pub(crate) transaction: Option<Transaction>,
    /// What is wrong with its frame.
    frame: Vec<Fault>,
}

impl Draft<'_> {
    /// Everything that the pure rules have against the text.
    pub(crate) fn faults(&self) -> impl Iterator<Item = &Fault> {
        self.script.faults.iter().chain(&self.frame)
    }

    pub(crate) fn name(&self) -> Option<Name<'_>> {
        name::parse(&self.file_name)
    }

    /// How many digits the version has; no file system allows a name that would not fit.
    pub(crate) fn version_length(&self) -> u8 {
        self.name().and_then(|name| u8::try_from(name.version.len()).ok()).unwrap_or(u8::MAX)
    }

    /// Foreign keys on, legacy_alter_table on, deferred, as [`Migration::__new`] takes them.
    ///
    /// [`Migration::__new`]: crate::model::migration::Migration::__new
    pub(crate) fn flags(&self) -> [bool; 3] {
        let settings =
            self.transaction.as_ref().map_or(transaction::DEFAULT, |transaction| transaction.settings);
        let defers = self.transaction.as_ref().is_some_and(|transaction| transaction.defers);
        [settings.foreign_keys, settings.legacy_alter_table, defers]
    }

    /// What the runner needs to know of the text, so that it never has to look at it: where its statements
    /// begin and end. One more than there are statements in the transaction.
    pub(crate) fn boundaries(&self) -> Vec<u32> {
        let Some(transaction) = &self.transaction else { return Vec::new() };
        let begin_and_body = transaction.body.start.saturating_sub(1)..transaction.body.end;
        let statements = self.script.statements.get(begin_and_body).unwrap_or_default();
        statements.iter().map(|statement| u32::try_from(statement.end).unwrap_or(u32::MAX)).collect()
    }
}

/// A folder after the pure rules.
pub(crate) struct Folder<'a> {
    /// The folder as messages show it, such as `migrations`.
    pub(crate) shown: String,
    /// Sorted by number.
    pub(crate) drafts: Vec<Draft<'a>>,
    /// The tracking table: the one that the first file creates and records itself in.
    pub(crate) table: Option<String>,
    /// How many files from the first one on are certain to be the history: up to a gap, a duplicate, or a
    /// file whose statements cannot be told apart. What follows could only be echoes.
    pub(crate) certain: usize,
    /// The text of `migrations.lock`, normalised.
    #[cfg(feature = "build")]
    pub(crate) lock: Option<String>,
    pub(crate) problems: Vec<Problem>,
}

impl<'a> Folder<'a> {
    pub(crate) fn check(shown: &str, entries: Vec<Entry<'a>>) -> Self {
        let mut folder = Self {
            shown: shown.to_owned(),
            drafts: Vec::new(),
            table: None,
            certain: 0,
            #[cfg(feature = "build")]
            lock: None,
            problems: Vec::new(),
        };
        // Numbers of files that are there, but could not become a draft.
        let mut absent = Vec::new();
        let mut misnamed = Vec::new();
        for Entry { name, content } in entries {
            let kind = entry::kind(&name);
            #[cfg(feature = "build")]
            if name == crate::build::lock::FILE_NAME
                && let Content::Text(text) = &content
            {
                folder.lock = Some(script::normalise(text).into_owned());
            }
            if kind == entry::Kind::LeftAlone {
                continue;
            }
            let mut refuse = |rule, message: String| {
                folder.problems.push(Problem::of_file(
                    format!("{shown}/{}", printable(&name)),
                    rule,
                    message,
                ));
            };
            let refused = match (kind, name::parse(&name), content) {
                (_, _, Content::Other(what)) => {
                    refuse(
                        Rule::UnexpectedEntry,
                        format!(
                            "{what}; a migrations folder holds VERSION_name.sql files, and may hold dot-files and *.md"
                        ),
                    );
                    true
                }
                (entry::Kind::Migration, Some(parsed), Content::Text(text)) => {
                    folder.drafts.push(draft(name.clone(), parsed.number, text));
                    false
                }
                (entry::Kind::Migration, Some(_), Content::Unreadable(why)) => {
                    refuse(
                        Rule::UnreadableFile,
                        format!("{why}; a migration is UTF-8 text that can be read"),
                    );
                    true
                }
                (entry::Kind::Migration, None, _) => {
                    misnamed.push(name.clone());
                    true
                }
                _ => {
                    refuse(
                        Rule::UnexpectedEntry,
                        "it is no migration, since its name does not end in .sql; rename it to \
                         VERSION_name.sql, or move it out of this folder"
                            .to_owned(),
                    );
                    true
                }
            };
            if refused {
                absent.extend(entry::leading_number(&name));
            }
        }
        folder.check_names(&misnamed, &absent);
        folder.check_texts();
        folder.find_table();
        sort(&mut folder.problems);
        folder
    }

    fn check_names(&mut self, misnamed: &[String], absent: &[u64]) {
        self.drafts.sort_by(|a, b| (a.number, &a.file_name).cmp(&(b.number, &b.file_name)));
        let names: Vec<_> =
            self.drafts.iter().filter_map(|draft| Some((draft.file_name.as_str(), draft.name()?))).collect();
        let width = names.first().map_or(3, |(_, name)| name.version.len());
        let next = sequence::next(&names, absent);
        let shown = &self.shown;
        for (taken, file_name) in (0..).zip(misnamed) {
            let next = next.saturating_add(taken);
            self.problems.push(Problem::of_file(
                format!("{shown}/{}", printable(file_name)),
                Rule::BadFileName,
                format!(
                    "the name must be VERSION_name.sql: digits, then words of a-z and 0-9, joined by single _, \
                     as in {}",
                    entry::suggest(file_name, next, width)
                ),
            ));
        }
        let faults = sequence::check(&names, absent);
        for fault in &faults {
            let Some((file_name, _)) = names.get(fault.index) else { continue };
            self.problems.push(Problem::of_file(
                format!("{shown}/{file_name}"),
                fault.rule,
                fault.message.clone(),
            ));
        }
        if names.is_empty() && self.problems.is_empty() {
            self.problems.push(Problem::of_file(
                shown.as_str(),
                Rule::NoMigrations,
                "there is no migration in this folder; the first one is 000_create_schema_migrations.sql",
            ));
        }
        // Of two with one number, neither is certain.
        let following = self.drafts.iter().skip(1).map(|draft| Some(draft.number)).chain([None]);
        self.certain = (0..)
            .zip(&self.drafts)
            .zip(following)
            .take_while(|((number, draft), next)| {
                *number == draft.number && *next != Some(draft.number) && draft.script.is_legible()
            })
            .count();
    }

    fn check_texts(&mut self) {
        for index in 0..self.drafts.len() {
            let Some(draft) = self.drafts.get_mut(index) else { continue };
            // In a text that cannot be read, the frame's faults would be echoes.
            if draft.script.is_legible() {
                (draft.transaction, draft.frame) = transaction::frame(&draft.script, &draft.text);
            }
            let faults: Vec<_> = draft.faults().cloned().collect();
            for fault in faults {
                self.report(index, fault);
            }
        }
    }

    fn find_table(&mut self) {
        let Some(first) = self.drafts.first().filter(|draft| draft.number == 0) else { return };
        if !first.script.is_legible() {
            return;
        }
        let statements = first.script.statements.iter().map(|statement| statement.text(&first.text));
        let created: Vec<_> = statements.clone().filter_map(record::created_table).collect();
        let recorded = statements.filter_map(|statement| Some((statement, record::insert(statement)?.table)));
        let mut candidates: Vec<_> = recorded
            .filter_map(|(statement, table)| {
                let created = created.iter().find(|created| created.eq_ignore_ascii_case(&table))?;
                let name = first.name();
                let own = name.is_some_and(|name| record::holds(statement, &[name.version, name.name]));
                Some((!own, created))
            })
            .collect();
        // The file may fill other tables too; what it writes its own version and name to comes first.
        candidates.sort_by_key(|(other, _)| *other);
        self.table = candidates.first().map(|(_, table)| (*table).clone());
        let creates = |statement: &&Statement| {
            let created = record::created_table(statement.text(&first.text));
            self.table.is_some() && created == self.table
        };
        let forgiving = first
            .script
            .statements
            .iter()
            .find(creates)
            .filter(|statement| record::key_forgives(statement.text(&first.text)));
        if let Some(statement) = forgiving {
            let fault = Fault::new(
                statement.first.clone(),
                Rule::MissingBootstrap,
                "the tracking table must not forgive a version that is there already, or a file could be applied \
                 twice; leave the ON CONFLICT out",
            );
            self.report(0, fault);
        } else if self.table.is_none() {
            let place = first.script.statements.first().map_or(0..0, |statement| statement.first.clone());
            let fault = Fault::new(
                place,
                Rule::MissingBootstrap,
                "the first file must create the tracking table and record itself in it: CREATE TABLE \
                 schema_migrations (version TEXT PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL \
                 DEFAULT (datetime('now'))); then INSERT INTO schema_migrations (version, name) VALUES (…)",
            );
            self.report(0, fault);
        }
    }

    /// Turns a fault of a file into a problem.
    pub(crate) fn report(&mut self, index: usize, fault: Fault) {
        let Some(draft) = self.drafts.get(index) else { return };
        self.problems.push(Problem {
            file: format!("{}/{}", self.shown, draft.file_name),
            place: Some(Place::new(&draft.text, fault.range)),
            rule: fault.rule,
            message: fault.message,
        });
    }
}

impl Problem {
    pub(crate) fn of_file(file: impl Into<String>, rule: Rule, message: impl Into<String>) -> Self {
        Self { file: file.into(), place: None, rule, message: message.into() }
    }

    fn order(&self) -> (&str, Option<(usize, usize)>, Rule) {
        (&self.file, self.place.as_ref().map(|place| (place.line, place.column)), self.rule)
    }
}

/// By file, then by place.
pub(crate) fn sort(problems: &mut [Problem]) {
    problems.sort_by(|a, b| a.order().cmp(&b.order()));
}

/// A file name as it can be shown in one line.
fn printable(file_name: &str) -> String {
    file_name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn draft(file_name: String, number: u64, text: Cow<'_, str>) -> Draft<'_> {
    let text = match script::normalise(&text) {
        Cow::Owned(text) => Cow::Owned(text),
        // Keeps a text that needed no change where it is.
        Cow::Borrowed(normalised) if normalised.len() == text.len() => text,
        Cow::Borrowed(normalised) => Cow::Owned(normalised.to_owned()),
    };
    let script = script::split(&text);
    Draft { file_name, number, text, script, transaction: None, frame: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "BEGIN; CREATE TABLE t (version TEXT PRIMARY KEY, name TEXT); INSERT INTO t VALUES ('000', 'a'); COMMIT;";
    const EMPTY: &str = "BEGIN; COMMIT;";

    fn check(files: &[(&str, &'static str)]) -> Folder<'static> {
        let entries = files.iter().map(|(name, text)| Entry {
            name: (*name).to_owned(),
            content: Content::Text(Cow::Borrowed(*text)),
        });
        Folder::check("m", entries.collect())
    }

    fn rules(folder: &Folder<'_>) -> Vec<(String, Rule)> {
        folder.problems.iter().map(|problem| (problem.file.clone(), problem.rule)).collect()
    }

    #[test]
    fn files_are_sorted_by_number_not_by_name() {
        let files: Vec<_> = (0..=10).map(|number| format!("{number}_a.sql")).collect();
        let files: Vec<_> =
            files.iter().map(|name| (name.as_str(), if name == "0_a.sql" { FIRST } else { EMPTY })).collect();
        let folder = check(&files);
        assert_eq!(rules(&folder), []);
        assert_eq!(
            folder.drafts.iter().map(|draft| draft.number).collect::<Vec<_>>(),
            (0..=10).collect::<Vec<_>>()
        );
        assert_eq!(folder.certain, 11);
    }

    #[test]
    fn a_file_that_is_refused_for_its_name_leaves_no_gap() {
        let folder = check(&[("000_a.sql", FIRST), ("1-b.sql", EMPTY), ("002_c.sql", EMPTY)]);
        assert_eq!(rules(&folder), [("m/1-b.sql".to_owned(), Rule::BadFileName)]);
        assert_eq!(folder.certain, 1);
    }

    #[test]
    fn the_tracking_table_is_the_one_that_the_first_file_records_itself_in() {
        let text = "BEGIN; CREATE TABLE other (a); CREATE TABLE \"My Table\" (version); \
                    INSERT INTO main.[my table] VALUES (1); COMMIT;";
        assert_eq!(check(&[("0_a.sql", text)]).table.as_deref(), Some("My Table"));
        let folder = check(&[("0_a.sql", "BEGIN; CREATE TABLE a (b); INSERT INTO c VALUES (1); COMMIT;")]);
        assert_eq!(rules(&folder), [("m/0_a.sql".to_owned(), Rule::MissingBootstrap)]);
    }

    #[test]
    fn other_tables_of_the_first_file_are_not_mistaken_for_it() {
        let text = "BEGIN; CREATE TABLE settings (key, value); INSERT INTO settings VALUES ('a', 'b'); \
                    CREATE TABLE t (version, name); INSERT INTO t VALUES ('0', 'a'); COMMIT;";
        assert_eq!(check(&[("0_a.sql", text)]).table.as_deref(), Some("t"));
    }

    #[test]
    fn the_history_is_certain_up_to_a_doubt() {
        for (files, certain) in [
            (vec![("0_a.sql", FIRST), ("2_b.sql", EMPTY)], 1),
            (vec![("0_a.sql", FIRST), ("1_b.sql", EMPTY), ("1_c.sql", EMPTY), ("2_d.sql", EMPTY)], 1),
            (vec![("0_a.sql", FIRST), ("1_b.sql", "BEGIN; SELECT 'a; COMMIT;"), ("2_c.sql", EMPTY)], 1),
            (vec![("1_a.sql", EMPTY)], 0),
        ] {
            assert_eq!(check(&files).certain, certain);
        }
    }

    #[test]
    fn the_runner_is_told_where_statements_end() {
        let folder = check(&[("0_a.sql", "-- x\nBEGIN; SELECT 1; -- y\nSELECT 2; COMMIT; -- z")]);
        let draft = &folder.drafts[0];
        let boundaries = draft.boundaries();
        let slices: Vec<_> =
            boundaries.windows(2).map(|pair| &draft.text[pair[0] as usize..pair[1] as usize]).collect();
        assert_eq!(slices, [" SELECT 1;", " -- y\nSELECT 2;"]);
    }
}
