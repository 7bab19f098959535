//! Puts a row into a table, with other values where a constraint does not take these.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;
use rusqlite::{Connection, ffi, params_from_iter};

use super::candidates::candidates;
use super::{Row, Table, value_of, without_triggers};
use crate::live::locate::failure;
use crate::live::schema::{self, key};
use crate::sql::quote::quoted;

/// How many ways to please a CHECK constraint are tried.
const ATTEMPTS: usize = 600;

/// What has pleased the constraints of a table before: for its CREATE text and the number of a row, the values that had
/// to be chosen, or nothing where no choice helped. Looking for them anew costs more than a file does.
#[derive(Default)]
pub(in crate::rehearsal) struct Recipes {
    pub(in crate::rehearsal) known: BTreeMap<(String, usize), Option<Row>>,
}

pub(super) struct Inserter<'c> {
    conn: &'c Connection,
    table: &'c str,
    /// Its CREATE text.
    create: String,
}

impl<'c> Inserter<'c> {
    pub(super) fn new(conn: &'c Connection, table: &'c Table) -> rusqlite::Result<Self> {
        let create = schema::create_text(conn, &table.name)?;
        Ok(Self { conn, table: &table.name, create })
    }

    /// Inserts a row, and leaves in `values` what went in. `false` where nothing helps.
    pub(super) fn insert(
        &mut self,
        values: &mut Row,
        row: usize,
        recipes: &mut Recipes,
    ) -> rusqlite::Result<bool> {
        let Err(error) = self.attempt(values) else { return Ok(true) };
        if !is_choosy(&error) {
            return Ok(false);
        }
        let recipe = (self.create.clone(), row);
        match recipes.known.get(&recipe) {
            Some(None) => return Ok(false),
            Some(Some(chosen)) => {
                let mut cooked = values.clone();
                for (name, value) in &mut cooked {
                    if let Some(chosen) = value_of(chosen, name) {
                        *value = chosen.clone();
                    }
                }
                if self.attempt(&cooked).is_ok() {
                    *values = cooked;
                    return Ok(true);
                }
            }
            None => {}
        }
        let before = values.clone();
        let pleased = self.search(values, row, error)?;
        let chosen = values.iter().zip(&before).filter(|(now, before)| now != before);
        recipes.known.insert(recipe, pleased.then(|| chosen.map(|(now, _)| now.clone()).collect()));
        Ok(pleased)
    }

    /// Inserts a row as it is. A trigger may refuse, or silently leave out, what the table itself takes; it may not even
    /// compile.
    pub(super) fn attempt(&self, values: &[(String, Value)]) -> rusqlite::Result<()> {
        let names: Vec<_> = values.iter().map(|(name, _)| quoted(name)).collect();
        let places: Vec<_> = (1..=values.len()).map(|place| format!("?{place}")).collect();
        let table = quoted(self.table);
        let sql = if names.is_empty() {
            format!("INSERT INTO main.{table} DEFAULT VALUES")
        } else {
            format!("INSERT INTO main.{table} ({}) VALUES ({})", names.join(", "), places.join(", "))
        };
        let run = || {
            let mut statement = self.conn.prepare(&sql)?;
            statement.execute(params_from_iter(values.iter().map(|(_, value)| value)))
        };
        match run() {
            Ok(1) => Ok(()),
            Ok(_) | Err(_) => without_triggers(self.conn, run).map(drop),
        }
    }

    /// One constraint after the other: one that is content brings the next one's error.
    fn search(&self, values: &mut Row, row: usize, mut error: rusqlite::Error) -> rusqlite::Result<bool> {
        let candidates = candidates(&self.create, row);
        let mut attempts = 0;
        let mut seen = BTreeSet::new();
        'next: while seen.insert(error.to_string()) {
            let words = schema::words(&error.to_string());
            let (named, others): (Vec<usize>, Vec<usize>) = (0..values.len())
                .partition(|index| values.get(*index).is_some_and(|(name, _)| words.contains(&key(name))));
            let named = if named.is_empty() { others } else { named };
            // Each column by itself, then each two of them: a CHECK may be about both at once.
            let pairs = named.iter().flat_map(|&one| named.iter().map(move |&other| (one, other)));
            let singly = named.iter().map(|&index| (index, index));
            for (one, other) in singly.chain(pairs.filter(|(one, other)| one < other)) {
                let before = values.clone();
                let second = if one == other { candidates.get(..1) } else { Some(candidates.as_slice()) };
                for first in &candidates {
                    for second in second.unwrap_or_default() {
                        attempts += 1;
                        if attempts > ATTEMPTS {
                            return Ok(false);
                        }
                        if let Some((_, value)) = values.get_mut(other) {
                            value.clone_from(second);
                        }
                        if let Some((_, value)) = values.get_mut(one) {
                            value.clone_from(first);
                        }
                        match self.attempt(values) {
                            Ok(()) => return Ok(true),
                            Err(next) if is_choosy(&next) && !seen.contains(&next.to_string()) => {
                                error = next;
                                continue 'next;
                            }
                            Err(_) => {}
                        }
                    }
                }
                values.clone_from(&before);
            }
        }
        Ok(false)
    }
}

/// Whether other values may please a constraint.
fn is_choosy(error: &rusqlite::Error) -> bool {
    is_unique(error)
        || failure(error).is_some_and(|failure| failure.extended_code == ffi::SQLITE_CONSTRAINT_CHECK)
}

/// Whether a row like this one is there already.
pub(super) fn is_unique(error: &rusqlite::Error) -> bool {
    failure(error).is_some_and(|failure| {
        matches!(
            failure.extended_code,
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID
        )
    })
}
