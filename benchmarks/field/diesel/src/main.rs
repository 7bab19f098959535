//! As the documentation of diesel_migrations says.

use std::process::ExitCode;

use diesel::{Connection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use libsqlite3_sys as _; // its SQLite, bundled

macro_rules! sets {
    ($set:ident: $($name:literal => $folder:tt,)*) => {
        match $set {
            $($name => {
                const MIGRATIONS: EmbeddedMigrations = embed_migrations!($folder);
                MIGRATIONS
            })*
            _ => return Err("there is no such set".into()),
        }
    };
}

fn main() -> ExitCode {
    field_program::start(|set, database| {
        let migrations = sets!(set:
        "10" => "../../target/field/histories/diesel/10",
        "30" => "../../target/field/histories/diesel/30",
        "100" => "../../target/field/histories/diesel/100",
        "300" => "../../target/field/histories/diesel/300",
        "1000" => "../../target/field/histories/diesel/1000",
        "rebuild" => "../../target/field/histories/diesel/rebuild",
        );
        let mut conn = SqliteConnection::establish(&database.to_string_lossy())?;
        conn.run_pending_migrations(migrations).map_err(|error| error.to_string())?;
        Ok(())
    })
}
