//! `cargo migrate verify`: whether the schema of a database is what the migrations make. Writes nothing.

use clap::Args;
use embed_migrations_core::Error;

use crate::database::{self, Compared};
use crate::failure::{Failure, Outcome};
use crate::output::{GREEN, RED, line};
use crate::report::Report;
use crate::scope::Scope;

/// Compare the schema of a database with what the migrations make
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate verify --database app.db
  cargo migrate verify --database app.db --ignoring _litestream_seq

The schema is compared at the version that the database has reached. Space, comments, quotes and the case of names make no \
difference, and rows are not looked at.

Exit codes: 0 they are the same, 1 they differ, 4 the database is newer or has another history.")]
pub(crate) struct Options {
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
    let Some(conn) = database::read(&path)? else {
        return Err(Failure::file(&path, "there is no such file"));
    };
    match options.compared.verifier(migrations, &project, &conn).verify(&conn) {
        Ok(()) => {
            line(format!("{GREEN}{}{GREEN:#} is what the migrations make", path.display()));
            Ok(Outcome::Fine)
        }
        Err(error) => Ok(differs(&error)),
    }
}

/// Shows every difference, or what was in the way.
pub(crate) fn differs(error: &Error) -> Outcome {
    let Error::Drift { .. } = error else { return database::failed(error) };
    let text = format!("{error:?}");
    let (first, differences) = text.split_once('\n').unwrap_or((&text, ""));
    for difference in differences.lines() {
        line(difference.trim_start());
    }
    line(format!("{RED}drift{RED:#}: {first}"));
    Outcome::Problems
}
