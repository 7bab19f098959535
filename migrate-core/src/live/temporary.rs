//! The temporary schema of a connection, whose names come before those of `main` wherever a statement does not say which it
//! means.

use rusqlite::{Connection, TEMP_DB};

use super::row::{self, Answer, get};

/// Whether the connection has a temporary database. Naming it in a statement would create it, which costs more
/// than all that a run with nothing pending does.
pub(crate) fn is_there(conn: &Connection) -> bool {
    conn.is_readonly(TEMP_DB).is_ok()
}

/// What a temporary object of the same name hides in `main`: a table or view, an index or a trigger.
pub(crate) fn hidden(conn: &Connection) -> Answer<Option<String>> {
    if !is_there(conn) {
        return Ok(None);
    }
    let sql = "SELECT hidden.name FROM main.sqlite_master AS hidden JOIN temp.sqlite_master AS front
               ON front.name = hidden.name COLLATE NOCASE
               WHERE (front.type = hidden.type OR (front.type IN ('table', 'view') AND hidden.type IN ('table', 'view')))
                 AND hidden.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    row::first(conn, sql, &[], |row| get(row, 0))
}
