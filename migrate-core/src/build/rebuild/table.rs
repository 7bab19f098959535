//! The table that is to be rebuilt, or why it cannot be.

use rusqlite::{Connection, OptionalExtension as _};

use crate::live::row::get;
use crate::live::schema::key;

/// A table as it stands.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) sql: String,
    pub(super) without_rowid: bool,
    pub(super) strict: bool,
}

/// The table of this name, if it is one that can be rebuilt.
pub(super) fn find(conn: &Connection, name: &str) -> Result<Table, String> {
    let found = conn.query_row(
        "SELECT l.name, l.type, l.wr, l.strict, m.sql FROM pragma_table_list l
         LEFT JOIN main.sqlite_master m ON m.name = l.name AND m.type = 'table'
         WHERE l.schema = 'main' AND l.name = ?1 COLLATE NOCASE",
        [name],
        |row| {
            let table = Table {
                name: get(row, 0)?,
                sql: get::<Option<String>>(row, 4)?.unwrap_or_default(),
                without_rowid: get(row, 2)?,
                strict: get(row, 3)?,
            };
            Ok((table, get::<String>(row, 1)?))
        },
    );
    match found.optional().map_err(|error| error.to_string())? {
        None => Err(format!("there is no table {name} at the end of the history")),
        Some((table, _)) if key(&table.name).starts_with("sqlite_") => {
            Err(format!("{} is a table of SQLite's own", table.name))
        }
        Some((table, kind)) => match kind.as_str() {
            "table" => Ok(table),
            "view" => Err(format!("{} is a view: drop it and create it anew", table.name)),
            "shadow" => Err(format!("{} belongs to a virtual table, which alone may change it", table.name)),
            _ => Err(format!(
                "{} is a virtual table: its module keeps the rows, and only that knows how to copy them; drop it, create \
                 it anew, and fill it from where its rows come from",
                table.name
            )),
        },
    }
}
