//! What is wrong with a migrations folder: where, what, what would be accepted, and under which rule.
//!
//! Shown in the shape that compilers use, by a few lines of our own: the runner and `from_dir` show places
//! too, and an application's build carries no library for that.

use std::fmt;
use std::ops::Range;

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $rule:ident = $id:literal,)+) => {
        /// The rules for a migrations folder. Each has a stable id, which ends every message.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[doc = $doc])+ $rule,)+
        }

        impl Rule {
            /// Every rule, in the order of the documentation.
            pub const ALL: &'static [Rule] = &[$(Rule::$rule,)+];

            /// The stable id, such as `wrong-record`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Rule::$rule => $id,)+ }
            }
        }
    };
}

rules! {
    /// The name is not `VERSION_name.sql`.
    BadFileName = "bad-file-name",
    /// Two files share a number.
    DuplicateVersion = "duplicate-version",
    /// There is a gap between two numbers.
    MissingVersion = "missing-version",
    /// The version is not padded as the first one is.
    WrongWidth = "wrong-width",
    /// No version 0, or it does not create the table that it records itself in.
    MissingBootstrap = "missing-bootstrap",
    /// A folder, a backup, `.SQL`, a symlink that leaves the package.
    UnexpectedEntry = "unexpected-entry",
    /// Not UTF-8, or it cannot be read.
    UnreadableFile = "unreadable-file",
    /// A NUL byte, a lone CR, something unterminated, an invisible space.
    BadText = "bad-text",
    /// No folder, or nothing in it.
    NoMigrations = "no-migrations",
    /// No BEGIN, or no COMMIT after it.
    NoTransaction = "no-transaction",
    /// BEGIN, COMMIT, END, ROLLBACK, SAVEPOINT or RELEASE inside the transaction.
    NestedTransaction = "nested-transaction",
    /// A statement before BEGIN or after COMMIT that may not stand there.
    OutsideTransaction = "outside-transaction",
    /// Not exactly one new row in the tracking table, or others touched.
    NotRecorded = "not-recorded",
    /// Another version or name is recorded than the file's own.
    WrongRecord = "wrong-record",
    /// `PRAGMA foreign_keys` inside the transaction, or `foreign_key_check`.
    IneffectivePragma = "ineffective-pragma",
    /// ATTACH, DETACH, VACUUM, and most PRAGMAs.
    ForbiddenStatement = "forbidden-statement",
    /// A temporary object is left at COMMIT, or hides a table.
    LeftoverTemp = "leftover-temp",
    /// `?`, `:name`, `@name`, `$name`.
    BindParameter = "bind-parameter",
    /// SQLite refuses a statement.
    SqlError = "sql-error",
    /// A `-- migrate:` comment that says nothing we know, or allows what does not happen.
    BadAllow = "bad-allow",
    /// A file in `migrations.lock` was edited, renamed or removed.
    LockedFileChanged = "locked-file-changed",
    /// Runs on empty tables, and fails on filled ones.
    FailsWithRows = "fails-with-rows",
    /// Dropping a table deletes or nulls rows of a table that refers to it.
    DeletesChildRows = "deletes-child-rows",
    /// A table comes out of its rebuild with fewer rows.
    LosesRows = "loses-rows",
    /// An index does not survive the rebuild of its table.
    LosesIndex = "loses-index",
    /// A trigger does not survive the rebuild of its table.
    LosesTrigger = "loses-trigger",
    /// A rebuilt AUTOINCREMENT table would hand out ids again.
    ResetsAutoincrement = "resets-autoincrement",
    /// A view, a trigger or a foreign key is left that refers to something gone.
    DanglingReference = "dangling-reference",
    /// Rows are left that violate a foreign key, and did not before.
    ForeignKeyViolation = "foreign-key-violation",
    /// Runs only because SQLite takes a double-quoted name for a string.
    DoubleQuotedString = "double-quoted-string",
}

impl Rule {
    /// Whether it is a hazard: something that a file may mean to do, and can allow itself.
    #[must_use]
    pub fn is_hazard(self) -> bool {
        self >= Self::FailsWithRows
    }

    #[cfg(feature = "check")]
    pub(crate) fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.id() == id)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// One problem of a migrations folder.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The file as the build shows it, such as `migrations/002_add_bio_to_users.sql`.
    pub file: String,
    /// Where in the file; absent when it is about the file as a whole.
    pub place: Option<Place>,
    /// The rule that is broken.
    pub rule: Rule,
    /// What is wrong, and what would be accepted.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, place, rule, message } = self;
        match place {
            None => write!(f, "{file}: {message} [{rule}]"),
            Some(place) => {
                write!(f, "{file}:{}:{}: {message} [{rule}]\n{place}", place.line, place.column)
            }
        }
    }
}

/// A place in a text, with the line that it is in. Displays as that line with a caret under it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// Counts from 1.
    pub line: usize,
    /// Counts from 1, in characters; a tab is one.
    pub column: usize,
    /// The line, or the part of a long one around the place.
    excerpt: String,
    /// How many characters of the excerpt stand before the place.
    before: usize,
    /// How many characters are meant, on this line.
    width: usize,
}

/// A longer line is cut, so that a generated one cannot flood a terminal.
const LONGEST_EXCERPT: usize = 120;
/// How much of a cut line is shown before the place.
const BEFORE_PLACE: usize = 40;

impl Place {
    /// The place of a range of bytes in a text. A range beyond the end is the end.
    pub(crate) fn new(text: &str, range: Range<usize>) -> Self {
        let start = char_boundary(text, range.start);
        let (head, tail) = text.split_at(start);
        let line_start = head.rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = tail.find('\n').map_or(text.len(), |newline| start + newline);
        let line = text.get(line_start..line_end).unwrap_or_default();
        let column = text.get(line_start..start).unwrap_or_default().chars().count();
        let meant = text.get(start..char_boundary(text, range.end).min(line_end)).unwrap_or_default();
        let width = meant.chars().count().max(1);

        let cut =
            if line.chars().count() > LONGEST_EXCERPT { column.saturating_sub(BEFORE_PLACE) } else { 0 };
        let mut excerpt: String = line.chars().skip(cut).take(LONGEST_EXCERPT).collect();
        let shown = excerpt.chars().count();
        let mut before = column - cut;
        if cut + shown < line.chars().count() {
            excerpt.push('…');
        }
        if cut > 0 {
            excerpt.insert(0, '…');
            before += 1;
        }
        Self {
            line: head.matches('\n').count() + 1,
            column: column + 1,
            width: width.min((shown + 1).saturating_sub(before).max(1)),
            excerpt,
            before,
        }
    }
}

/// Whether a character is not seen where it stands, spaces apart.
pub(crate) fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

/// The start of the character that a byte is in.
fn char_boundary(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default()
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line.to_string();
        let gutter = " ".repeat(line.len());
        // The same tabs stand before the caret, so it is below its place whatever a tab's width is.
        let indent: String =
            self.excerpt.chars().take(self.before).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        // A control character would move the terminal's cursor, and one without width hide the place.
        let excerpt: String =
            self.excerpt.chars().map(|c| if is_hidden(c) && c != '\t' { '\u{fffd}' } else { c }).collect();
        let carets = "^".repeat(self.width);
        write!(f, "{gutter} |\n{line} | {excerpt}\n{gutter} | {indent}{carets}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_characters() {
        let text = "one\n\tgrößer;\nthree";
        let at = text.find(';').expect("it is there");
        let place = Place::new(text, at..at + 1);
        assert_eq!((place.line, place.column), (2, 8));
        assert_eq!(place.to_string(), "  |\n2 | \tgrößer;\n  | \t      ^");
    }

    #[test]
    fn the_end_of_a_text_is_a_place() {
        for text in ["", "a", "a\n"] {
            let place = Place::new(text, text.len()..text.len());
            assert_eq!(place.line, text.matches('\n').count() + 1);
        }
        assert_eq!(Place::new("ab", 9..12).column, 3);
    }

    #[test]
    fn a_range_over_several_lines_is_marked_on_its_first() {
        let place = Place::new("SELECT 1\nFROM t", 0..15);
        assert_eq!(place.to_string(), "  |\n1 | SELECT 1\n  | ^^^^^^^^");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}HERE{}", "a".repeat(1000), "b".repeat(1000));
        let place = Place::new(&text, 1000..1004);
        assert_eq!(place.column, 1001);
        let shown = place.to_string();
        let lines: Vec<_> = shown.lines().collect();
        let caret = lines[2].find('^').expect("a caret");
        assert_eq!(lines[1].chars().skip(caret).take(4).collect::<String>(), "HERE");
        assert!(lines[1].chars().count() < 130);
    }

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<_> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Rule::ALL.len());
    }
}
