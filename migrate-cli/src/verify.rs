//! `cargo migrate verify`: whether the schema of a database is what the migrations make. Writes nothing.

use clap::Args;
use embed_migrations_core::Error;
use embed_migrations_remote::Object;

use crate::database::{self, Compared, Place};
use crate::failure::{Failure, Outcome};
use crate::output::{self, GREEN, RED, line};
use crate::report::Report;
use crate::scope::Scope;
use crate::tools;

/// Compare the schema of a database with what the migrations make
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate verify --database app.db
  cargo migrate verify --database app.db --ignoring _litestream_seq
  cargo migrate verify --database rqlite://127.0.0.1:4001

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
    let compared = &options.compared;
    let (shown, verified) = match compared.database.place()? {
        Place::File(path) => {
            let Some(conn) = database::read(&path)? else {
                return Err(Failure::file(&path, "there is no such file"));
            };
            (
                path.display().to_string(),
                compared.verifier(migrations, &project, &tools::tables(&conn)).verify(&conn),
            )
        }
        Place::Engine(engine) => {
            let (status, objects) = match engine.schema(migrations, compared.database.lock_timeout()) {
                Ok(read) => read,
                Err(outcome) => return Ok(outcome),
            };
            if let Some(newer) = status.newer() {
                output::error(&format!(
                    "the database is at {newer}: newer than these files, so its schema is not known here"
                ));
                return Ok(Outcome::Elsewhere);
            }
            // Texts are compared and never run, as anybody may have written them.
            let rows =
                objects.into_iter().map(|Object { kind, name, table, sql, .. }| [kind, name, table, sql]);
            let verifier = compared.verifier(migrations, &project, &[]);
            ("the database".to_owned(), verifier.__verify_rows(rows.collect(), status.applied().len()))
        }
    };
    match verified {
        Ok(()) => {
            line(format!("{GREEN}{shown}{GREEN:#} is what the migrations make"));
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
