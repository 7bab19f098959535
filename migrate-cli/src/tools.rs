//! The tables in which other tools keep their histories. They are no affair of ours, and are left out of a comparison.

use embed_migrations_core::__build::TABLE;
use rusqlite::Connection;

use crate::output;

const TABLES: [(&str, &str); 6] = [
    ("_sqlx_migrations", "sqlx"),
    ("refinery_schema_history", "refinery"),
    ("__diesel_schema_migrations", "diesel"),
    ("goose_db_version", "goose"),
    (TABLE, "dbmate"),
    ("__drizzle_migrations", "drizzle"),
];

/// Those that are in a database, each told of.
pub(crate) fn tables(conn: &Connection) -> Vec<&'static str> {
    let found = TABLES.into_iter().filter(|(table, _)| is_theirs(conn, table).unwrap_or(false));
    let tables = found.map(|(table, tool)| {
        output::note(&format!("left out: {table}, in which {tool} keeps its history"));
        table
    });
    tables.collect()
}

/// Whether there is such a table, and it is not one of ours, which records a name as well as a version.
fn is_theirs(conn: &Connection, table: &str) -> rusqlite::Result<bool> {
    let mut columns = conn.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let columns: Vec<String> =
        columns.query_map([table], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let is_ours = table == TABLE && columns.iter().any(|column| column.eq_ignore_ascii_case("name"));
    Ok(!columns.is_empty() && !is_ours)
}
