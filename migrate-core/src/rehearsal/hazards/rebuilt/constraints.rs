//! `loses-constraint`: a CHECK, a UNIQUE or PRIMARY KEY, or a REFERENCES that a rebuilt table comes out without, on
//! columns that it still has. Only what the CREATE TABLE says counts: indexes are `loses-index`.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::Rebuild;
use crate::live::schema::{self, key};
use crate::model::rule::Rule;
use crate::rehearsal::hazards::{File, listed};
use crate::sql::token;

/// The constraints of a table, each by the columns that it is about.
pub(super) struct Constraints {
    checks: Vec<(String, BTreeSet<String>)>,
    /// PRIMARY KEY and UNIQUE, in the order of their columns.
    keys: Vec<Vec<String>>,
    /// The parent, for the message, and the columns of the child.
    references: Vec<(String, BTreeSet<String>)>,
}

impl Constraints {
    pub(super) fn read(conn: &Connection, table: &str, create: &str) -> rusqlite::Result<Self> {
        let columns: BTreeSet<String> =
            schema::columns(conn, table)?.into_iter().map(|column| key(&column.name)).collect();
        let set = |columns: Vec<String>| columns.iter().map(|column| key(column)).collect::<BTreeSet<_>>();
        let list = |columns: Vec<String>| columns.iter().map(|column| key(column)).collect::<Vec<_>>();
        let mut keys = vec![list(schema::primary_key(conn, table)?)];
        for index in schema::indexes(conn, table)? {
            let columns = list(index.columns.into_iter().flatten().collect());
            if index.unique && index.is_constraint && !keys.contains(&columns) {
                keys.push(columns);
            }
        }
        keys.retain(|key| !key.is_empty());
        let references = schema::foreign_keys(conn, table)?.into_iter().map(|foreign_key| {
            let from = foreign_key.columns.into_iter().map(|(from, _)| from).collect();
            (foreign_key.parent, set(from))
        });
        let checks = checks(create).into_iter().map(|check| {
            let about = schema::words(&check).intersection(&columns).cloned().collect();
            (check, about)
        });
        Ok(Self { checks: checks.collect(), keys, references: references.collect() })
    }
}

impl Constraints {
    /// Whether a column alone is a key.
    pub(super) fn is_key(&self, column: &str) -> bool {
        self.keys.iter().any(|key| key.len() == 1 && key.iter().any(|other| other == column))
    }
}

pub(super) fn compare(file: &mut File<'_>, conn: &Connection, rebuild: &Rebuild<'_>) -> rusqlite::Result<()> {
    let name = &rebuild.before.name;
    let create = schema::create_text(conn, name)?;
    let now = Constraints::read(conn, name, &create)?;
    let unique: Vec<BTreeSet<String>> = schema::unique_keys(conn, name)?
        .into_iter()
        .map(|columns| columns.iter().map(|column| key(column)).collect())
        .collect();
    // What stood on a column that went is not lost.
    let still = |columns: &BTreeSet<String>| -> Option<BTreeSet<String>> {
        let now: Option<BTreeSet<String>> = columns.iter().map(|column| rebuild.now(column)).collect();
        now.filter(|now| !now.is_empty())
    };
    let mut lost = Vec::new();
    let before = &rebuild.before.constraints;
    let is_strict = create.to_ascii_lowercase().trim_end().ends_with("strict");
    // Those that are the same before and after stand for themselves alone.
    let changed: Vec<_> = now
        .checks
        .iter()
        .filter(|(check, _)| before.checks.iter().all(|(other, _)| !same(check, other)))
        .collect();
    for (check, about) in &before.checks {
        let Some(columns) = still(about).filter(|_| now.checks.iter().all(|(other, _)| !same(check, other)))
        else {
            continue;
        };
        // One that says something else about the same column has taken its place, or a reference, or STRICT.
        let is_replaced = changed.iter().any(|(_, other)| !other.is_disjoint(&columns))
            || now.references.iter().any(|(_, other)| {
                other.is_subset(&columns) && before.references.iter().all(|(_, was)| was != other)
            })
            || (is_strict && schema::words(check).contains("typeof"));
        if !is_replaced {
            lost.push(format!("CHECK ({check})"));
        }
    }
    for columns in &before.keys {
        let about: BTreeSet<String> = columns.iter().cloned().collect();
        if still(&about).is_some_and(|columns| !unique.iter().any(|other| other.is_subset(&columns))) {
            lost.push(format!("the key over {}", listed(columns)));
        }
    }
    for (parent, columns) in &before.references {
        if still(columns).is_some_and(|columns| now.references.iter().all(|(_, other)| *other != columns)) {
            let columns: Vec<_> = columns.iter().collect();
            lost.push(format!("the reference of {} to {parent}", listed(&columns)));
        }
    }
    if !lost.is_empty() {
        let them = if lost.len() == 1 { "it" } else { "them" };
        file.faults.add_hazard(
            rebuild.at.clone(),
            Rule::LosesConstraint,
            format!("{name} is rebuilt, and loses {}; repeat {them} in the new table", listed(&lost)),
        );
    }
    Ok(())
}

/// Whether two CHECKs are the same but for space and case.
fn same(one: &str, other: &str) -> bool {
    let tokens = |check| token::significant(check).map(|token| token.text.to_ascii_lowercase());
    tokens(one).eq(tokens(other))
}

/// What stands in the parentheses of each CHECK.
fn checks(create: &str) -> Vec<String> {
    let tokens: Vec<_> = token::significant(create).collect();
    let mut found = Vec::new();
    for (index, check) in tokens.iter().enumerate().filter(|(_, token)| token.is_word("check")) {
        let mut depth = 0_usize;
        let rest = tokens.get(index + 1..).unwrap_or_default();
        let end = rest.iter().find(|token| {
            match token.text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        });
        let first = rest.first().filter(|token| token.text == "(");
        if let (Some(first), Some(end)) = (first, end.filter(|end| end.start > check.end())) {
            found.extend(create.get(first.end()..end.start).map(|text| text.trim().to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_are_found_in_a_table_s_text() {
        assert_eq!(
            checks(
                "CREATE TABLE t (a CHECK (a > (1 + 2)), b DEFAULT 'check (x)', CONSTRAINT c CHECK (f(a) = ')'))"
            ),
            ["a > (1 + 2)", "f(a) = ')'"]
        );
        assert_eq!(checks("CREATE TABLE \"check\" (a)"), [""; 0]);
    }
}
