//! The objects of a database as their CREATE texts define them: tables, indexes, views, triggers.
//!
//! Left out is what nobody creates by a statement of their own: `sqlite_…`, the indexes of constraints, and the shadow
//! tables of a virtual one.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::row::{Answer, get};
use crate::sql::definition::{self, Definition};
use crate::sql::quote::key;

/// What kind of object, and its name by [`key`]: a trigger may have the name of a table.
pub(crate) type Id = (Kind, String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Table,
    View,
    Index,
    Trigger,
}

impl Kind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::View => "view",
            Self::Index => "index",
            Self::Trigger => "trigger",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) name: String,
    /// The table that an index or trigger is on; its own name for any other object.
    pub(crate) on: String,
    pub(crate) sql: String,
    pub(crate) definition: Definition,
}

pub(crate) type Objects = BTreeMap<Id, Object>;

/// Reads them all.
pub(crate) fn read(conn: &Connection) -> Answer<Objects> {
    let mut statement = conn.prepare(
        "SELECT type, name, tbl_name, sql FROM main.sqlite_master
         WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
           AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')",
    )?;
    let rows = statement.query_map([], |row| Ok([get(row, 0)?, get(row, 1)?, get(row, 2)?, get(row, 3)?]))?;
    Ok(of(rows.collect::<rusqlite::Result<_>>()?))
}

/// The objects that rows of `sqlite_master` are about: type, name, table and text of each.
pub(crate) fn of(rows: Vec<[String; 4]>) -> Objects {
    let kind = |word: &str| match word {
        "table" => Kind::Table,
        "view" => Kind::View,
        "index" => Kind::Index,
        _ => Kind::Trigger,
    };
    let rows: Vec<_> = rows.into_iter().map(|[word, name, on, sql]| (kind(&word), name, on, sql)).collect();
    let columns: BTreeMap<String, BTreeSet<String>> = rows
        .iter()
        .filter(|(kind, ..)| *kind == Kind::Table)
        .map(|(_, name, _, sql)| (key(name), definition::column_names(sql)))
        .collect();
    let objects = rows.iter().map(|(_, name, ..)| key(name));
    let all: BTreeSet<String> = columns.values().flatten().cloned().chain(objects).collect();
    let none = BTreeSet::new();
    let objects = rows.into_iter().map(|(kind, name, on, sql)| {
        let names = match kind {
            Kind::Table | Kind::Index => columns.get(&key(&on)).unwrap_or(&none),
            // They may speak of any table.
            Kind::View | Kind::Trigger => &all,
        };
        let definition = Definition::of(&sql, names);
        ((kind, key(&name)), Object { name, on, sql, definition })
    });
    objects.collect()
}
