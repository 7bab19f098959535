//! How the objects of a database differ from those that the migrations make, a line for each difference. Pure: it is
//! given both, and reads neither.

use std::collections::BTreeSet;

use crate::live::objects::{Id, Kind, Object, Objects};
use crate::model::migration::Migration;
use crate::sql::definition::{Column, Definition, Part, Table};
use crate::sql::quote::key;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// The object that differs.
    pub(super) object: Id,
    /// The column, where it is one of a table's.
    column: Option<String>,
    /// Such as `table users: column bio is missing`.
    pub(super) line: String,
    /// Something that is expected nowhere: that it is there says little about who put it there.
    is_extra: bool,
}

/// Compares what is `found` with what is `expected`. `ignored` are tables that only the database has, by [`key`].
pub(super) fn differences(
    expected: &Objects,
    found: &Objects,
    ignored: &BTreeSet<String>,
) -> Vec<Difference> {
    let has_table = |objects: &Objects, object: &Object| {
        [Kind::Table, Kind::View].iter().any(|&kind| objects.contains_key(&(kind, key(&object.on))))
    };
    let mut all = Vec::new();
    for (id, object) in expected {
        let title = title(id.0, object);
        let whole = |line| Difference { object: id.clone(), column: None, line, is_extra: false };
        match found.get(id) {
            Some(other) => {
                all.extend(compare(&object.definition, &other.definition).into_iter().map(|detail| {
                    let line = format!("{title}{}", detail.text);
                    Difference { column: detail.column, is_extra: detail.is_extra, ..whole(line) }
                }))
            }
            // With its table, an index or trigger is gone too.
            None if is_part(id.0) && !has_table(found, object) => {}
            None => all.push(whole(format!("{title} is missing"))),
        }
    }
    for (id, object) in found.iter().filter(|(id, _)| !expected.contains_key(*id)) {
        let goes_with_its_table = is_part(id.0) && !has_table(expected, object);
        if !goes_with_its_table && !ignored.contains(&key(&object.on)) {
            let line = format!("{} is in the database, but no migration makes it", title(id.0, object));
            all.push(Difference { object: id.clone(), column: None, line, is_extra: true });
        }
    }
    all
}

/// Which of some migrations, each with what it changes, explain all of the differences: they made what differs. None where
/// something differs that none of them has touched.
pub(super) fn explained(
    differences: &[Difference],
    changes: &[(&'static Migration, Vec<Difference>)],
) -> Vec<&'static Migration> {
    type Same = fn(&Difference, &Difference) -> bool;
    let same_column: Same = |a, b| a.object == b.object && a.column.is_some() && a.column == b.column;
    let same_object: Same = |a, b| a.object == b.object;
    let by = |difference: &Difference, same: Same| -> Vec<&'static Migration> {
        let touch = |all: &[Difference]| all.iter().any(|change| same(change, difference));
        changes.iter().filter(|(_, all)| touch(all)).map(|(migration, _)| *migration).collect()
    };
    let (exact, rest): (Vec<_>, Vec<_>) =
        differences.iter().partition(|difference| !by(difference, same_column).is_empty());
    let mut files: Vec<_> = exact.into_iter().flat_map(|difference| by(difference, same_column)).collect();
    let (extra, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|difference| difference.is_extra);
    for difference in rest {
        let found = by(difference, same_object);
        if found.is_empty() {
            return Vec::new();
        }
        if found.iter().all(|file| !files.contains(file)) {
            files.extend(found);
        }
    }
    if files.is_empty() {
        files = extra.into_iter().flat_map(|difference| by(difference, same_object)).collect();
    }
    files.sort_by_key(|migration| migration.number());
    files.dedup();
    files
}

/// Whether an object belongs to a table or view.
fn is_part(kind: Kind) -> bool {
    matches!(kind, Kind::Index | Kind::Trigger)
}

fn title(kind: Kind, object: &Object) -> String {
    let Object { name, on, .. } = object;
    if is_part(kind) { format!("{} {name} on {on}", kind.word()) } else { format!("{} {name}", kind.word()) }
}

/// A difference within an object.
struct Detail {
    column: Option<String>,
    /// What follows the title of the object.
    text: String,
    is_extra: bool,
}

/// Whether two objects say the same.
#[cfg(feature = "build")]
pub(crate) fn is_same(one: &Definition, other: &Definition) -> bool {
    compare(one, other).is_empty()
}

fn compare(expected: &Definition, found: &Definition) -> Vec<Detail> {
    let whole = |text: String| vec![Detail { column: None, text, is_extra: false }];
    match (expected, found) {
        (Definition::Table(expected), Definition::Table(found)) => compare_tables(expected, found),
        (Definition::Whole(expected), Definition::Whole(found)) if expected == found => Vec::new(),
        (Definition::Whole(expected), Definition::Whole(found)) => {
            whole(format!(" {}", changed(expected, found)))
        }
        (Definition::Whole(_), Definition::Table(_)) => {
            whole(" is an ordinary table, and should be a virtual one".to_owned())
        }
        (Definition::Table(_), Definition::Whole(_)) => {
            whole(" is a virtual table, and should be an ordinary one".to_owned())
        }
    }
}

fn compare_tables(expected: &Table, found: &Table) -> Vec<Detail> {
    let column = |table: &Table, name: &str| {
        let same = table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name));
        same.map(|column| column.part.clone())
    };
    let mut details = Vec::new();
    let mut tell = |column: Option<&str>, text: String, is_extra| {
        details.push(Detail { column: column.map(key), text, is_extra });
    };
    for Column { name, part: wanted } in &expected.columns {
        match column(found, name) {
            None => tell(Some(name), format!(": column {name} is missing"), false),
            Some(part) if part != *wanted => {
                tell(Some(name), format!(": column {name} {}", changed(wanted, &part)), false);
            }
            Some(_) => {}
        }
    }
    for Column { name, .. } in found.columns.iter().filter(|other| column(expected, &other.name).is_none()) {
        tell(Some(name), format!(": column {name} is in the database, but no migration adds it"), true);
    }
    let order = |table: &Table, other: &Table| -> Vec<String> {
        let both = table.columns.iter().filter(|mine| column(other, &mine.name).is_some());
        both.map(|column| key(&column.name)).collect()
    };
    let (wanted, there) = (order(expected, found), order(found, expected));
    if wanted != there {
        let text = format!(
            ": the columns are in the order {}; it should be {}",
            there.join(", "),
            wanted.join(", ")
        );
        tell(None, text, false);
    }
    for part in missing(&expected.constraints, &found.constraints) {
        tell(None, format!(": `{}` is missing", shortened(&part.shown)), false);
    }
    for part in missing(&found.constraints, &expected.constraints) {
        tell(
            None,
            format!(": `{}` is in the database, but no migration adds it", shortened(&part.shown)),
            true,
        );
    }
    if expected.options != found.options {
        let shown = |part: &Part| if part.shown.is_empty() { "none".to_owned() } else { part.shown.clone() };
        tell(
            None,
            format!(
                " has the options {}; it should have {}",
                shown(&found.options),
                shown(&expected.options)
            ),
            false,
        );
    }
    details
}

/// The parts that others lack. One that stands there twice has to be found twice.
fn missing<'p>(parts: &'p [Part], others: &[Part]) -> impl Iterator<Item = &'p Part> {
    let mut left: Vec<&Part> = others.iter().collect();
    let missing = parts.iter().filter(move |part| match left.iter().position(|other| other == part) {
        Some(at) => {
            left.swap_remove(at);
            false
        }
        None => true,
    });
    missing.collect::<Vec<_>>().into_iter()
}

fn changed(expected: &Part, found: &Part) -> String {
    format!("is `{}`; it should be `{}`", shortened(&found.shown), shortened(&expected.shown))
}

/// A text as it fits into a line.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 120;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
