//! What a database's schema says: read from SQLite, never from the text of a CREATE statement where a PRAGMA tells.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::row::get;
pub(crate) use crate::sql::quote::key;
use crate::sql::quote::quoted;
use crate::sql::token::{self, TokenKind};

/// Everything in a text that may be a name.
pub(crate) fn words(text: &str) -> BTreeSet<String> {
    token::significant(text)
        .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::QuotedName))
        .filter_map(|token| token.unquoted())
        .map(|name| key(&name))
        .collect()
}

#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) not_null: bool,
    /// The declared type, in upper case.
    pub(crate) declared: String,
    pub(crate) default: Option<String>,
    /// Its place in the primary key, from 1; 0 where it is not part of it.
    pub(crate) primary_key: i64,
    pub(crate) generated: bool,
}

/// The columns of a table (<https://sqlite.org/pragma.html#pragma_table_xinfo>).
pub(crate) fn columns(conn: &Connection, table: &str) -> rusqlite::Result<Vec<Column>> {
    let mut statement = conn.prepare(&format!("PRAGMA main.table_xinfo({})", quoted(table)))?;
    let columns = statement.query_map([], |row| {
        Ok(Column {
            name: get(row, 1)?,
            not_null: get(row, 3)?,
            declared: get::<String>(row, 2)?.to_ascii_uppercase(),
            default: get(row, 4)?,
            primary_key: get(row, 5)?,
            generated: get::<i64>(row, 6)? != 0,
        })
    })?;
    columns.collect()
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ForeignKey {
    pub(crate) parent: String,
    /// The child's columns, and the parent's, where they are named: else its primary key is meant.
    pub(crate) columns: Vec<(String, Option<String>)>,
}

/// The foreign keys of a table (<https://sqlite.org/pragma.html#pragma_foreign_key_list>).
pub(crate) fn foreign_keys(conn: &Connection, table: &str) -> rusqlite::Result<Vec<ForeignKey>> {
    let mut statement = conn.prepare(&format!("PRAGMA main.foreign_key_list({})", quoted(table)))?;
    let mut keys: BTreeMap<i64, ForeignKey> = BTreeMap::new();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let parent: String = get(row, 2)?;
        let foreign_key =
            keys.entry(get(row, 0)?).or_insert_with(|| ForeignKey { parent, columns: Vec::new() });
        foreign_key.columns.push((get(row, 3)?, get(row, 4)?));
    }
    Ok(keys.into_values().collect())
}

/// The columns of a foreign key, and what each references: the primary key of the parent where nothing is said.
pub(crate) fn references(
    conn: &Connection,
    foreign_key: &ForeignKey,
) -> rusqlite::Result<Vec<(String, String)>> {
    let mut primary = Vec::new();
    if foreign_key.columns.iter().any(|(_, to)| to.is_none()) {
        primary = primary_key(conn, &foreign_key.parent)?;
    }
    let pairs = foreign_key.columns.iter().enumerate().filter_map(|(index, (from, to))| {
        Some((from.clone(), to.clone().or_else(|| primary.get(index).cloned())?))
    });
    Ok(pairs.collect())
}

/// The columns of the primary key of a table, in order.
pub(crate) fn primary_key(conn: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut columns = columns(conn, table)?;
    columns.retain(|column| column.primary_key > 0);
    columns.sort_by_key(|column| column.primary_key);
    Ok(columns.into_iter().map(|column| column.name).collect())
}

/// The columns of every key of a table: its primary key, UNIQUE constraints and unique indexes, expressions apart.
pub(crate) fn unique_keys(conn: &Connection, table: &str) -> rusqlite::Result<Vec<Vec<String>>> {
    let mut keys = vec![primary_key(conn, table)?];
    for index in indexes(conn, table)? {
        let columns: Vec<String> = index.columns.into_iter().flatten().collect();
        if index.unique && !keys.contains(&columns) {
            keys.push(columns);
        }
    }
    keys.retain(|key| !key.is_empty());
    Ok(keys)
}

/// The text that a table was created with, as SQLite keeps it.
pub(crate) fn create_text(conn: &Connection, table: &str) -> rusqlite::Result<String> {
    let sql = "SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = ?1 COLLATE NOCASE";
    conn.query_row(sql, [table], |row| get(row, 0))
}

#[derive(Clone, Debug)]
pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) unique: bool,
    pub(crate) partial: bool,
    /// It belongs to a PRIMARY KEY or UNIQUE of the table's text.
    pub(crate) is_constraint: bool,
    /// `None` for an expression.
    pub(crate) columns: Vec<Option<String>>,
    /// Of each column: whether it is descending, and its collation.
    order: Vec<(bool, String)>,
    /// Its text, where CREATE INDEX made it and somebody has asked.
    pub(crate) create: Option<String>,
}

impl Index {
    /// A primary key that needs no index of its own.
    pub(crate) fn of_key(columns: Vec<String>) -> Self {
        Self {
            name: String::new(),
            unique: true,
            partial: false,
            is_constraint: true,
            order: columns.iter().map(|_| (false, "BINARY".to_owned())).collect(),
            columns: columns.into_iter().map(Some).collect(),
            create: None,
        }
    }

    /// Whether it is over columns alone, and over all rows.
    pub(crate) fn is_plain(&self) -> bool {
        !self.partial && self.columns.iter().all(Option::is_some)
    }

    /// Whether it is over exactly these columns.
    pub(crate) fn is_over(&self, columns: &[String]) -> bool {
        self.is_plain()
            && self.columns.len() == columns.len()
            && self.columns.iter().flatten().zip(columns).all(|(a, b)| a.eq_ignore_ascii_case(b))
    }

    /// Whether another one is its left part.
    pub(crate) fn begins_with(&self, other: &Self) -> bool {
        let same = |(mine, theirs): (&Option<String>, &Option<String>)| {
            mine.as_deref().map(key) == theirs.as_deref().map(key)
        };
        self.columns.len() >= other.columns.len()
            && self.columns.iter().zip(&other.columns).all(same)
            && self.order.iter().zip(&other.order).all(|(mine, theirs)| mine == theirs)
    }
}

/// The indexes of a table (<https://sqlite.org/pragma.html#pragma_index_list>).
pub(crate) fn indexes(conn: &Connection, table: &str) -> rusqlite::Result<Vec<Index>> {
    let mut statement = conn.prepare(&format!("PRAGMA main.index_list({})", quoted(table)))?;
    let mut indexes: Vec<Index> = statement
        .query_map([], |row| {
            Ok(Index {
                name: get(row, 1)?,
                unique: get(row, 2)?,
                is_constraint: get::<String>(row, 3)? != "c",
                partial: get(row, 4)?,
                columns: Vec::new(),
                order: Vec::new(),
                create: None,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    for index in &mut indexes {
        let mut statement = conn.prepare(&format!("PRAGMA main.index_xinfo({})", quoted(&index.name)))?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            // What follows the key only leads back to the row.
            if get(row, 5)? {
                index.columns.push(get(row, 2)?);
                index.order.push((get(row, 3)?, get(row, 4)?));
            }
        }
    }
    Ok(indexes)
}

/// Every table and where its storage begins.
pub(crate) fn roots(conn: &Connection) -> rusqlite::Result<BTreeMap<String, i64>> {
    let mut statement = conn.prepare("SELECT name, rootpage FROM main.sqlite_master WHERE type = 'table'")?;
    let rows = statement.query_map([], |row| Ok((key(&get::<String>(row, 0)?), get(row, 1)?)))?;
    rows.collect()
}

pub(crate) fn all_foreign_keys(conn: &Connection) -> rusqlite::Result<Vec<(String, ForeignKey)>> {
    let mut statement =
        conn.prepare("SELECT name FROM main.sqlite_master WHERE type = 'table' AND sql LIKE '%REFERENCES%'")?;
    let tables: Vec<String> = statement.query_map([], |row| get(row, 0))?.collect::<rusqlite::Result<_>>()?;
    let mut keys = Vec::new();
    for table in tables {
        for foreign_key in foreign_keys(conn, &table)? {
            keys.push((table.clone(), foreign_key));
        }
    }
    Ok(keys)
}

/// The triggers on a table: their names by [`key`].
pub(crate) fn triggers(conn: &Connection, table: &str) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut statement = conn.prepare(
        "SELECT name FROM main.sqlite_master WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE",
    )?;
    let rows = statement.query_map([table], |row| get::<String>(row, 0))?;
    rows.map(|name| name.map(|name| (key(&name), name))).collect()
}

/// How many rows a table has.
pub(crate) fn count(conn: &Connection, table: &str) -> rusqlite::Result<i64> {
    conn.query_row(&format!("SELECT count(*) FROM main.{}", quoted(table)), [], |row| get(row, 0))
}
