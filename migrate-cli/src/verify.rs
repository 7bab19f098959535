//! `cargo migrate verify`: whether the schema of a database is what the migrations make. Writes nothing.

use clap::Args;
use embed_migrations_core::__build::Project;
use embed_migrations_core::Error;
use embed_migrations_remote::Object;
use rusqlite::Connection;

use crate::database::{self, Compared, Place};
use crate::failure::{Failure, Outcome};
use crate::output::{self, GREEN, RED, line};
use crate::report::Report;
use crate::scope::Scope;

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
            (path.display().to_string(), compared.verifier(migrations, &project, &conn).verify(&conn))
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
            let conn = copy(&project, &objects)?;
            let verifier = compared.verifier(migrations, &project, &conn);
            ("the database".to_owned(), verifier.__verify_copy(&conn, status.applied().len()))
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

/// A database in memory with the schema of one that is elsewhere.
fn copy(project: &Project, objects: &[Object]) -> Result<Connection, Failure> {
    let failed = |what: &str, error: rusqlite::Error| {
        Failure::new(format!("{what} cannot be made here, to be compared: {error}"))
    };
    let conn = Connection::open_in_memory().map_err(|error| failed("a database", error))?;
    project.register(&conn).map_err(|error| failed("a database", error))?;
    for Object { kind, name, sql, .. } in objects {
        // A virtual table makes those that it keeps for itself.
        let is_there = kind == "table" && conn.table_exists(None, name.as_str()).unwrap_or_default();
        if !is_there {
            conn.execute_batch(sql).map_err(|error| failed(&format!("the {kind} {name}"), error))?;
        }
    }
    Ok(conn)
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
