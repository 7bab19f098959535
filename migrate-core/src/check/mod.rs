//! A migrations folder held against every rule that needs no SQLite. Pure: whoever read the folder (the
//! macro from disk, `from_dir` from an embedded directory) hands its entries in.

mod bootstrap;
mod directive;
pub(crate) mod draft;
pub(crate) mod entry;
pub(crate) mod fault;
mod pragma;
mod sequence;
pub(crate) mod step;
#[cfg(feature = "build")]
pub(crate) mod test;
mod text;
mod transaction;

use std::borrow::Cow;
#[cfg(feature = "build")]
use std::ops::Range;

use self::draft::Draft;
use self::entry::EntryKind;
use self::fault::{Fault, Faults};
use crate::model::name;
#[cfg(feature = "build")]
use crate::model::name::FileName;
use crate::model::numbering::Numbering;
use crate::model::place::Place;
use crate::model::problem::{self, Problem};
use crate::model::rule::Rule;
#[cfg(feature = "build")]
use crate::sql::script::{self, Script};

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
    /// Not a regular file of this folder, and what it is.
    Other(String),
}

impl Content<'_> {
    /// Bytes that are text only up to `valid`.
    pub(crate) fn not_utf8(bytes: &[u8], valid: usize) -> Self {
        let line = bytes.iter().take(valid).filter(|&&byte| byte == b'\n').count() + 1;
        Self::Unreadable(format!("line {line} is not UTF-8"))
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
    /// The text of the lock file.
    pub(crate) lock: Option<Cow<'a, str>>,
    pub(crate) problems: Vec<Problem>,
}

impl<'a> Folder<'a> {
    pub(crate) fn check(shown: &str, entries: Vec<Entry<'a>>) -> Self {
        let mut sorted = Sorted::default();
        for entry in entries {
            sorted.take(shown, entry);
        }
        let Sorted { mut files, misnamed, absent, lock, problems } = sorted;
        files.sort_by(|(a, a_number, _), (b, b_number, _)| (a_number, a).cmp(&(b_number, b)));
        let drafts = files.into_iter().enumerate();
        let drafts =
            drafts.map(|(file, (name, number, text))| Draft::new(file, name, number, text)).collect();
        let mut folder = Self { shown: shown.to_owned(), drafts, table: None, certain: 0, lock, problems };
        folder.check_names(&misnamed, &absent);
        let mut faults = Faults::of(0);
        folder.table = folder.drafts.first().and_then(|first| bootstrap::tracking_table(first, &mut faults));
        let texts: Vec<Fault> = folder.drafts.iter().flat_map(|draft| draft.faults.iter().cloned()).collect();
        folder.report(texts);
        folder.report(faults.into_found());
        problem::sort(&mut folder.problems);
        folder
    }

    fn check_names(&mut self, misnamed: &[String], absent: &[u64]) {
        let names: Vec<_> =
            self.drafts.iter().filter_map(|draft| Some((draft.file_name.as_str(), draft.name()?))).collect();
        let numbering = sequence::numbering(&names);
        let mut next = sequence::next(&names, absent);
        for file_name in misnamed {
            self.problems.push(Problem::of_file(
                format!("{}/{}", self.shown, printable(file_name)),
                Rule::BadFileName,
                format!(
                    "the name must be VERSION_name.sql: digits, then words of a-z and 0-9, joined by single _, as in {}",
                    entry::suggest(file_name, next, numbering)
                ),
            ));
            next = numbering.next(Some(next));
        }
        if names.is_empty() && self.problems.is_empty() {
            self.problems.push(Problem::of_file(
                self.shown.as_str(),
                Rule::NoMigrations,
                "there is no migration in this folder; the first one is 000_create_schema_migrations.sql",
            ));
        }
        let faults = sequence::check(&names, absent);
        self.certain = certain(&self.drafts, numbering);
        self.report(faults);
    }

    /// The width and order of its versions.
    #[cfg(feature = "build")]
    pub(crate) fn numbering(&self) -> Numbering {
        let first: Vec<(&str, FileName<'_>)> = self
            .drafts
            .first()
            .and_then(|first| Some((first.file_name.as_str(), first.name()?)))
            .into_iter()
            .collect();
        sequence::numbering(&first)
    }

    /// Turns faults of files into problems.
    pub(crate) fn report(&mut self, faults: Vec<Fault>) {
        for Fault { file, range, rule, message, .. } in faults {
            let Some(draft) = self.drafts.get(file) else { continue };
            self.problems.push(Problem {
                file: format!("{}/{}", self.shown, draft.file_name),
                place: range.map(|range| Place::new(&draft.text, range)),
                rule,
                message,
            });
        }
    }
}

/// A text on its own: its statements, and the first thing that SQLite would swallow in it.
#[cfg(feature = "build")]
pub(crate) fn text_of(text: &str) -> (Script, Option<(Range<usize>, String)>) {
    let mut faults = Faults::of(0);
    let script = script::cut(text);
    text::check(&script, text, &mut faults);
    let mut swallowed = faults.into_found().into_iter().filter(|fault| fault.rule == Rule::BadText);
    let first = swallowed.find_map(|fault| Some((fault.range?, fault.message)));
    (script, first)
}

/// A text on its own: its statements, and the rules that its characters, parameters and comments break.
#[cfg(feature = "build")]
pub(crate) fn rules_of(text: &str) -> (Script, Vec<Rule>) {
    let mut faults = Faults::of(0);
    let script = script::cut(text);
    text::check(&script, text, &mut faults);
    directive::read(&script, text, &mut faults);
    (script, faults.into_found().into_iter().map(|fault| fault.rule).collect())
}

/// How many files from the first one on are certain to be the history. Of two with one number, neither is.
fn certain(drafts: &[Draft<'_>], numbering: Numbering) -> usize {
    let before = std::iter::once(None).chain(drafts.iter().map(|draft| Some(draft.number)));
    let after = drafts.iter().skip(1).map(|draft| Some(draft.number)).chain([None]);
    drafts
        .iter()
        .zip(before.zip(after))
        .take_while(|(draft, (before, after))| {
            numbering.follows(*before, draft.number) && *after != Some(draft.number) && draft.legible
        })
        .count()
}

/// The entries of a folder, by what they are.
#[derive(Default)]
struct Sorted<'a> {
    /// File name, number and text.
    files: Vec<(String, u64, Cow<'a, str>)>,
    misnamed: Vec<String>,
    /// Numbers of files that are there, but could not be taken.
    absent: Vec<u64>,
    lock: Option<Cow<'a, str>>,
    problems: Vec<Problem>,
}

impl<'a> Sorted<'a> {
    fn take(&mut self, shown: &str, Entry { name, content }: Entry<'a>) {
        if name == entry::LOCK
            && let Content::Text(text) = content
        {
            self.lock = Some(text);
            return;
        }
        let (rule, message) = match (entry::kind(&name), name::parse(&name), content) {
            (EntryKind::LeftAlone, ..) => return,
            (EntryKind::Migration, Some(parsed), Content::Text(text)) => {
                let number = parsed.number;
                self.files.push((name, number, text));
                return;
            }
            (EntryKind::Migration, None, Content::Text(_) | Content::Unreadable(_)) => {
                self.absent.extend(entry::leading_number(&name));
                self.misnamed.push(name);
                return;
            }
            (_, _, Content::Other(what)) => (
                Rule::UnexpectedEntry,
                format!("{what}; a migrations folder holds VERSION_name.sql files, and may hold dot-files and *.md"),
            ),
            (EntryKind::Migration, Some(_), Content::Unreadable(why)) => {
                (Rule::UnreadableFile, format!("{why}; a migration must be readable UTF-8 text"))
            }
            (EntryKind::Unexpected, ..) => (
                Rule::UnexpectedEntry,
                "not a migration, since its name does not end in .sql; rename it to VERSION_name.sql, or move it out of \
                 this folder"
                    .to_owned(),
            ),
        };
        self.absent.extend(entry::leading_number(&name));
        self.problems.push(Problem::of_file(format!("{shown}/{}", printable(&name)), rule, message));
    }
}

/// A file name as it can be shown in one line.
fn printable(file_name: &str) -> String {
    file_name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
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
        assert_eq!(slices, [" SELECT 1;", " -- y\nSELECT 2;", " COMMIT;"]);
    }
}
