//! Questions to SQLite, and values of a row, without a trace of this machine in the binary.
//!
//! All that rusqlite does for a statement is compiled once more into each place that does it by itself, so a run asks here.

use rusqlite::types::{FromSql, FromSqlError, Type};
use rusqlite::{Connection, Row};

/// What SQLite answers. The error is behind a pointer, as it is large: every function that it may pass through would have to
/// make room for it.
pub(crate) type Answer<T> = Result<T, Box<rusqlite::Error>>;

/// Runs statements that answer nothing.
pub(crate) fn execute(conn: &Connection, sql: &str) -> Answer<()> {
    Ok(conn.execute_batch(sql)?)
}

/// Asks something, and shows each row of the answer to `look` for as long as that wants another one.
pub(crate) fn ask(
    conn: &Connection,
    sql: &str,
    parameters: &[&str],
    look: &mut dyn FnMut(&Row<'_>) -> rusqlite::Result<bool>,
) -> Answer<()> {
    let mut statement = conn.prepare(sql)?;
    for (index, parameter) in parameters.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, *parameter)?;
    }
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        if !look(row)? {
            break;
        }
    }
    Ok(())
}

/// What the first row of an answer says, if there is one.
pub(crate) fn first<T>(
    conn: &Connection,
    sql: &str,
    parameters: &[&str],
    mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Answer<Option<T>> {
    let mut found = None;
    ask(conn, sql, parameters, &mut |row| {
        found = Some(read(row)?);
        Ok(false)
    })?;
    Ok(found)
}

/// Whether an answer has any row.
pub(crate) fn any(conn: &Connection, sql: &str) -> Answer<bool> {
    first(conn, sql, &[], |_| Ok(())).map(|found| found.is_some())
}

/// The only value of an answer.
pub(crate) fn value<T: FromSql>(conn: &Connection, sql: &str) -> Answer<T> {
    first(conn, sql, &[], |row| get(row, 0))?.ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
}

/// What `Row::get` does. That one is `#[track_caller]`: each call of it puts the path of its source file, and
/// with it a folder of the build machine, into the application.
pub(crate) fn get<T: FromSql>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    let value = row.get_ref(index)?;
    T::column_result(value).map_err(|error| unlike(index, value.data_type(), error))
}

fn unlike(index: usize, found: Type, error: FromSqlError) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(index, found, Box::new(error))
}
