//! What a file does in so many words: it drops, renames, creates or deletes this, and so means to.
//!
//! Read from the verbs of its statements, in order; what comes of them, SQLite is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::live::schema::key;
use crate::sql::script::Statement;
use crate::sql::verb::{ObjectKind, Verb};

/// Everything so far, by [`key`].
#[derive(Default)]
pub(super) struct Outright {
    /// Every table that there was, before the file or during it.
    pub(super) known: BTreeSet<String>,
    /// The tables that were dropped or renamed away, and where.
    pub(super) gone: BTreeMap<String, Range<usize>>,
    /// The last DROP or ALTER.
    pub(super) last_change: Option<Range<usize>>,
    /// Under every name that they have had.
    pub(super) dropped_tables: BTreeSet<String>,
    pub(super) created_tables: BTreeSet<String>,
    pub(super) dropped_indexes: BTreeSet<String>,
    pub(super) dropped_triggers: BTreeSet<String>,
    pub(super) created_triggers: BTreeSet<String>,
    /// What a renamed table was called before.
    renamed_from: BTreeMap<String, String>,
    /// How many rows DELETE has taken out of a table, whatever it was called at the time.
    deleted: BTreeMap<String, i64>,
}

impl Outright {
    /// Takes note of a statement that has run, and of how many rows it has changed.
    pub(super) fn note(&mut self, statement: &Statement, changes: u64) {
        let range = || statement.first.clone();
        let verb = &statement.verb;
        if matches!(
            verb,
            Verb::Drop { .. }
                | Verb::Rename { .. }
                | Verb::RenameColumn { .. }
                | Verb::AddColumn(_)
                | Verb::Alter
        ) {
            self.last_change = Some(range());
        }
        match verb {
            Verb::Drop { kind, object } => self.note_drop(*kind, key(&object.name), range()),
            Verb::Rename { table, to } => {
                let (from, to) = (key(&table.name), key(to));
                self.gone.insert(from.clone(), range());
                self.known.insert(to.clone());
                let deleted = self.deleted(&from);
                *self.deleted.entry(to.clone()).or_default() += deleted;
                self.renamed_from.insert(to, from);
            }
            Verb::CreateTrigger(trigger) => {
                self.created_triggers.insert(key(&trigger.name));
            }
            Verb::Delete(table) => {
                // Also before a renamed table is copied.
                let table = key(&table.name);
                let before = self.renamed_from.get(&table).cloned();
                for name in before.into_iter().chain([table]) {
                    *self.deleted.entry(name).or_default() += i64::try_from(changes).unwrap_or_default();
                }
            }
            _ => {}
        }
        if let Some(created) = verb.created_table().map(key) {
            self.known.insert(created.clone());
            self.created_tables.insert(created);
        }
    }

    fn note_drop(&mut self, kind: ObjectKind, name: String, range: Range<usize>) {
        match kind {
            ObjectKind::Table => {
                self.gone.insert(name.clone(), range);
                self.dropped_tables.extend(self.renamed_from.get(&name).cloned());
                self.dropped_tables.insert(name);
            }
            ObjectKind::Index => {
                self.dropped_indexes.insert(name);
            }
            ObjectKind::Trigger => {
                self.dropped_triggers.insert(name);
            }
            ObjectKind::View => {}
        }
    }

    /// Every name that a table has had in the file, its last one included.
    pub(super) fn names_of(&self, table: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::from([key(table)]);
        let mut name = key(table);
        while let Some(before) = self.renamed_from.get(&name).filter(|before| names.insert((*before).clone()))
        {
            name.clone_from(before);
        }
        names
    }

    /// How many rows of a table were deleted in so many words.
    pub(super) fn deleted(&self, table: &str) -> i64 {
        self.deleted.get(&key(table)).copied().unwrap_or_default()
    }
}
