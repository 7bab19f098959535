//! `cargo migrate status`: which migrations a database has. Writes nothing; of a file that does not exist, all is pending.

use std::iter;
use std::path::Path;
use std::time::Duration;

use clap::{Args, ValueEnum};
use embed_migrations_core::{Migration, Migrations, Status};
use rusqlite::Connection;
use serde_json::json;

use crate::database::Place;
use crate::failure::{Failure, Outcome};
use crate::output::{DIM, GREEN, YELLOW};
use crate::report::Report;
use crate::scope::Scope;
use crate::{database, output};

/// Show which migrations a database has, and which are pending
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate status --database app.db
  DATABASE_URL=sqlite:app.db cargo migrate status
  cargo migrate status --database rqlite://127.0.0.1:4001

Exit codes: 0 up to date, 3 something is pending, 4 the database is newer or has another history.")]
pub(crate) struct Options {
    #[command(flatten)]
    database: database::Database,

    /// How it is shown.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// A table.
    #[default]
    Human,
    /// One JSON document.
    Json,
}

pub(crate) fn run(scope: &Scope, options: &Options) -> Result<Outcome, Failure> {
    let (package, project) = scope.project()?;
    let migrations = match project.migrations() {
        Ok(migrations) => migrations,
        Err(problems) => return Ok(Report::refuse(&package, &project, problems)),
    };
    let status = match options.database.place()? {
        Place::File(path) => of_file(migrations, &path, options.database.lock_timeout())?,
        Place::Engine(engine) => engine.status(migrations, options.database.lock_timeout()),
    };
    let status = match status {
        Ok(status) => status,
        Err(outcome) => return Ok(outcome),
    };
    let (applied, pending) = (status.applied(), status.pending());
    match options.format {
        Format::Human => output::print(&table(applied, pending)),
        Format::Json => {
            let names =
                |migrations: &[Migration]| migrations.iter().map(Migration::file_name).collect::<Vec<_>>();
            let document =
                json!({ "applied": names(applied), "pending": names(pending), "newer": status.newer() });
            output::line(format!("{document:#}"));
        }
    }
    if let Some(newer) = status.newer() {
        output::note(&format!("the database is at {newer}: newer than these files, which can still use it"));
    }
    Ok(if pending.is_empty() { Outcome::Fine } else { Outcome::Pending })
}

fn of_file(
    migrations: Migrations,
    path: &Path,
    lock_timeout: Duration,
) -> Result<Result<Status, Outcome>, Failure> {
    let conn = match database::read(path)? {
        Some(conn) => conn,
        None => {
            output::note(&format!("{}: there is no such file yet", path.display()));
            Connection::open_in_memory().map_err(|error| Failure::new(error.to_string()))?
        }
    };
    let status = migrations.runner().lock_timeout(lock_timeout).status(&conn);
    // The program is about to end: to take the schema apart first would only cost time.
    std::mem::forget(conn);
    Ok(status.map_err(|error| database::failed(&error)))
}

fn table(applied: &[Migration], pending: &[Migration]) -> String {
    let all = || applied.iter().chain(pending);
    let width = |heading: &str, text: fn(&Migration) -> &'static str| {
        all().map(|migration| text(migration).len()).chain([heading.len()]).max().unwrap_or_default()
    };
    let version = width("version", Migration::version);
    let name = width("name", Migration::name);
    let [dim, green, yellow] = [DIM, GREEN, YELLOW].map(output::shown);
    let mut text = format!("{dim}{:version$}  {:name$}  state{dim:#}\n", "version", "name");
    let states = [
        (applied, format!("  {green}applied{green:#}\n")),
        (pending, format!("  {yellow}pending{yellow:#}\n")),
    ];
    for (migrations, state) in states {
        for migration in migrations {
            // By hand: letting `format!` pad the words costs more than reading the history.
            let [number, words] = [migration.version(), migration.name()];
            text.push_str(number);
            text.extend(iter::repeat_n(' ', version - number.len() + 2));
            text.push_str(words);
            text.extend(iter::repeat_n(' ', name - words.len()));
            text.push_str(&state);
        }
    }
    text.push_str(&format!("\n{} applied, {} pending\n", applied.len(), pending.len()));
    text
}
