//! As the documentation of refinery says.

use std::process::ExitCode;

use rusqlite::Connection;

macro_rules! sets {
    ($($module:ident $name:literal => $folder:tt,)*) => {
        $(mod $module {
            refinery::embed_migrations!($folder);
        })*

        fn run(set: &str, conn: &mut Connection) -> Result<(), Box<dyn std::error::Error>> {
            let runner = match set {
                $($name => $module::migrations::runner(),)*
                _ => return Err("there is no such set".into()),
            };
            runner.run(conn)?;
            Ok(())
        }
    };
}

sets! {
    n10 "10" => "../../target/field/histories/refinery/10",
    n30 "30" => "../../target/field/histories/refinery/30",
    n100 "100" => "../../target/field/histories/refinery/100",
    n300 "300" => "../../target/field/histories/refinery/300",
    n1000 "1000" => "../../target/field/histories/refinery/1000",
    rebuild "rebuild" => "../../target/field/histories/refinery/rebuild",
}

fn main() -> ExitCode {
    field_program::start(|set, database| run(set, &mut Connection::open(database)?))
}
