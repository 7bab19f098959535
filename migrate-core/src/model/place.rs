//! A place in a text: line, column, and the line itself with a caret under the place.
//!
//! Shown in the shape that compilers use, by a few lines of our own: the runner shows places too, and an
//! application's build carries no library for that.

use std::fmt::{self, Write};
use std::ops::Range;

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
    pub width: usize,
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

        let length = line.chars().count();
        let cut = if length > LONGEST_EXCERPT { column.saturating_sub(BEFORE_PLACE) } else { 0 };
        let shown = (length - cut).min(LONGEST_EXCERPT);
        let at = |count: usize| line.char_indices().nth(count).map_or(line.len(), |(at, _)| at);
        let more = |is_more: bool| if is_more { "…" } else { "" };
        let before = column - cut + usize::from(cut > 0);
        Self {
            line: head.bytes().filter(|&byte| byte == b'\n').count() + 1,
            column: column + 1,
            width: width.min((shown + 1).saturating_sub(before).max(1)),
            excerpt: [
                more(cut > 0),
                line.get(at(cut)..at(cut + shown)).unwrap_or_default(),
                more(cut + shown < length),
            ]
            .concat(),
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
        // Not a width, for which `format!` would put the path of this file into the program.
        let gutter = " ".repeat(line.len());
        write!(f, "{gutter} |\n{line} | ")?;
        for c in self.excerpt.chars() {
            // A control character would move the terminal's cursor, and one without width hide the place.
            f.write_char(if is_hidden(c) && c != '\t' { '\u{fffd}' } else { c })?;
        }
        write!(f, "\n{gutter} | ")?;
        for c in self.excerpt.chars().take(self.before) {
            // The same tabs stand before the caret, so it is below its place whatever a tab's width is.
            f.write_char(if c == '\t' { '\t' } else { ' ' })?;
        }
        (0..self.width).try_for_each(|_| f.write_char('^'))
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
}
