//! `migrations/tests/003_emails.sql`: rows that are given before migration 003, and what is expected of them after it.

use std::borrow::Cow;
use std::ops::Range;

use super::fault::Faults;
use super::text;
use crate::model::name;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::rule::Rule;
use crate::sql::script::{self, Statement};
use crate::sql::verb::Verb;

/// A test of one migration.
#[derive(Debug)]
pub(crate) struct Test<'a> {
    /// As messages show it, such as `migrations/tests/003_emails.sql`.
    pub(crate) shown: String,
    /// The version of the migration that it is about, as a number.
    pub(crate) number: u64,
    /// Normalised.
    pub(crate) text: Cow<'a, str>,
    pub(crate) given: Vec<Statement>,
    pub(crate) expected: Vec<Statement>,
}

/// What a comment begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Given,
    Expect,
}

impl Test<'_> {
    /// Reads a file of `folder/tests`.
    pub(crate) fn read(folder: &str, file_name: &str, text: &str) -> Result<Test<'static>, Vec<Problem>> {
        let shown = format!("{folder}/tests/{file_name}");
        let Some(name) = name::parse(file_name) else {
            return Err(vec![Problem::of_file(
                shown,
                Rule::BadTest,
                "the name must be VERSION_name.sql, with the version of the migration that it tests, as in 003_emails.sql",
            )]);
        };
        let text: Cow<'static, str> = Cow::Owned(script::normalise(text).into_owned());
        let script = script::cut(&text);
        let mut faults = Faults::of(0);
        if text::check(&script, &text, &mut faults) {
            let sections = sections(&script.comments, &text);
            let (given, expected) = sort(&script.statements, &sections, &text, &mut faults);
            if faults.found().is_empty() {
                return Ok(Test { shown, number: name.number, text, given, expected });
            }
        }
        let problems = faults.into_found().into_iter().map(|fault| Problem {
            file: shown.clone(),
            place: fault.range.map(|range| Place::new(&text, range)),
            rule: fault.rule,
            message: fault.message,
        });
        Err(problems.collect())
    }

    /// The text of one of its statements.
    pub(crate) fn statement(&self, statement: &Statement) -> &str {
        statement.text(&self.text)
    }

    pub(crate) fn problem(&self, range: Range<usize>, rule: Rule, message: impl Into<String>) -> Problem {
        Problem {
            file: self.shown.clone(),
            place: Some(Place::new(&self.text, range)),
            rule,
            message: message.into(),
        }
    }

    /// A problem of the test as a whole.
    pub(crate) fn problem_of_file(&self, message: impl Into<String>) -> Problem {
        Problem::of_file(self.shown.as_str(), Rule::BadTest, message)
    }
}

/// Where `-- migrate: given` and `-- migrate: expect` stand.
fn sections(comments: &[Range<usize>], text: &str) -> Vec<(usize, Section)> {
    let section = |comment: &Range<usize>| {
        let words = text.get(comment.clone())?.strip_prefix("--")?.trim_start().strip_prefix("migrate:")?;
        match words.trim() {
            "given" => Some((comment.start, Section::Given)),
            "expect" => Some((comment.start, Section::Expect)),
            _ => None,
        }
    };
    comments.iter().filter_map(section).collect()
}

/// The statements of both parts.
fn sort(
    statements: &[Statement],
    sections: &[(usize, Section)],
    text: &str,
    faults: &mut Faults,
) -> (Vec<Statement>, Vec<Statement>) {
    let (mut given, mut expected) = (Vec::new(), Vec::new());
    for statement in statements {
        let first = statement.first.clone();
        let section =
            sections.iter().rev().find(|(start, _)| *start < first.start).map(|(_, section)| *section);
        let keyword = || text.get(first.clone()).unwrap_or_default().to_ascii_uppercase();
        match (section, &statement.verb) {
            (None, _) => faults.add(
                first,
                Rule::BadTest,
                "a test begins with -- migrate: given, for the rows that are there before the migration, or with -- \
                 migrate: expect",
            ),
            (Some(Section::Given), _) if !expected.is_empty() => {
                faults.add(first, Rule::BadTest, "what is given stands before what is expected");
            }
            (
                Some(Section::Given),
                Verb::Begin { .. }
                | Verb::Commit { .. }
                | Verb::Rollback
                | Verb::Savepoint
                | Verb::Release
                | Verb::Attach
                | Verb::Detach
                | Verb::Vacuum
                | Verb::Pragma(_),
            ) => faults.add(
                first.clone(),
                Rule::BadTest,
                format!("a test may not contain {}; give its rows with INSERT", keyword()),
            ),
            (Some(Section::Given), _) => given.push(statement.clone()),
            (Some(Section::Expect), Verb::Other) if ["SELECT", "VALUES", "WITH"].contains(&keyword().as_str()) => {
                expected.push(statement.clone());
            }
            (Some(Section::Expect), _) => faults.add(
                first.clone(),
                Rule::BadTest,
                format!("{} expects nothing; write a SELECT of one column that gives 1", keyword()),
            ),
        }
    }
    if expected.is_empty() && faults.found().is_empty() {
        let end = text.len();
        faults.add(
            end..end,
            Rule::BadTest,
            "the test expects nothing; after -- migrate: expect, write a SELECT of one column that gives 1 in every row",
        );
    }
    (given, expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Vec<Rule> {
        let read = Test::read("m", "001_a.sql", text);
        read.err().unwrap_or_default().into_iter().map(|problem| problem.rule).collect()
    }

    #[test]
    fn a_test_is_what_is_given_and_what_is_expected() {
        let text =
            "-- migrate: given\nINSERT INTO a VALUES (1);\n-- why\n--migrate: expect\nSELECT 1;\nVALUES (1);";
        let test = Test::read("m", "001_a.sql", text).expect("a good test");
        assert_eq!((test.number, test.given.len(), test.expected.len()), (1, 1, 2));
        assert_eq!(test.statement(&test.expected[1]), "VALUES (1);");
        assert!(rules("-- migrate: expect\nWITH x AS (SELECT 1) SELECT 1 FROM x").is_empty());
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "SELECT 1;",
            "-- migrate: given\nINSERT INTO a VALUES (1);",
            "-- migrate: expect\nSELECT 1;\n-- migrate: given\nINSERT INTO a VALUES (1);",
            "-- migrate: given\nBEGIN;\n-- migrate: expect\nSELECT 1;",
            "-- migrate: given\nPRAGMA foreign_keys = OFF;\n-- migrate: expect\nSELECT 1;",
            "-- migrate: expect\nDELETE FROM a;",
        ] {
            assert_eq!(rules(text), [Rule::BadTest], "{text}");
        }
        assert_eq!(rules("-- migrate: expect\nSELECT 'a;"), [Rule::BadText]);
        assert!(Test::read("m", "emails.sql", "-- migrate: expect\nSELECT 1;").is_err());
    }
}
