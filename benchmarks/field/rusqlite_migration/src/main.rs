//! As the documentation of rusqlite_migration says, with a folder.

use std::process::ExitCode;

use include_dir::{Dir, include_dir};
use rusqlite::Connection;
use rusqlite_migration::Migrations;

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
        "10" => "$CARGO_MANIFEST_DIR/../../target/field/histories/rusqlite_migration/10",
        "30" => "$CARGO_MANIFEST_DIR/../../target/field/histories/rusqlite_migration/30",
        "100" => "$CARGO_MANIFEST_DIR/../../target/field/histories/rusqlite_migration/100",
        "300" => "$CARGO_MANIFEST_DIR/../../target/field/histories/rusqlite_migration/300",
        "1000" => "$CARGO_MANIFEST_DIR/../../target/field/histories/rusqlite_migration/1000",
        "rebuild" => "$CARGO_MANIFEST_DIR/../../target/field/histories/rusqlite_migration/rebuild",
        );
        let migrations = Migrations::from_directory(dir)?;
        let mut conn = Connection::open(database)?;
        migrations.to_latest(&mut conn)?;
        Ok(())
    })
}
