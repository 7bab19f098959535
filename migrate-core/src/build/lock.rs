//! `migrations.lock`: which files are shipped history, and may no longer change.
//!
//! A line `SHA-256  FILE` for each shipped file, in the format of `sha256sum`. The hash is taken over the normalised
//! text without its comments, so that those can still be fixed. Before them, `head: FILE` names the newest file,
//! shipped or not, so that two branches that each add one conflict there.

use std::ops::Range;

use hmac_sha256::Hash;

use crate::check::Folder;
use crate::check::entry::LOCK;
use crate::model::name;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::rule::Rule;
use crate::sql::token::{self, TokenKind};

/// What a lock file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Lock<'a> {
    /// The newest file when it was written.
    pub(crate) head: Option<&'a str>,
    /// The set was `compatible` when it was written.
    pub(crate) compatible: Option<Range<usize>>,
    /// The shipped files.
    pub(crate) entries: Vec<Entry<'a>>,
    /// Lines that say nothing that is known, in bytes of the text.
    unreadable: Vec<Range<usize>>,
}

/// A file that is shipped.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    hash: &'a str,
    pub(crate) file_name: &'a str,
    /// Its line, in bytes of the text.
    range: Range<usize>,
}

impl<'a> Lock<'a> {
    /// Reads a normalised text.
    pub(crate) fn parse(text: &'a str) -> Self {
        let mut lock = Self::default();
        let mut end = 0;
        for line in text.split_inclusive('\n') {
            let start = end;
            end += line.len();
            let line = line.trim_end();
            let range = start..start + line.len();
            if line.is_empty() || line.starts_with('#') {
            } else if line == "compatible" {
                lock.compatible = Some(range);
            } else if let Some(head) = line.strip_prefix("head:") {
                lock.head = Some(head.trim());
            } else if let Some((hash, file_name)) = line.split_once(char::is_whitespace)
                && is_hash(hash)
            {
                // `sha256sum --binary` puts a star before the name.
                let file_name = file_name.trim_start();
                let file_name = file_name.strip_prefix('*').unwrap_or(file_name);
                lock.entries.push(Entry { hash, file_name, range });
            } else {
                lock.unreadable.push(range);
            }
        }
        lock
    }

    /// Holds the files of a folder, as names and normalised texts, against the lock, whose text this is.
    pub(crate) fn check(&self, shown: &str, text: &str, files: &[(&str, &str)]) -> Vec<Problem> {
        let at = |range: &Range<usize>, message: String| Problem {
            file: format!("{shown}/{LOCK}"),
            place: Some(Place::new(text, range.clone())),
            rule: Rule::LockedFileChanged,
            message,
        };
        let unreadable = self.unreadable.iter().map(|range| {
            at(
                range,
                "a line here is `head: FILE`, `compatible`, or a SHA-256 in hexadecimal, two spaces, and a file name"
                    .to_owned(),
            )
        });
        let changed = self.entries.iter().filter_map(|entry| {
            match files.iter().find(|(file, _)| *file == entry.file_name) {
                Some((_, text)) => entry.changed(shown, text),
                None => Some(at(&entry.range, entry.gone(files))),
            }
        });
        unreadable.chain(changed).collect()
    }

    pub(crate) fn is_shipped(&self, file_name: &str) -> bool {
        self.entries.iter().any(|entry| entry.file_name == file_name)
    }
}

impl Entry<'_> {
    fn changed(&self, shown: &str, text: &str) -> Option<Problem> {
        let now = hash(text);
        (!self.hash.eq_ignore_ascii_case(&now)).then(|| {
            Problem::of_file(
                format!("{shown}/{}", self.file_name),
                Rule::LockedFileChanged,
                format!(
                    "the file is shipped, and databases out there have run it as it was; restore it and write the change \
                     into the next file. Only if nobody has run it, change its line in {LOCK} to: {now}  {}",
                    self.file_name
                ),
            )
        })
    }

    /// What has become of a file that is not there under its name.
    fn gone(&self, files: &[(&str, &str)]) -> String {
        let name = self.file_name;
        if let Some((now, _)) = files.iter().find(|(_, text)| self.hash.eq_ignore_ascii_case(&hash(text))) {
            return format!("{name} is shipped, but is now called {now}; give it its name back");
        }
        let number = |file: &str| name::parse(file).map(|name| name.number);
        let same_version =
            files.iter().find(|(file, _)| number(name).is_some() && number(file) == number(name));
        match same_version {
            Some((now, text)) => format!(
                "{name} is shipped, but its version is now {now}, with another text; give it its name back and restore \
                 it. Only if nobody has run it, change this line to: {}  {now}",
                hash(text)
            ),
            None => format!("{name} is shipped, but is no longer there; restore it"),
        }
    }
}

/// Files that have not shipped, although a later one has: a database that has run that one is past them. Between
/// versions that have no gaps there is no room for one.
pub(crate) fn late(folder: &Folder<'_>) -> Vec<Problem> {
    let numbering = folder.numbering();
    let newest = folder.drafts.iter().rfind(|draft| draft.shipped);
    let Some(newest) = newest.filter(|_| numbering.is_timestamps()) else { return Vec::new() };
    let next = numbering.next(folder.drafts.last().map(|draft| draft.number));
    let late = folder.drafts.iter().filter(|draft| !draft.shipped && draft.number < newest.number);
    let late = late.filter_map(|draft| {
        Some(Problem::of_file(
            format!("{}/{}", folder.shown, draft.file_name),
            Rule::LateVersion,
            format!(
                "the file is not in {LOCK}, but {}, which is newer, is, and a database that has run that one would never \
                 run this one; give it a newer version, as in {}_{}.sql",
                newest.file_name,
                numbering.version(next),
                draft.name()?.name
            ),
        ))
    });
    late.collect()
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The hash of a normalised text, in hexadecimal.
pub(crate) fn hash(text: &str) -> String {
    let digest = Hash::hash(without_comments(text).as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A lock that says what it is given, with the comments of the one before it.
pub(crate) fn written(
    before: &str,
    head: Option<&str>,
    compatible: bool,
    files: &[(&str, String)],
) -> String {
    let comments = before.lines().filter(|line| line.starts_with('#')).map(str::to_owned);
    let head = head.map(|head| format!("head: {head}"));
    let compatible = compatible.then(|| "compatible".to_owned());
    let files = files.iter().map(|(file_name, hash)| format!("{hash}  {file_name}"));
    comments.chain(head).chain(compatible).chain(files).map(|line| line + "\n").collect()
}

/// What git writes around what two branches have made of the same lines.
const CONFLICT: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// Whether two branches have met in a lock, and nobody has said yet what comes of it.
pub(crate) fn has_conflict(text: &str) -> bool {
    text.lines().any(|line| CONFLICT.iter().any(|mark| line.starts_with(mark)))
}

/// The lock with another head. Nothing else is changed, but that what both sides of a conflict say is kept.
pub(crate) fn with_head(text: &str, head: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.retain(|line| !CONFLICT.iter().any(|mark| line.starts_with(mark)));
    let at = lines.iter().position(|line| line.starts_with("head:")).unwrap_or_default();
    lines.retain(|line| !line.starts_with("head:"));
    let head = format!("head: {head}");
    lines.insert(at.min(lines.len()), &head);
    let mut kept: Vec<&str> = Vec::new();
    for line in lines {
        if line.is_empty() || !kept.contains(&line) {
            kept.push(line);
        }
    }
    kept.join("\n") + "\n"
}

/// The text as if its comments had never been written: a comment goes with the space before it, and takes its
/// line along where nothing else is on it. One that keeps two words apart leaves a space.
pub(crate) fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut after_comment = false;
    let mut before = None;
    for token in token::tokens(text) {
        let mut piece = token.text;
        if token.kind == TokenKind::Comment {
            kept.truncate(kept.trim_end_matches([' ', '\t']).len());
            after_comment = true;
            continue;
        }
        if std::mem::take(&mut after_comment) {
            if kept.is_empty() || kept.ends_with('\n') {
                piece = piece.strip_prefix([' ', '\t']).unwrap_or(piece).trim_start_matches([' ', '\t']);
                piece = piece.strip_prefix('\n').unwrap_or(piece);
            } else if before.is_some_and(|before| is_joined(before, piece)) {
                kept.push(' ');
            }
        }
        if token.kind != TokenKind::Space {
            before = Some(token.text);
        }
        kept.push_str(piece);
    }
    kept
}

/// Whether two tokens would be another one, or other ones, with nothing between them.
fn is_joined(one: &str, other: &str) -> bool {
    if other.starts_with(char::is_whitespace) {
        return false;
    }
    let both = format!("{one}{other}");
    !token::tokens(&both).map(|token| token.text).eq([one, other])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_leave_no_trace() {
        for (text, bare) in [
            ("BEGIN;\n-- a\nCOMMIT;\n", "BEGIN;\nCOMMIT;\n"),
            ("-- a\n\nBEGIN;", "\nBEGIN;"),
            ("BEGIN; -- a\nCOMMIT;", "BEGIN;\nCOMMIT;"),
            ("  /* a */ \nBEGIN;", "BEGIN;"),
            ("SELECT '-- a';", "SELECT '-- a';"),
            ("BEGIN; COMMIT;\n-- a", "BEGIN; COMMIT;\n"),
            ("t (a /* c */b)", "t (a b)"),
            ("t (a/* c */ b, /* d */c)", "t (a b,c)"),
            ("\"a\" /* c */\"b\" -/* d */-1", "\"a\" \"b\" - -1"),
        ] {
            assert_eq!(without_comments(text), bare, "{text:?}");
        }
    }

    #[test]
    fn a_text_without_comments_is_hashed_as_it_is() {
        // printf 'BEGIN;\n' | sha256sum
        let text = "BEGIN;\n";
        assert_eq!(without_comments(text), text);
        assert_eq!(hash(text), "b3c34a6baecf4bc98f21f56f9f1fc003051b61aaec14fcd8d7e80b6341f2ecce");
    }

    #[test]
    fn what_is_shipped_stays() {
        let lock = |hash: &str, name: &str| format!("# shipped\n\n{hash}  {name}\n");
        let files = [("000_a.sql", "BEGIN;\n"), ("001_b.sql", "COMMIT;\n")];
        let told = |lock: String| {
            Lock::parse(&lock)
                .check("m", &lock, &files)
                .iter()
                .map(|problem| problem.to_string().lines().next().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(told(lock(&hash("BEGIN;\n"), "000_a.sql")), [""; 0]);
        assert_eq!(told(lock(&hash("-- x\nBEGIN;\n").to_uppercase(), "000_a.sql")), [""; 0]);
        for (lock, words) in [
            (lock(&hash("END;\n"), "000_a.sql"), "m/000_a.sql: the file is shipped"),
            (
                lock(&hash("COMMIT;\n"), "001_c.sql"),
                "m/migrations.lock:3:1: 001_c.sql is shipped, but is now called 001_b.sql",
            ),
            (
                lock(&hash("END;\n"), "001_c.sql"),
                "m/migrations.lock:3:1: 001_c.sql is shipped, but its version is now 001_b.sql",
            ),
            (
                lock(&hash("END;\n"), "002_c.sql"),
                "m/migrations.lock:3:1: 002_c.sql is shipped, but is no longer there",
            ),
            (lock("12", "001_b.sql"), "m/migrations.lock:3:1: a line here is"),
        ] {
            let told = told(lock);
            assert!(told.len() == 1 && told[0].starts_with(words), "{told:?}");
        }
    }

    #[test]
    fn the_line_that_would_be_right_is_printed() {
        let files = [("000_a.sql", "BEGIN;\n")];
        let lock = format!("{}  000_a.sql\n", "0".repeat(64));
        let problems = Lock::parse(&lock).check("m", &lock, &files);
        let message = &problems.first().expect("it differs").message;
        assert!(message.ends_with(&format!("{}  000_a.sql", hash("BEGIN;\n"))), "{message}");
    }

    #[test]
    fn the_newest_file_may_be_named() {
        let lock = Lock::parse("head: 001_b.sql\n");
        assert_eq!(
            (lock.head, lock.unreadable.len(), lock.is_shipped("001_b.sql")),
            (Some("001_b.sql"), 0, false)
        );
    }
}
