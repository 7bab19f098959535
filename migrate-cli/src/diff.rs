//! How two texts differ, as `diff -u` shows it.

use anstyle::Style;
use similar::{ChangeTag, TextDiff};

use crate::output::{BOLD, DIM, GREEN, RED};

/// The lines of both, with three unchanged ones around each change.
pub(crate) fn text(old: &str, new: &str, old_name: &str, new_name: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut text = format!("{BOLD}--- {old_name}\n+++ {new_name}{BOLD:#}\n");
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        text.push_str(&format!("{DIM}{}{DIM:#}\n", hunk.header()));
        for change in hunk.iter_changes() {
            let (sign, style) = match change.tag() {
                ChangeTag::Delete => ('-', RED),
                ChangeTag::Insert => ('+', GREEN),
                ChangeTag::Equal => (' ', Style::new()),
            };
            let line = change.value();
            text.push_str(&format!("{style}{sign}{}{style:#}\n", line.trim_end_matches('\n')));
            if !line.ends_with('\n') {
                text.push_str("\\ No newline at end of file\n");
            }
        }
    }
    text
}
