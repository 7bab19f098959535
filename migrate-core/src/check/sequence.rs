//! Versions run 0, 1, 2 … without a gap, none twice, all padded alike. Pure.

use crate::check::entry;
use crate::model::name::{Name, padded};
use crate::model::problem::Rule;

/// What is wrong with the file at `index` of the names that were given.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) index: usize,
    pub(crate) rule: Rule,
    pub(crate) message: String,
}

/// Holds a folder's names, sorted by number, against the rules. `absent` holds the numbers of files that are
/// there but were refused for their names, so that one mistake is not reported as a gap as well.
pub(crate) fn check(names: &[(&str, Name<'_>)], absent: &[u64]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fault = |index, rule, message| faults.push(Fault { index, rule, message });
    let Some((_, first)) = names.first() else { return faults };
    let width = first.version.len();

    if first.number != 0 && !absent.contains(&0) {
        let bootstrap = padded(0, width);
        fault(
            0,
            Rule::MissingBootstrap,
            format!(
                "there is no version {bootstrap} before it; the first file creates the tracking table, \
                 as {bootstrap}_create_schema_migrations.sql"
            ),
        );
    }
    for (index, (file_name, name)) in names.iter().enumerate() {
        let accepted = padded(name.number, width);
        if name.version != accepted {
            let digits = accepted.len();
            fault(
                index,
                Rule::WrongWidth,
                format!(
                    "the version must have {digits} digit{}, as in {accepted}_{}.sql",
                    if digits == 1 { "" } else { "s" },
                    name.name
                ),
            );
        }
        let Some((before_name, before)) = index.checked_sub(1).and_then(|before| names.get(before)) else {
            continue;
        };
        if name.number == before.number {
            fault(
                index,
                Rule::DuplicateVersion,
                format!(
                    "{before_name} is version {} as well; give one of the two the next free number, as in {}",
                    before.version,
                    entry::suggest(name.name, next(names, absent), width),
                ),
            );
        } else {
            let missing: Vec<u64> =
                (before.number + 1..name.number).filter(|number| !absent.contains(number)).take(2).collect();
            if let Some(&number) = missing.first() {
                let version = padded(number, width);
                let which = if missing.len() == 1 {
                    format!("version {version} is")
                } else {
                    format!("versions {version} to {} are", padded(name.number - 1, width))
                };
                fault(
                    index,
                    Rule::MissingVersion,
                    format!(
                        "{which} missing between {before_name} and {file_name}; the next file after \
                         {before_name} is {version}_….sql"
                    ),
                );
            }
        }
    }
    faults
}

/// The version after the highest one.
pub(crate) fn next(names: &[(&str, Name<'_>)], absent: &[u64]) -> u64 {
    let highest = names.iter().map(|(_, name)| name.number).chain(absent.iter().copied()).max();
    highest.map_or(0, |number| number.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(files: &[&str], absent: &[u64]) -> Vec<(usize, Rule)> {
        let names: Vec<_> = files
            .iter()
            .map(|file| (*file, crate::model::name::parse(file).expect("a valid name")))
            .collect();
        check(&names, absent).into_iter().map(|fault| (fault.index, fault.rule)).collect()
    }

    #[test]
    fn versions_run_without_a_gap() {
        assert_eq!(faults(&["000_a.sql", "001_b.sql", "002_c.sql"], &[]), []);
        assert_eq!(
            faults(&["000_a.sql", "002_b.sql", "005_c.sql"], &[]),
            [(1, Rule::MissingVersion), (2, Rule::MissingVersion)]
        );
        assert_eq!(faults(&["000_a.sql", "002_b.sql"], &[1]), []);
    }

    #[test]
    fn the_first_version_is_zero() {
        assert_eq!(faults(&["001_a.sql"], &[]), [(0, Rule::MissingBootstrap)]);
        assert_eq!(faults(&["001_a.sql"], &[0]), []);
    }

    #[test]
    fn no_version_stands_twice() {
        assert_eq!(faults(&["000_a.sql", "001_b.sql", "001_c.sql"], &[]), [(2, Rule::DuplicateVersion)]);
        assert_eq!(
            faults(&["000_a.sql", "001_b.sql", "01_c.sql"], &[]),
            [(2, Rule::WrongWidth), (2, Rule::DuplicateVersion)]
        );
    }

    #[test]
    fn the_width_is_that_of_the_first_until_a_number_needs_more() {
        assert_eq!(faults(&["0_a.sql", "01_b.sql"], &[]), [(1, Rule::WrongWidth)]);
        let files: Vec<_> = (0..=10).map(|number| format!("{number}_a.sql")).collect();
        assert_eq!(faults(&files.iter().map(String::as_str).collect::<Vec<_>>(), &[]), []);
    }

    #[test]
    fn a_huge_gap_costs_nothing() {
        assert_eq!(faults(&["000_a.sql", "18446744073709551615_b.sql"], &[]), [(1, Rule::MissingVersion)]);
    }
}
