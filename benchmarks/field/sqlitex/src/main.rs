//! As the documentation of sqlitex says.

use std::process::ExitCode;
use std::sync::Arc;

use sqlitex::{Connection, sqlitex};

macro_rules! sets {
    ($($set:ident $name:literal => $folder:tt,)*) => {
        $(#[sqlitex($folder)]
        struct $set {})*

        fn run(set: &str, conn: Arc<Connection>) -> Result<(), Box<dyn std::error::Error>> {
            match set {
                $($name => $set::new(conn).migrate().map_err(|error| format!("{error:?}"))?,)*
                _ => return Err("there is no such set".into()),
            }
            Ok(())
        }
    };
}

sets! {
    N10 "10" => "../../target/field/histories/sqlitex/10",
    N30 "30" => "../../target/field/histories/sqlitex/30",
    N100 "100" => "../../target/field/histories/sqlitex/100",
    N300 "300" => "../../target/field/histories/sqlitex/300",
    N1000 "1000" => "../../target/field/histories/sqlitex/1000",
    Rebuild "rebuild" => "../../target/field/histories/sqlitex/rebuild",
}

fn main() -> ExitCode {
    field_program::start(|set, database| {
        run(set, Connection::open(&database.to_string_lossy()).map_err(|error| format!("{error:?}"))?)
    })
}
