//! The recreate pattern for a table as it stands at the head of a history
//! (<https://sqlite.org/lang_altertable.html#otheralter>): everything that has to come back, in the order in which it can.
//!
//! What is written holds for rows of any kind: rowids, sequences and generated columns are kept as well. It is text for a
//! person to go on with; whether it does what it should, the rehearsal says.

mod change;
mod definition;
mod table;

pub use change::Change;

use std::collections::BTreeSet;

use rusqlite::Connection;

use self::definition::Definition;
use self::table::{Table, find};
use crate::live::row::get;
use crate::live::schema::{self, key, words};
use crate::sql::quote::written;
use crate::sql::token;

/// The statements between BEGIN and the record of a file that rebuilds a table. `tracking` is the table that a history
/// records itself in.
///
/// # Errors
///
/// Why it cannot be rebuilt, as a sentence.
pub fn rebuild(conn: &Connection, table: &str, tracking: &str, changes: &[Change]) -> Result<String, String> {
    let table = find(conn, table)?;
    if table.name.eq_ignore_ascii_case(tracking) {
        return Err(format!(
            "{table} is the tracking table, which no file but the first one may change",
            table = table.name
        ));
    }
    Rebuild::read(conn, table, changes).map_err(|error| format!("the schema cannot be read: {error}"))?.text()
}

/// A table and everything that has to be made anew with it.
struct Rebuild<'c> {
    table: Table,
    /// What it is called until the old one is gone.
    new: String,
    columns: Vec<schema::Column>,
    /// By which name its rowid can be copied, where it is no column.
    rowid: Option<&'static str>,
    autoincrement: bool,
    /// Indexes: their names, what they are over, and their texts.
    indexes: Vec<(String, BTreeSet<String>, String)>,
    /// Views and triggers that are dropped first, each as its kind and name.
    dropped: Vec<(&'static str, String)>,
    /// The texts of views, then of triggers, that come back.
    restored: Vec<String>,
    changes: &'c [Change],
}

impl<'c> Rebuild<'c> {
    fn read(conn: &Connection, table: Table, changes: &'c [Change]) -> rusqlite::Result<Self> {
        let columns = schema::columns(conn, &table.name)?;
        let mut taken = BTreeSet::new();
        let (mut views, mut triggers, mut indexes) = (Vec::new(), Vec::new(), Vec::new());
        let mut statement =
            conn.prepare("SELECT type, name, tbl_name, sql FROM main.sqlite_master ORDER BY rowid")?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            let (kind, name): (String, String) = (get(row, 0)?, get(row, 1)?);
            let (on, sql): (String, Option<String>) = (get(row, 2)?, get(row, 3)?);
            taken.insert(key(&name));
            let Some(sql) = sql else { continue };
            match kind.as_str() {
                "view" => views.push((name, sql)),
                "trigger" => triggers.push((name, on, sql)),
                "index" if on.eq_ignore_ascii_case(&table.name) => indexes.push((name, sql)),
                _ => {}
            }
        }
        let over = schema::indexes(conn, &table.name)?;
        // What is in parentheses, and what may follow them: columns, expressions and a condition.
        let names = |sql: &str| words(sql.split_once('(').map_or("", |(_, rest)| rest));
        let indexes = indexes.into_iter().map(|(name, sql)| (name, names(&sql), sql));

        // Whatever names the table, or a view that does, cannot be resolved while it is away, and RENAME would say so.
        let mut away = BTreeSet::from([key(&table.name)]);
        let mut used = vec![false; views.len()];
        let mut grows = true;
        while std::mem::take(&mut grows) {
            for ((name, sql), is_used) in views.iter().zip(&mut used) {
                if !*is_used && !words(sql).is_disjoint(&away) {
                    (*is_used, grows) = (true, true);
                    away.insert(key(name));
                }
            }
        }
        let views: Vec<_> =
            views.into_iter().zip(used).filter_map(|(view, used)| used.then_some(view)).collect();
        triggers.retain(|(_, on, sql)| away.contains(&key(on)) || !words(sql).is_disjoint(&away));
        // A trigger goes by itself with what it is on.
        let drops = triggers.iter().filter(|(_, on, _)| !away.contains(&key(on)));
        let drops = drops.map(|(name, ..)| ("TRIGGER", name.clone()));
        let dropped = drops.chain(views.iter().rev().map(|(name, _)| ("VIEW", name.clone()))).collect();
        let restored = views.into_iter().map(|(_, sql)| sql).chain(triggers.into_iter().map(|(.., sql)| sql));

        let new =
            std::iter::successors(Some(format!("{}_new", table.name)), |name| Some(format!("{name}er")))
                .find(|name| !taken.contains(&key(name)))
                .unwrap_or_default();
        let is_column = |name: &str| columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
        let primary =
            columns.iter().filter(|column| column.primary_key > 0).map(|column| column.name.clone());
        let primary: Vec<_> = primary.collect();
        // A key that is the rowid itself needs no index.
        let is_alias =
            primary.len() == 1 && !over.iter().any(|index| index.is_constraint && index.is_over(&primary));
        let rowid = ["rowid", "_rowid_", "oid"].into_iter().find(|name| !is_column(name));
        let autoincrement = token::significant(&table.sql).any(|token| token.is_word("autoincrement"));
        Ok(Self {
            rowid: rowid.filter(|_| !table.without_rowid && !is_alias),
            autoincrement,
            indexes: indexes.collect(),
            new,
            columns,
            dropped,
            restored: restored.collect(),
            changes,
            table,
        })
    }

    fn text(&self) -> Result<String, String> {
        let (table, new) = (written(&self.table.name), written(&self.new));
        let mut text = String::new();
        for (kind, name) in &self.dropped {
            text.push_str(&format!("DROP {kind} {};\n", written(name)));
        }
        let dropped = |column: &str| {
            self.changes.iter().any(
                |change| matches!(change, Change::Drop { column: gone } if gone.eq_ignore_ascii_case(column)),
            )
        };
        for (name, over, _) in &self.indexes {
            if over.iter().any(|column| dropped(column)) {
                text.push_str(&format!("DROP INDEX {};\n", written(name)));
            }
        }
        text.push_str(&format!("{};\n", self.create()?));

        let stored = self.columns.iter().filter(|column| !column.generated && !dropped(&column.name));
        let rowid = self.rowid.map(str::to_owned);
        let names = rowid.iter().cloned().chain(stored.clone().map(|column| written(&column.name)));
        let names = names.collect::<Vec<_>>().join(", ");
        let values = rowid.into_iter().chain(stored.map(|column| self.value(&column.name)));
        let values = values.collect::<Vec<_>>().join(", ");
        text.push_str(&format!("INSERT INTO {new} ({names})\nSELECT {values} FROM {table};\n"));

        if self.autoincrement {
            let [old, new] =
                [&self.table.name, &self.new].map(|name| format!("'{}'", name.replace('\'', "''")));
            text.push_str(&format!(
                "DELETE FROM sqlite_sequence WHERE name = {new};\nINSERT INTO sqlite_sequence (name, seq)\nSELECT {new}, seq \
                 FROM sqlite_sequence WHERE name = {old};\n"
            ));
        }
        text.push_str(&format!("DROP TABLE {table};\nALTER TABLE {new} RENAME TO {table};\n"));
        let indexes = self.indexes.iter().filter(|(_, over, _)| !over.iter().any(|column| dropped(column)));
        for statement in indexes.map(|(.., sql)| sql).chain(&self.restored) {
            text.push_str(&format!("{statement};\n"));
        }
        Ok(text)
    }

    /// What is copied into a column.
    fn value(&self, column: &str) -> String {
        let mut value = written(column);
        for change in self.changes.iter().filter(|change| change.column().eq_ignore_ascii_case(column)) {
            match change {
                Change::NotNull { default, .. } => value = format!("coalesce({value}, {default})"),
                // Elsewhere a column takes values of any type, and loses none.
                Change::Type { declared, .. } if self.table.strict => {
                    value = format!("CAST({value} AS {declared})")
                }
                _ => {}
            }
        }
        value
    }

    /// The CREATE TABLE of the new table.
    fn create(&self) -> Result<String, String> {
        let sql = &self.table.sql;
        let definition = Definition::parse(sql)
            .ok_or_else(|| format!("the text of {} cannot be taken apart", self.table.name))?;
        let mut edits = definition.tolerated();
        edits.push((definition.name.clone(), written(&self.new)));
        // In its own text, the table may stand before one of its columns.
        let mut tokens = token::significant(sql).peekable();
        while let Some(token) = tokens.next() {
            let is_before = tokens.peek().is_some_and(|next| next.text == ".");
            let is_table = token.unquoted().is_some_and(|name| name.eq_ignore_ascii_case(&self.table.name));
            if is_before && is_table && token.start > definition.name.end {
                edits.push((token.range(), written(&self.new)));
            }
        }
        for change in self.changes {
            let name = change.column();
            let column =
                definition.column(name).ok_or_else(|| format!("{} has no column {name}", self.table.name))?;
            let end = column.end..column.end;
            match change {
                Change::NotNull { default, .. } => {
                    if self
                        .columns
                        .iter()
                        .any(|column| column.not_null && column.name.eq_ignore_ascii_case(name))
                    {
                        return Err(format!("{name} is NOT NULL already"));
                    }
                    edits.push((end.clone(), " NOT NULL".to_owned()));
                    let value = if is_literal(default) { default.clone() } else { format!("({default})") };
                    match column.default {
                        Some(old) => edits.push((old, format!("DEFAULT {value}"))),
                        None => edits.push((end, format!(" DEFAULT {value}"))),
                    }
                }
                Change::Type { declared, .. } => {
                    let space = if column.declared.is_empty() { " " } else { "" };
                    edits.push((column.declared, format!("{space}{declared}")));
                }
                Change::Unique { .. } => edits.push((end, " UNIQUE".to_owned())),
                Change::Collate { collation, .. } => match column.collate {
                    Some(old) => edits.push((old, format!("COLLATE {}", written(collation)))),
                    None => edits.push((end, format!(" COLLATE {}", written(collation)))),
                },
                Change::Drop { .. } => {
                    let cuts = definition.without(name).map_err(|other| {
                        format!("{name} cannot be dropped without changing what else is about it: {other}")
                    })?;
                    edits.extend(cuts.into_iter().map(|cut| (cut, String::new())));
                }
            }
        }
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut text = sql.clone();
        for (range, with) in edits.into_iter().rev() {
            text.replace_range(range, &with);
        }
        Ok(text)
    }
}

/// A value that DEFAULT takes without parentheses.
fn is_literal(expression: &str) -> bool {
    let mut tokens = token::significant(expression);
    let first = tokens.next();
    let value = match first {
        Some(sign) if matches!(sign.text, "+" | "-") => tokens.next(),
        first => first,
    };
    let is_value = value.is_some_and(|value| {
        use token::TokenKind::{Number, Text};
        let words = ["null", "true", "false", "current_time", "current_date", "current_timestamp"];
        matches!(value.kind, Number | Text) || words.iter().any(|word| value.is_word(word))
    });
    is_value && tokens.next().is_none()
}
