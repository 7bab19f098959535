//! `cargo migrate baseline`: gives a history to a database that was made by hand or by another tool. The runner of the
//! library compares and records; nothing is run.

use clap::Args;
use embed_migrations_core::Error;
use rusqlite::{Connection, OpenFlags};

use crate::database::Compared;
use crate::failure::{Failure, Outcome};
use crate::output::{GREEN, line};
use crate::report::Report;
use crate::scope::Scope;
use crate::tools;
use crate::verify;

/// Record migrations in a database that has their schema already, without running them
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate baseline 007 --database app.db
  cargo migrate baseline 007 --database app.db --ignoring _litestream_seq

The schema of the database has to be exactly the one at that version. The table in which sqlx, refinery, diesel, goose, dbmate \
or drizzle keeps its history is left out by itself; others are named with --ignoring. \
Where it is another one, every difference is listed, and nothing is recorded.

Exit codes: 0 recorded, 1 the schema is another one, 4 the database has a history already.")]
pub(crate) struct Options {
    /// The newest migration whose changes the database has.
    #[arg(value_name = "VERSION")]
    version: String,

    #[command(flatten)]
    compared: Compared,
}

pub(crate) fn run(scope: &Scope, options: &Options) -> Result<Outcome, Failure> {
    let (package, project) = scope.project()?;
    let migrations = match project.rehearsed() {
        Ok(migrations) => migrations,
        Err(problems) => return Ok(Report::refuse(&package, &project, problems)),
    };
    let path = options.compared.database.file()?;
    // One that is not there is no database that was made by anybody.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(&path, flags).map_err(|error| Failure::file(&path, error))?;
    match options
        .compared
        .verifier(migrations, &project, &tools::tables(&conn))
        .baseline(&mut conn, &options.version)
    {
        Ok(()) => {
            // `1` is understood, and recorded as `001`.
            let version =
                migrations.get(&options.version).map_or(&*options.version, |migration| migration.version());
            line(format!("{GREEN}{}{GREEN:#} is at version {version}", path.display()));
            Ok(Outcome::Fine)
        }
        Err(Error::UnknownTarget { latest, .. }) => Err(Failure::new(format!(
            "{}: there is no such version; the newest one is {}",
            options.version,
            latest.version()
        ))),
        Err(error) => Ok(verify::differs(&error)),
    }
}
