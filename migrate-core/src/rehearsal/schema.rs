//! What a database's schema says, as far as rows and hazards need it: read from SQLite, never from the text of
//! a CREATE statement where a PRAGMA tells.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::sql::quote::quoted;
use crate::sql::record;
use crate::sql::token;

/// Names in SQLite are the same whatever their ASCII case.
pub(super) fn key(name: &str) -> String {
    name.to_ascii_lowercase()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Table,
    View,
    /// A virtual table, or a shadow of one: left alone.
    Virtual,
}

/// A table or view in the catalog.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// The tables that its foreign keys refer to.
    pub(super) parents: BTreeSet<String>,
}

/// Every table and view of a database, by [`key`].
#[derive(Clone, Debug, Default)]
pub(super) struct Catalog {
    /// Some table is AUTOINCREMENT, so that there is a sqlite_sequence.
    pub(super) autoincrement: bool,
    /// There is a trigger or a view.
    pub(super) programs: bool,
    entries: BTreeMap<String, Entry>,
}

impl Catalog {
    /// Reads all of it.
    pub(super) fn read(conn: &Connection) -> rusqlite::Result<Self> {
        let mut catalog = Self::default();
        let mut statement = conn.prepare(
            "SELECT l.name, l.type, m.sql FROM pragma_table_list l JOIN main.sqlite_master m ON m.name = l.name
             WHERE l.schema = 'main' AND m.type IN ('table', 'view') AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?))
        })?;
        for row in rows {
            let (name, kind, sql) = row?;
            let kind = match kind.as_str() {
                "table" => Kind::Table,
                "view" => Kind::View,
                _ => Kind::Virtual,
            };
            catalog.add(conn, name, kind, &sql.unwrap_or_default())?;
        }
        let any = "SELECT EXISTS (SELECT 1 FROM main.sqlite_master WHERE type IN ('trigger', 'view'))";
        catalog.programs = conn.query_row(any, [], |row| row.get(0))?;
        Ok(catalog)
    }

    /// Enters what one statement has created, where that is a plain table. `false` where only reading it all again
    /// would tell what the statement has changed.
    pub(super) fn follow(&mut self, conn: &Connection, statement: &str) -> rusqlite::Result<bool> {
        let mut tokens = token::significant(statement);
        let mut next_is = |words: &[&str]| {
            let token = tokens.next();
            token.is_some_and(|token| words.iter().any(|word| token.is_word(word)))
        };
        if next_is(&["alter"]) {
            // ADD COLUMN may add a foreign key; everything else changes names.
            return Ok(next_is(&["table"])
                && tokens.any(|token| token.is_word("add"))
                && !statement.to_ascii_lowercase().contains("references"));
        }
        if let Some(name) = record::created_table(statement) {
            self.add(conn, name, Kind::Table, statement)?;
            return Ok(true);
        }
        let mut tokens = token::significant(statement);
        let creates = tokens.next().is_some_and(|token| token.is_word("create"));
        let kind = tokens.next().filter(|_| creates);
        let is = |word| kind.is_some_and(|kind| kind.is_word(word));
        self.programs |= is("trigger");
        Ok(is("index") || is("unique") || is("trigger"))
    }

    fn add(&mut self, conn: &Connection, name: String, kind: Kind, sql: &str) -> rusqlite::Result<()> {
        let lower = sql.to_ascii_lowercase();
        self.autoincrement |= lower.contains("autoincrement");
        let refers = kind == Kind::Table && lower.contains("references");
        let parents = if refers {
            foreign_keys(conn, &name)?.into_iter().map(|foreign_key| key(&foreign_key.parent)).collect()
        } else {
            BTreeSet::new()
        };
        self.entries.insert(key(&name), Entry { name, kind, parents });
        Ok(())
    }

    pub(super) fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(&key(name))
    }

    /// The tables that hold rows a file can touch: those that it names itself, and the ones that rows of these
    /// refer to. With `children`, also those whose rows refer to them.
    pub(super) fn reached(&self, named: &[String], children: bool) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<String> = named.iter().map(|name| key(name)).collect();
        while let Some(name) = open.pop() {
            let Some(entry) = self.entries.get(&name).filter(|entry| entry.kind == Kind::Table) else {
                continue;
            };
            if !reached.contains(&name) {
                open.extend(entry.parents.iter().cloned());
                if children {
                    open.extend(self.children(&name));
                }
                reached.insert(name);
            }
        }
        reached
    }

    fn children<'a>(&'a self, parent: &'a str) -> impl Iterator<Item = String> + 'a {
        self.entries
            .iter()
            .filter(move |(_, entry)| entry.parents.contains(parent))
            .map(|(name, _)| name.clone())
    }

    /// Whether a foreign key leads from any of these tables, or into one.
    pub(super) fn any_related(&self, tables: &BTreeSet<String>) -> bool {
        tables.iter().any(|table| {
            self.entries.get(table).is_some_and(|entry| !entry.parents.is_empty())
                || self.children(table).next().is_some()
        })
    }
}

/// Everything in a text that may be a name.
pub(super) fn words(text: &str) -> BTreeSet<String> {
    token::significant(text)
        .filter(|token| matches!(token.kind, token::Kind::Word | token::Kind::QuotedName))
        .filter_map(|token| token.unquoted())
        .map(|name| key(&name))
        .collect()
}

#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) not_null: bool,
    /// The declared type, in upper case.
    pub(super) declared: String,
    pub(super) default: Option<String>,
    /// Its place in the primary key, from 1; 0 where it is not part of it.
    pub(super) primary_key: i64,
    pub(super) generated: bool,
}

/// The columns of a table (<https://sqlite.org/pragma.html#pragma_table_xinfo>).
pub(super) fn columns(conn: &Connection, table: &str) -> rusqlite::Result<Vec<Column>> {
    let mut statement = conn.prepare(&format!("PRAGMA main.table_xinfo({})", quoted(table)))?;
    let columns = statement.query_map([], |row| {
        Ok(Column {
            name: row.get(1)?,
            not_null: row.get(3)?,
            declared: row.get::<_, String>(2)?.to_ascii_uppercase(),
            default: row.get(4)?,
            primary_key: row.get(5)?,
            generated: row.get::<_, i64>(6)? != 0,
        })
    })?;
    columns.collect()
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ForeignKey {
    pub(super) parent: String,
    /// The child's columns, and the parent's, where they are named: else its primary key is meant.
    pub(super) columns: Vec<(String, Option<String>)>,
}

/// The foreign keys of a table (<https://sqlite.org/pragma.html#pragma_foreign_key_list>).
pub(super) fn foreign_keys(conn: &Connection, table: &str) -> rusqlite::Result<Vec<ForeignKey>> {
    let mut statement = conn.prepare(&format!("PRAGMA main.foreign_key_list({})", quoted(table)))?;
    let mut keys: BTreeMap<i64, ForeignKey> = BTreeMap::new();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let parent: String = row.get(2)?;
        let foreign_key =
            keys.entry(row.get(0)?).or_insert_with(|| ForeignKey { parent, columns: Vec::new() });
        foreign_key.columns.push((row.get(3)?, row.get(4)?));
    }
    Ok(keys.into_values().collect())
}

#[derive(Clone, Debug)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) unique: bool,
    pub(super) partial: bool,
    /// `None` for an expression.
    pub(super) columns: Vec<Option<String>>,
}

/// The indexes of a table (<https://sqlite.org/pragma.html#pragma_index_list>).
pub(super) fn indexes(conn: &Connection, table: &str) -> rusqlite::Result<Vec<Index>> {
    let mut statement = conn.prepare(&format!("PRAGMA main.index_list({})", quoted(table)))?;
    let mut indexes: Vec<Index> = statement
        .query_map([], |row| {
            Ok(Index { name: row.get(1)?, unique: row.get(2)?, partial: row.get(4)?, columns: Vec::new() })
        })?
        .collect::<rusqlite::Result<_>>()?;
    for index in &mut indexes {
        let mut statement = conn.prepare(&format!("PRAGMA main.index_info({})", quoted(&index.name)))?;
        index.columns = statement.query_map([], |row| row.get(2))?.collect::<rusqlite::Result<_>>()?;
    }
    Ok(indexes)
}

/// Every table and where its storage begins.
pub(super) fn roots(conn: &Connection) -> rusqlite::Result<BTreeMap<String, i64>> {
    let mut statement = conn.prepare("SELECT name, rootpage FROM main.sqlite_master WHERE type = 'table'")?;
    let rows = statement.query_map([], |row| Ok((key(&row.get::<_, String>(0)?), row.get(1)?)))?;
    rows.collect()
}

pub(super) fn all_foreign_keys(conn: &Connection) -> rusqlite::Result<Vec<(String, ForeignKey)>> {
    let mut statement =
        conn.prepare("SELECT name FROM main.sqlite_master WHERE type = 'table' AND sql LIKE '%REFERENCES%'")?;
    let tables: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut keys = Vec::new();
    for table in tables {
        for foreign_key in foreign_keys(conn, &table)? {
            keys.push((table.clone(), foreign_key));
        }
    }
    Ok(keys)
}

/// The triggers on a table: their names by [`key`].
pub(super) fn triggers(conn: &Connection, table: &str) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut statement = conn.prepare(
        "SELECT name FROM main.sqlite_master WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE",
    )?;
    let rows = statement.query_map([table], |row| row.get::<_, String>(0))?;
    rows.map(|name| name.map(|name| (key(&name), name))).collect()
}

/// How many rows a table has.
pub(super) fn count(conn: &Connection, table: &str) -> rusqlite::Result<i64> {
    conn.query_row(&format!("SELECT count(*) FROM main.{}", quoted(table)), [], |row| row.get(0))
}
