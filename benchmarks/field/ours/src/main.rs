//! As our README says.

use std::process::ExitCode;

use embed_migrations::rusqlite::Connection;
use embed_migrations::{Migrations, embed_migrations};

macro_rules! sets {
    ($set:ident: $($name:literal => $folder:tt,)*) => {
        match $set {
            $($name => {
                static MIGRATIONS: Migrations = embed_migrations!($folder);
                MIGRATIONS
            })*
            _ => return Err("there is no such set".into()),
        }
    };
}

fn main() -> ExitCode {
    field_program::start(|set, database| {
        let migrations = sets!(set:
        "10" => "../../target/field/histories/ours/10",
        "30" => "../../target/field/histories/ours/30",
        "100" => "../../target/field/histories/ours/100",
        "300" => "../../target/field/histories/ours/300",
        "1000" => "../../target/field/histories/ours/1000",
        "rebuild" => "../../target/field/histories/ours/rebuild",
        );
        let mut conn = Connection::open(database)?;
        migrations.run(&mut conn)?;
        Ok(())
    })
}
