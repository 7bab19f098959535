//! Comments of the form `-- migrate: …`, in which a file speaks to us.

use std::ops::Range;

use super::fault::Faults;
use crate::model::rule::Rule;
use crate::sql::script::Script;

/// What a file asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Directives {
    /// A `-- migrate: not-rehearsed:` comment with a reason.
    pub(crate) not_rehearsed: bool,
    /// The hazards that `-- migrate: allow(…):` comments silence, and where they do.
    pub(crate) allowed: Vec<(Rule, Range<usize>)>,
    /// It asks for something that is not known, `not-rehearsed` perhaps.
    pub(crate) unclear: bool,
}

enum Directive {
    NotRehearsed,
    Allow(Rule),
}

/// Reads the comments of a file.
pub(super) fn read(script: &Script, text: &str, faults: &mut Faults) -> Directives {
    let mut directives = Directives::default();
    for comment in &script.comments {
        let words = text.get(comment.clone()).unwrap_or_default();
        let Some(words) = words
            .strip_prefix("--")
            .and_then(|words| words.trim_start().strip_prefix("migrate:"))
            .map(str::trim)
        else {
            continue;
        };
        let range =
            comment.start..comment.start + text.get(comment.clone()).unwrap_or_default().trim_end().len();
        let (subject, reason) = words.split_once(':').unwrap_or((words, ""));
        let subject = subject.trim_end();
        match parse(subject) {
            Ok(Directive::Allow(rule)) => directives.allowed.push((rule, range.clone())),
            Ok(Directive::NotRehearsed) => directives.not_rehearsed = true,
            Err(message) => {
                directives.unclear |= !subject.starts_with("allow(");
                faults.add(range, Rule::BadAllow, message);
                continue;
            }
        }
        // It counts all the same, so that what it is about is not reported as well.
        if reason.trim().is_empty() {
            let message = format!("the reason is missing; write `-- migrate: {subject}: reason`");
            faults.add(range, Rule::BadAllow, message);
        }
    }
    directives
}

/// `allow(RULE)` or `not-rehearsed`
fn parse(subject: &str) -> Result<Directive, String> {
    match subject.strip_prefix("allow(").and_then(|rest| rest.strip_suffix(')')) {
        None if subject == "not-rehearsed" => Ok(Directive::NotRehearsed),
        None => Err(format!(
            "`{subject}` is not something a file can ask for; write `-- migrate: allow(RULE): reason` or `-- migrate: \
             not-rehearsed: reason`"
        )),
        Some(id) => match Rule::from_id(id.trim()) {
            Some(rule) if rule.is_hazard() => Ok(Directive::Allow(rule)),
            Some(rule) => Err(format!("{rule} is not a hazard and cannot be allowed; fix what it reports")),
            None => Err(format!("there is no rule `{}`; the hazards are {}", id.trim(), Rule::hazards())),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::script::cut;

    fn directives(text: &str) -> (Directives, Vec<Rule>) {
        let mut faults = Faults::of(0);
        let directives = read(&cut(text), text, &mut faults);
        (directives, faults.into_found().into_iter().map(|fault| fault.rule).collect())
    }

    #[test]
    fn a_comment_may_ask_for_no_rehearsal() {
        assert!(directives("--  migrate: not-rehearsed : needs spatialite \nBEGIN;").0.not_rehearsed);
        for (text, is_known) in [
            ("-- migrate: not-rehearsed", true),
            ("-- migrate: not-rehearsed:  ", true),
            ("-- migrate: not_rehearsed: x", false),
            ("-- migrate: skip: x", false),
        ] {
            let (directives, faults) = directives(text);
            assert_eq!(faults, [Rule::BadAllow]);
            assert_eq!((directives.not_rehearsed, directives.unclear), (is_known, !is_known), "{text}");
        }
        assert!(directives("-- migrations/001_a.sql\n-- see migrate: not-rehearsed").1.is_empty());
    }

    #[test]
    fn a_comment_may_allow_a_hazard() {
        let (read, _) = directives("-- migrate: allow(loses-rows): the cache is rebuilt\nBEGIN;");
        assert_eq!(read.allowed, [(Rule::LosesRows, 0..51)]);
        for (text, allowed) in [
            ("-- migrate: allow(loses-rows)", 1),
            ("-- migrate: allow(loses-rows):", 1),
            ("-- migrate: allow(lose-rows): x", 0),
            ("-- migrate: allow(sql-error): x", 0),
            ("-- migrate: allow: x", 0),
        ] {
            let (read, faults) = directives(text);
            assert_eq!(faults, [Rule::BadAllow], "{text}");
            assert_eq!(read.allowed.len(), allowed, "{text}");
        }
    }
}
