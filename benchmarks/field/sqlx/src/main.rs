//! As the documentation of sqlx says.

use std::path::PathBuf;
use std::process::ExitCode;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

macro_rules! sets {
    ($set:ident: $($name:literal => $folder:tt,)*) => {
        match $set {
            $($name => {
                static MIGRATOR: Migrator = sqlx::migrate!($folder);
                &MIGRATOR
            })*
            _ => return Err("there is no such set".into()),
        }
    };
}

fn main() -> ExitCode {
    field_program::start(|set, database| {
        let migrator = sets!(set:
        "10" => "../../target/field/histories/sqlx/10",
        "30" => "../../target/field/histories/sqlx/30",
        "100" => "../../target/field/histories/sqlx/100",
        "300" => "../../target/field/histories/sqlx/300",
        "1000" => "../../target/field/histories/sqlx/1000",
        "rebuild" => "../../target/field/histories/sqlx/rebuild",
        );
        run(migrator, database.to_owned())
    })
}

#[tokio::main]
async fn run(migrator: &'static Migrator, database: PathBuf) -> Result<(), Box<dyn std::error::Error>> {
    let pool =
        SqlitePool::connect_with(SqliteConnectOptions::new().filename(database).create_if_missing(true))
            .await?;
    migrator.run(&pool).await?;
    Ok(())
}
