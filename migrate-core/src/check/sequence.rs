//! Versions in order: the first one there, none missing, none twice, all padded alike.

use super::entry;
use super::fault::Fault;
use crate::model::name::FileName;
use crate::model::numbering::{FIRST, Numbering};
use crate::model::rule::Rule;

/// Holds a folder's names, sorted by number, against the rules. `absent` holds the numbers of files that are
/// there but were refused for their names, so that one mistake is not reported as a gap as well.
pub(super) fn check(names: &[(&str, FileName<'_>)], absent: &[u64]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut add =
        |file, rule, message| faults.push(Fault { file, range: None, rule, message, certain: true });
    let Some((_, first)) = names.first() else { return faults };
    let numbering = Numbering::of(first.version);

    if first.number != FIRST && !absent.contains(&FIRST) {
        let bootstrap = numbering.version(FIRST);
        add(
            0,
            Rule::MissingBootstrap,
            format!(
                "there is no version {bootstrap} before it; the first file creates the tracking table, \
                 as {bootstrap}_create_schema_migrations.sql"
            ),
        );
    }
    for (file, (file_name, name)) in names.iter().enumerate() {
        let accepted = numbering.version(name.number);
        let suggestion = || entry::suggest(file_name, next(names, absent), numbering);
        if name.version != accepted {
            let digits = accepted.len();
            add(
                file,
                Rule::WrongWidth,
                format!(
                    "the version must have {digits} digit{}, as in {}",
                    if digits == 1 { "" } else { "s" },
                    suggestion()
                ),
            );
        } else if !numbering.has(name.number) {
            add(
                file,
                Rule::BadFileName,
                format!(
                    "{} is not a date and a time; after {}, versions are timestamps, YYYYMMDDHHMMSS, as in {}",
                    name.version,
                    numbering.version(FIRST),
                    suggestion()
                ),
            );
        }
        let Some((before_name, before)) = file.checked_sub(1).and_then(|before| names.get(before)) else {
            continue;
        };
        if name.number == before.number {
            add(
                file,
                Rule::DuplicateVersion,
                format!(
                    "{before_name} is version {} as well; give one of the two the next free number, as in {}",
                    before.version,
                    entry::suggest(name.name, next(names, absent), numbering),
                ),
            );
        } else if let Some((first, last)) = numbering.gap(before.number, name.number) {
            let missing: Vec<u64> =
                (first..=last).filter(|number| !absent.contains(number)).take(2).collect();
            if let Some(&number) = missing.first() {
                let version = numbering.version(number);
                let which = if missing.len() == 1 {
                    format!("version {version} is")
                } else {
                    format!("versions {version} to {} are", numbering.version(last))
                };
                add(
                    file,
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

/// The numbering that the first file sets.
pub(super) fn numbering(names: &[(&str, FileName<'_>)]) -> Numbering {
    names.first().map_or(Numbering::USUAL, |(_, name)| Numbering::of(name.version))
}

/// The number to propose for one more file.
pub(super) fn next(names: &[(&str, FileName<'_>)], absent: &[u64]) -> u64 {
    let numbering = numbering(names);
    let numbers = names.iter().map(|(_, name)| name.number).chain(absent.iter().copied());
    numbering.next(numbers.filter(|&number| numbering.has(number)).max())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(files: &[&str], absent: &[u64]) -> Vec<(usize, Rule)> {
        let names: Vec<_> = files
            .iter()
            .map(|file| (*file, crate::model::name::parse(file).expect("a valid name")))
            .collect();
        check(&names, absent).into_iter().map(|fault| (fault.file, fault.rule)).collect()
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
    fn timestamps_are_moments_in_order_with_gaps() {
        let first = "00000000000000_a.sql";
        assert_eq!(faults(&[first, "20240229120000_b.sql", "20260101000000_c.sql"], &[]), []);
        assert_eq!(
            faults(&[first, "2024_b.sql", "20230229120000_c.sql", "20240101000000_d.sql"], &[]),
            [(1, Rule::WrongWidth), (2, Rule::BadFileName)]
        );
        assert_eq!(
            faults(&[first, "20240101000000_b.sql", "20240101000000_c.sql"], &[]),
            [(2, Rule::DuplicateVersion)]
        );
        assert_eq!(
            faults(&["20240101000000_b.sql", "20240102000000_c.sql"], &[]),
            [(0, Rule::MissingBootstrap)]
        );
    }

    #[test]
    fn a_huge_gap_costs_nothing() {
        assert_eq!(faults(&["000_a.sql", "18446744073709551615_b.sql"], &[]), [(1, Rule::MissingVersion)]);
    }
}
