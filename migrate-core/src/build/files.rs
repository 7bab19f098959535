//! The files of a folder by their names: what the next one is called, what it holds, and what its lock should say.
//! Judges nothing, since a tool must be able to help with a folder that has problems.

use rusqlite::Connection;

use super::args::Args;
use super::lock::{self, Lock};
use super::source::Source;
use crate::check::entry::{self, LOCK};
use crate::check::{Content, Folder};
use crate::model::name;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::rule::Rule;
use crate::sql::quote::written;
use crate::sql::script;
use crate::sql::step;
use crate::sql::token::{self, TokenKind};

/// The files of a folder.
pub struct Files {
    pub(super) folder: Folder<'static>,
    /// The tests beside them, by name.
    pub(super) tests: Vec<String>,
    pub(super) compatible: bool,
    /// The functions that are named to the macro, in lower case.
    functions: Vec<String>,
    /// The text of the lock, normalised.
    pub(super) lock: Option<String>,
}

/// The tracking table of a history that begins now.
pub const TABLE: &str = "schema_migrations";

/// What is between BEGIN and the record of a new file.
const PLACEHOLDER: &str = "-- Write the change here.\n";

/// The time in UTC as a timestamp, asked of SQLite, which has a calendar.
fn now() -> Option<u64> {
    let conn = Connection::open_in_memory().ok()?;
    conn.query_row("SELECT CAST(strftime('%Y%m%d%H%M%S', 'now') AS INTEGER)", [], |row| row.get::<_, i64>(0))
        .ok()
        .and_then(|now| u64::try_from(now).ok())
}

impl Files {
    pub(super) fn new(args: &Args, source: Source) -> Self {
        let mut folder = Folder::check(&args.folder, source.entries);
        let tests = source.tests.into_iter().filter(|test| matches!(test.content, Content::Text(_)));
        let mut tests: Vec<_> = tests.map(|test| test.name).collect();
        tests.sort();
        let lock = folder.lock.take().map(|lock| script::normalise(&lock).into_owned());
        let [functions, _] = args.stand_ins.given();
        let name = |function: String| function.split('/').next().unwrap_or_default().to_ascii_lowercase();
        // A step in Rust is called like one.
        let functions = functions.into_iter().map(name).chain([step::FUNCTION.to_owned()]).collect();
        Self { folder, tests, compatible: args.compatible, functions, lock }
    }

    /// The file names in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.folder.drafts.iter().map(|draft| draft.file_name.as_str())
    }

    /// What the rules that need no SQLite say.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.folder.problems
    }

    /// The tracking table.
    #[must_use]
    pub fn table(&self) -> &str {
        self.folder.table.as_deref().unwrap_or(TABLE)
    }

    /// How many files there are up to a version, which is compared as a number.
    #[must_use]
    pub fn up_to(&self, version: &str) -> Option<usize> {
        let number = name::number(version)?;
        let at = self.folder.drafts.iter().rposition(|draft| draft.number == number)?;
        Some(at + 1)
    }

    /// What the next file is called, after what it is about.
    #[must_use]
    pub fn next(&self, about: &str) -> String {
        let numbering = self.folder.numbering();
        let highest = self.folder.drafts.last().map(|draft| draft.number);
        let next = if numbering.is_timestamps() {
            numbering.next_at(highest, now().unwrap_or_default())
        } else {
            numbering.next(highest)
        };
        format!("{}_{}.sql", numbering.version(next), entry::words(about))
    }

    /// The text of a file of this name: what it does, between settings where foreign keys have to be off.
    #[must_use]
    pub fn text(&self, file_name: &str, body: Option<&str>, foreign_keys_off: bool) -> String {
        let (version, name) =
            name::parse(file_name).map(|name| (name.version, name.name)).unwrap_or_default();
        let table = written(self.table());
        let (off, on) = match foreign_keys_off {
            true => ("PRAGMA foreign_keys = OFF;\n", "PRAGMA foreign_keys = ON;\n"),
            false => ("", ""),
        };
        format!(
            "{off}BEGIN;\n{}INSERT INTO {table} (version, name) VALUES ('{version}', '{name}');\nCOMMIT;\n{on}",
            body.unwrap_or(PLACEHOLDER)
        )
    }

    /// The first file of a history, by its name and text: its version is all zeros, and it creates this table.
    #[must_use]
    pub fn first(version: &str, table: &str) -> (String, String) {
        let name = format!("create_{}", entry::words(table));
        let table = written(table);
        let text = format!(
            "BEGIN;\nCREATE TABLE {table} (\n    version    TEXT PRIMARY KEY,\n    name       TEXT NOT NULL,\n    applied_at \
             TEXT NOT NULL DEFAULT (datetime('now'))\n);\nINSERT INTO {table} (version, name) VALUES ('{version}', \
             '{name}');\nCOMMIT;\n"
        );
        (format!("{version}_{name}.sql"), text)
    }

    /// Whether there is a lock.
    #[must_use]
    pub fn has_lock(&self) -> bool {
        self.lock.is_some()
    }

    /// The lock that says of the first `shipped` files, and of those that it says it of already, that they have
    /// shipped. A file in it that has changed since is taken as it is now only where `rewrite` names it.
    ///
    /// # Errors
    ///
    /// What has become of files that have shipped.
    pub fn locked(&self, shipped: usize, rewrite: &[String]) -> Result<String, Vec<Problem>> {
        let text = self.lock.as_deref().unwrap_or_default();
        let before = Lock::parse(text);
        let is_rewritten = |problem: &Problem| {
            rewrite.iter().any(|file| problem.file == format!("{}/{file}", self.folder.shown))
        };
        let mut problems = before.check(&self.folder.shown, text, &self.texts());
        problems.retain(|problem| !is_rewritten(problem));
        if !problems.is_empty() {
            return Err(problems);
        }
        let files = self.folder.drafts.iter().enumerate();
        let files = files.filter(|(at, draft)| *at < shipped || before.is_shipped(&draft.file_name));
        let files: Vec<_> =
            files.map(|(_, draft)| (draft.file_name.as_str(), lock::hash(&draft.text))).collect();
        Ok(lock::written(text, self.names().last(), self.compatible, &files))
    }

    /// The lock as it is, but with the newest file as its head. Absent where there is no lock.
    #[must_use]
    pub fn with_head(&self, head: &str) -> Option<String> {
        Some(lock::with_head(self.lock.as_deref()?, head))
    }

    /// Whether two branches have met in the lock, and nobody has said yet what comes of it.
    #[must_use]
    pub fn has_conflict(&self) -> bool {
        self.lock.as_deref().is_some_and(lock::has_conflict)
    }

    /// What is missing in the lock before a release: a file, or the newest one as its head.
    #[must_use]
    pub fn unlocked(&self) -> Vec<Problem> {
        let shown = format!("{}/{LOCK}", self.folder.shown);
        let Some(text) = &self.lock else {
            let message =
                "there is no lock; `cargo migrate lock` writes one, which lists the files that ship";
            return vec![Problem::of_file(shown, Rule::LockedFileChanged, message)];
        };
        let lock = Lock::parse(text);
        let newest = self.names().last();
        let mut problems = Vec::new();
        if lock.head != newest {
            let at = lock.head.and_then(|head| text.find(head));
            let range = at.map(|at| at..at + lock.head.map_or(0, str::len));
            problems.push(Problem {
                file: shown,
                place: range.map(|range| Place::new(text, range)),
                rule: Rule::LockedFileChanged,
                message: match (lock.head, newest) {
                    (Some(head), Some(newest)) => {
                        format!("the newest file is {newest}, and not {head}; `cargo migrate lock` writes it")
                    }
                    (None, Some(newest)) => {
                        format!("there is no line `head: {newest}`; `cargo migrate lock` writes it")
                    }
                    (_, None) => "there is no migration to lock".to_owned(),
                },
            });
        }
        let missing = self.names().filter(|name| !lock.is_shipped(name)).map(|name| {
            Problem::of_file(
                format!("{}/{name}", self.folder.shown),
                Rule::LockedFileChanged,
                format!("the file is not in {LOCK}; `cargo migrate lock` adds it"),
            )
        });
        problems.extend(missing);
        problems
    }

    /// Where a file calls a function that is named to the macro, and the function: `FILE:LINE:COLUMN`.
    #[must_use]
    pub fn calls_application(&self, file_name: &str) -> Option<(String, String)> {
        let draft = self.folder.drafts.iter().find(|draft| draft.file_name == file_name)?;
        let mut tokens = token::significant(&draft.text).peekable();
        while let Some(token) = tokens.next() {
            let is_call = tokens.peek().is_some_and(|next| next.text == "(");
            let name = token.unquoted().filter(|_| is_call && token.kind != TokenKind::Text);
            if let Some(name) = name.filter(|name| self.functions.contains(&name.to_ascii_lowercase())) {
                let place = Place::new(&draft.text, token.range());
                let shown = &self.folder.shown;
                return Some((format!("{shown}/{file_name}:{}:{}", place.line, place.column), name));
            }
        }
        None
    }

    /// Names and normalised texts.
    fn texts(&self) -> Vec<(&str, &str)> {
        self.folder.drafts.iter().map(|draft| (draft.file_name.as_str(), &*draft.text)).collect()
    }
}
