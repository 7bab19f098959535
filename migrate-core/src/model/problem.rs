//! What is wrong with a migrations folder: where, what, what would be accepted, and under which rule.

use std::fmt;

use super::place::Place;
use super::rule::Rule;

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

#[cfg(feature = "check")]
impl Problem {
    /// About a file as a whole, or about the folder.
    pub(crate) fn of_file(file: impl Into<String>, rule: Rule, message: impl Into<String>) -> Self {
        Self { file: file.into(), place: None, rule, message: message.into() }
    }

    fn order(&self) -> (&str, Option<(usize, usize)>, Rule) {
        (&self.file, self.place.as_ref().map(|place| (place.line, place.column)), self.rule)
    }
}

/// By file, then by place.
#[cfg(feature = "check")]
pub(crate) fn sort(problems: &mut [Problem]) {
    problems.sort_by(|a, b| a.order().cmp(&b.order()));
}
