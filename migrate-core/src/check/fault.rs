//! What is wrong in one of the files of a folder, before it is shown as a problem.

use std::ops::Range;

use crate::model::rule::Rule;

/// What is wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Which file of the folder, in order of version.
    pub(crate) file: usize,
    /// The bytes of its text that are meant; absent where it is about the file as a whole.
    pub(crate) range: Option<Range<usize>>,
    pub(crate) rule: Rule,
    pub(crate) message: String,
    /// It happens on every database, so a file cannot allow it even where the rule is a hazard.
    pub(crate) certain: bool,
}

impl Fault {
    /// Whether it is about a place in these bytes.
    pub(crate) fn is_within(&self, range: &Range<usize>) -> bool {
        self.range.as_ref().is_some_and(|place| range.contains(&place.start))
    }
}

/// The faults of one file, while they are found.
#[derive(Debug)]
pub(crate) struct Faults {
    file: usize,
    found: Vec<Fault>,
}

impl Faults {
    pub(crate) fn of(file: usize) -> Self {
        Self { file, found: Vec::new() }
    }

    /// Adds a fault at a place.
    pub(crate) fn add(&mut self, range: Range<usize>, rule: Rule, message: impl Into<String>) {
        self.found.push(Fault {
            file: self.file,
            range: Some(range),
            rule,
            message: message.into(),
            certain: !rule.is_hazard(),
        });
    }

    /// Adds a hazard that shows on empty tables too, so that no file can allow it.
    #[cfg(feature = "build")]
    pub(crate) fn add_certain(&mut self, range: Range<usize>, rule: Rule, message: impl Into<String>) {
        self.add(range, rule, message);
        if let Some(last) = self.found.last_mut() {
            last.certain = true;
        }
    }

    /// Adds a hazard, and how a file says that it is meant.
    #[cfg(feature = "build")]
    pub(crate) fn add_hazard(&mut self, range: Range<usize>, rule: Rule, message: impl AsRef<str>) {
        let message = message.as_ref();
        self.add(
            range,
            rule,
            format!("{message}; if this is intended, say so in the file: -- migrate: allow({rule}): reason"),
        );
    }

    pub(crate) fn found(&self) -> &[Fault] {
        &self.found
    }

    pub(crate) fn into_found(self) -> Vec<Fault> {
        self.found
    }
}
