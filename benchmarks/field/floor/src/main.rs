//! The least that SQLite takes: one transaction that makes the same changes, and records each in a table, where they
//! are not recorded yet. Checks nothing.

use std::process::ExitCode;

use include_dir::{Dir, include_dir};
use rusqlite::Connection;

macro_rules! sets {
    ($set:ident: $($name:literal => $folder:tt,)*) => {
        match $set {
            $($name => {
                static DIR: Dir<'static> = include_dir!($folder);
                &DIR
            })*
            _ => return Err("there is no such set".into()),
        }
    };
}

fn main() -> ExitCode {
    field_program::start(|set, database| {
        let dir = sets!(set:
        "10" => "$CARGO_MANIFEST_DIR/../../target/field/histories/floor/10",
        "30" => "$CARGO_MANIFEST_DIR/../../target/field/histories/floor/30",
        "100" => "$CARGO_MANIFEST_DIR/../../target/field/histories/floor/100",
        "300" => "$CARGO_MANIFEST_DIR/../../target/field/histories/floor/300",
        "1000" => "$CARGO_MANIFEST_DIR/../../target/field/histories/floor/1000",
        "rebuild" => "$CARGO_MANIFEST_DIR/../../target/field/histories/floor/rebuild",
        );
        let conn = Connection::open(database)?;
        if recorded(&conn).is_ok() {
            return Ok(());
        }
        conn.execute_batch("BEGIN IMMEDIATE")?;
        for file in dir.files() {
            conn.execute_batch(file.contents_utf8().unwrap_or_default())?;
        }
        conn.execute_batch("COMMIT")?;
        Ok(())
    })
}

/// Reads version and name of every row.
fn recorded(conn: &Connection) -> rusqlite::Result<usize> {
    let mut statement = conn.prepare("SELECT version, name FROM schema_migrations")?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        let version = row.get_ref(0)?.as_str()?;
        let name = row.get_ref(1)?.as_str()?;
        std::hint::black_box((version, name));
        count += 1;
    }
    Ok(count)
}
