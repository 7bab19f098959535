//! Single steps of the build, each on text alone, so that a suite outside of this crate can hold them against
//! SQLite and against naive ones. Nothing is read from disk, and nothing is kept.

use std::borrow::Cow;

use crate::check::test::Test;
use crate::check::{self, Content, Entry, Folder};
use crate::model::name;
use crate::model::problem::Problem;
use crate::model::rule::Rule;

/// Where the statements of a text end, and the rules that the text itself breaks.
#[must_use]
pub fn statement_ends(text: &str) -> (Vec<usize>, Vec<Rule>) {
    let (script, rules) = check::rules_of(text);
    (script.statements.iter().map(|statement| statement.end).collect(), rules)
}

/// A file name's version, its number, and the rest.
#[must_use]
pub fn file_name_parts(file_name: &str) -> Option<(&str, u64, &str)> {
    name::parse(file_name).map(|name| (name.version, name.number, name.name))
}

/// Holds files, each a name and its bytes, against every rule that needs no SQLite: the text that would be baked in
/// of each, normalised, and where its statements end.
///
/// # Errors
///
/// Every problem of the files.
pub fn check_files(files: &[(&str, &[u8])]) -> Result<Vec<(String, Vec<u32>)>, Vec<Problem>> {
    let entries = files.iter().map(|(name, bytes)| Entry {
        name: (*name).to_owned(),
        content: match std::str::from_utf8(bytes) {
            Ok(text) => Content::Text(Cow::Borrowed(text)),
            Err(error) => Content::not_utf8(bytes, error.valid_up_to()),
        },
    });
    let folder = Folder::check("migrations", entries.collect());
    if !folder.problems.is_empty() {
        return Err(folder.problems);
    }
    let files = folder.drafts.into_iter().map(|draft| (draft.text.to_string(), draft.boundaries()));
    Ok(files.collect())
}

/// What is wrong with a text as the test of a migration.
#[must_use]
pub fn check_test(text: &str) -> Vec<Problem> {
    Test::read("migrations", "001_test.sql", text).err().unwrap_or_default()
}
