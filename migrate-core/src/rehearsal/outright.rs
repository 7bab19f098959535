//! What a file says outright: it drops, renames, creates or deletes this, and so means to.
//!
//! Read from the first words of its statements, in order; what comes of them, SQLite is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;
use std::ops::Range;

use super::schema::key;
use crate::sql::record;
use crate::sql::script::Statement;
use crate::sql::token::{self, Token};

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
    pub(super) fn note(&mut self, statement: &Statement, text: &str, changes: u64) {
        let range = || statement.first.clone();
        let keyword = text.get(..statement.first.len()).unwrap_or_default();
        if keyword.eq_ignore_ascii_case("drop") || keyword.eq_ignore_ascii_case("alter") {
            self.last_change = Some(range());
        }
        match dropped(text) {
            Some(("table", table)) => {
                self.gone.insert(key(&table), range());
                self.dropped_tables.extend(self.renamed_from.get(&key(&table)).cloned());
                self.dropped_tables.insert(key(&table));
            }
            Some(("index", name)) => {
                self.dropped_indexes.insert(key(&name));
            }
            Some(("trigger", name)) => {
                self.dropped_triggers.insert(key(&name));
            }
            _ => {}
        }
        if let Some((from, to)) = renamed(text) {
            self.gone.insert(key(&from), range());
            self.known.insert(key(&to));
            let deleted = self.deleted(&from);
            *self.deleted.entry(key(&to)).or_default() += deleted;
            self.renamed_from.insert(key(&to), key(&from));
        }
        if let Some(created) = record::created_table(text) {
            self.known.insert(key(&created));
            self.created_tables.insert(key(&created));
        }
        if let Some(trigger) = created_program(text) {
            self.created_triggers.insert(key(&trigger));
        }
        if let Some(table) = deleted_from(text) {
            // Also before a renamed table is copied.
            let before = self.renamed_from.get(&key(&table)).cloned();
            for name in before.into_iter().chain([key(&table)]) {
                *self.deleted.entry(name).or_default() += i64::try_from(changes).unwrap_or_default();
            }
        }
    }

    /// How many rows of a table were deleted in so many words.
    pub(super) fn deleted(&self, table: &str) -> i64 {
        self.deleted.get(&key(table)).copied().unwrap_or_default()
    }
}

/// `DROP TABLE`, `DROP INDEX` or `DROP TRIGGER`, and the name.
pub(super) fn dropped(statement: &str) -> Option<(&'static str, String)> {
    let mut tokens = token::significant(statement).peekable();
    tokens.next_if(|token| token.is_word("drop"))?;
    let kind = tokens.next()?;
    let kind = ["table", "index", "trigger"].into_iter().find(|word| kind.is_word(word))?;
    if tokens.next_if(|token| token.is_word("if")).is_some() {
        tokens.next()?;
    }
    Some((kind, last_name(&mut tokens)?))
}

/// `ALTER TABLE a RENAME TO b`
pub(super) fn renamed(statement: &str) -> Option<(String, String)> {
    let mut tokens = token::significant(statement).peekable();
    tokens.next_if(|token| token.is_word("alter"))?;
    tokens.next_if(|token| token.is_word("table"))?;
    let from = last_name(&mut tokens)?;
    tokens.next_if(|token| token.is_word("rename"))?;
    tokens.next_if(|token| token.is_word("to"))?;
    Some((from, tokens.next()?.unquoted()?))
}

/// The table of a DELETE.
fn deleted_from(statement: &str) -> Option<String> {
    let mut tokens = token::significant(statement).peekable();
    tokens.by_ref().find(|token| token.is_word("delete"))?;
    tokens.next_if(|token| token.is_word("from"))?;
    last_name(&mut tokens)
}

/// The name of the view or trigger that a statement creates.
pub(super) fn created_program(statement: &str) -> Option<String> {
    let mut tokens = token::significant(statement).peekable();
    tokens.next_if(|token| token.is_word("create"))?;
    tokens.next_if(|token| token.is_word("view") || token.is_word("trigger"))?;
    if tokens.next_if(|token| token.is_word("if")).is_some() {
        tokens.nth(1)?;
    }
    last_name(&mut tokens)
}

/// `name` or `schema.name`
fn last_name<'a>(tokens: &mut Peekable<impl Iterator<Item = Token<'a>>>) -> Option<String> {
    let name = tokens.next()?.unquoted()?;
    match tokens.next_if(|token| token.text == ".") {
        Some(_) => tokens.next()?.unquoted(),
        None => Some(name),
    }
}
