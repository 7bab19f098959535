//! Files that two branches have given the same number, in one row again: which of them move behind the others, and
//! what their texts say then. Those that have shipped stay.

use std::cmp::Reverse;

use super::files::Files;
use super::lock::Lock;
use crate::model::name;
use crate::sql::script;
use crate::sql::token::{self, TokenKind};
use crate::sql::verb::Verb;

/// What has to be done to a folder.
#[derive(Debug, Default)]
pub struct Renumbered {
    /// Files of migrations, in an order in which no name is taken twice.
    pub files: Vec<Renamed>,
    /// Tests that go with them, by their old and new names.
    pub tests: Vec<(String, String)>,
    /// The newest file is then this.
    pub head: String,
    /// Tests that stay, although they may belong to a file that moves.
    pub unsure: Vec<String>,
}

/// A file with another name.
#[derive(Debug)]
pub struct Renamed {
    /// What it is called.
    pub from: String,
    /// What it is to be called.
    pub to: String,
    /// Its position in the history, from 0, before and after.
    positions: (usize, usize),
}

impl Files {
    /// Gives every file that has not shipped the next free number, in the order in which they are; where two have the
    /// same one, those that are named in `behind` come last.
    ///
    /// # Errors
    ///
    /// Why that cannot be done.
    pub fn renumbered(&self, behind: &[String]) -> Result<Renumbered, String> {
        let drafts = &self.folder.drafts;
        if let Some(unknown) = behind.iter().find(|file| !self.names().any(|name| name == **file)) {
            return Err(format!("there is no migration {unknown} in {}", self.folder.shown));
        }
        let lock = Lock::parse(self.lock.as_deref().unwrap_or_default());
        if let Some(shipped) = behind.iter().find(|file| lock.is_shipped(file)) {
            return Err(format!("{shipped} is in migrations.lock: it has shipped, and keeps its number"));
        }
        let mut order: Vec<_> = drafts.iter().enumerate().collect();
        order.sort_by_key(|(at, draft)| {
            let name = &draft.file_name;
            (Reverse(lock.is_shipped(name)), behind.contains(name), draft.number, *at)
        });
        let numbering = self.folder.numbering();
        let mut renumbered = Renumbered::default();
        let mut before = None;
        for (position, (old, draft)) in order.into_iter().enumerate() {
            let is_shipped = lock.is_shipped(&draft.file_name);
            if is_shipped && !numbering.follows(before, draft.number) {
                return Err(format!(
                    "{} has shipped, and does not follow the file before it; only files that have not shipped can be \
                     renumbered",
                    draft.file_name
                ));
            }
            // A timestamp that is later than the one before it is a gap, and fine as it is.
            let stays = is_shipped || (numbering.is_timestamps() && numbering.follows(before, draft.number));
            let number = if stays { draft.number } else { numbering.next(before) };
            before = Some(number);
            let name = draft.name().map(|name| name.name).unwrap_or_default();
            let to = format!("{}_{name}.sql", numbering.version(number));
            renumbered.head.clone_from(&to);
            if to != draft.file_name {
                self.tests_of(&draft.file_name, &to, &mut renumbered);
                renumbered.files.push(Renamed {
                    from: draft.file_name.clone(),
                    to,
                    positions: (old, position),
                });
            }
        }
        // A name may be free only once the file that has it has moved on.
        renumbered.files.sort_by_key(|renamed| Reverse(renamed.positions.1));
        Ok(renumbered)
    }

    /// The tests of a file that moves: those of its number, unless another file has the same one.
    fn tests_of(&self, from: &str, to: &str, renumbered: &mut Renumbered) {
        let (Some(old), Some(new)) = (name::parse(from), name::parse(to)) else { return };
        let is_alone = self.folder.drafts.iter().filter(|draft| draft.number == old.number).count() == 1;
        for test in &self.tests {
            let Some(parsed) = name::parse(test).filter(|test| test.number == old.number) else { continue };
            if is_alone || parsed.name.starts_with(old.name) {
                renumbered.tests.push((test.clone(), format!("{}_{}.sql", new.version, parsed.name)));
            } else {
                renumbered.unsure.push(test.clone());
            }
        }
    }

    /// What a file that moves says then, where its text, as it is on disk, records what it is called. Its floor, where it
    /// sets one, moves with it.
    #[must_use]
    pub fn renumbered_text(&self, text: &str, renamed: &Renamed) -> Option<String> {
        let (old, new) = (name::parse(&renamed.from)?, name::parse(&renamed.to)?);
        let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let body = text.get(mark..)?;
        let mut edits = Vec::new();
        for statement in script::cut(body).statements {
            let tokens = || token::significant(statement.text(body));
            match &statement.verb {
                Verb::Insert(insert)
                    if insert
                        .table
                        .in_main()
                        .is_some_and(|table| table.eq_ignore_ascii_case(self.table())) =>
                {
                    let mut tokens = tokens();
                    let version = tokens.find(|token| {
                        token.kind == TokenKind::Text && token.unquoted().as_deref() == Some(old.version)
                    });
                    let at = version?.start + statement.first.start;
                    edits.push((at..at + old.version.len() + 2, format!("'{}'", new.version)));
                }
                Verb::Pragma(pragma) if self.compatible && pragma.name == "user_version" => {
                    let (before, after) = renamed.positions;
                    let floor = tokens().find(|token| token.text == before.to_string());
                    if let Some(floor) = floor {
                        let at = floor.start + statement.first.start;
                        edits.push((at..at + floor.text.len(), after.to_string()));
                    }
                }
                _ => {}
            }
        }
        if edits.is_empty() {
            return None;
        }
        let mut text = text.to_owned();
        for (range, with) in edits.into_iter().rev() {
            text.replace_range(range.start + mark..range.end + mark, &with);
        }
        Some(text)
    }
}
