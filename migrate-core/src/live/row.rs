//! Values of a row, without a trace of this machine in the binary.

use rusqlite::Row;
use rusqlite::types::FromSql;

/// What `Row::get` does. That one is `#[track_caller]`: each call of it puts the path of its source file, and
/// with it a folder of the build machine, into the application.
pub(crate) fn get<T: FromSql>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    let value = row.get_ref(index)?;
    T::column_result(value)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(index, value.data_type(), Box::new(error)))
}
