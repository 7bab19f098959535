//! `cargo migrate schema`: what the history ends in, and how something else differs from it.

use std::fs;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use embed_migrations_core::__build::schema;
use rusqlite::Connection;

use crate::failure::{Failure, Outcome};
use crate::report::Report;
use crate::scope::Scope;
use crate::{database, diff, output};

/// Print the schema that the migrations make, or how a file or a database differs from it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate schema > schema.sql            keep it beside the migrations, where a review shows what changes
  cargo migrate schema --check schema.sql      fail where it is out of date
  cargo migrate schema --format mermaid        a diagram for a README
  cargo migrate schema --at 005 --diff app.db  what is different in a database

The order is by kind and name, whatever the order in which things were made.

Exit codes: 0 printed, or no difference; 1 a difference, or a migration that does not compile.")]
pub(crate) struct Options {
    /// The schema after this version; the newest one unless given.
    #[arg(long, value_name = "VERSION")]
    at: Option<String>,

    /// How it is printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// Compare with what a file holds, in the same format.
    #[arg(long, value_name = "FILE", conflicts_with = "diff")]
    check: Option<PathBuf>,

    /// Compare with the schema of a database. Space, comments and the quoting of names make no difference.
    #[arg(long, value_name = "DATABASE", conflicts_with = "format")]
    diff: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// Statements that make it.
    #[default]
    Sql,
    /// A diagram of the tables and what they refer to.
    Mermaid,
}

pub(crate) fn run(scope: &Scope, options: &Options) -> Result<Outcome, Failure> {
    let (package, project) = scope.project()?;
    let made = match &options.at {
        None => project.head(),
        Some(version) => {
            let files = project.files().map_err(|problem| Failure::new(problem.to_string()))?;
            let count = files.up_to(version).ok_or_else(|| {
                Failure::new(format!("--at {version}: there is no such version in {}", project.args().folder))
            })?;
            project.database(count)
        }
    };
    let conn = match made {
        Ok(conn) => conn,
        Err(problems) => return Ok(Report::refuse(&package, &project, problems)),
    };
    let failed = |error: rusqlite::Error| Failure::new(format!("the schema cannot be read: {error}"));
    if let Some(database) = &options.diff {
        return compare(&conn, database, &project.args().folder);
    }
    let text = match options.format {
        Format::Sql => schema::sql(&schema::objects(&conn).map_err(failed)?),
        Format::Mermaid => schema::diagram(&conn).map_err(failed)?,
    };
    let Some(path) = &options.check else {
        output::print(&text);
        return Ok(Outcome::Fine);
    };
    let kept = fs::read_to_string(path).map_err(|error| Failure::file(path, error))?;
    let shown = path.display().to_string();
    if kept.replace("\r\n", "\n") == text {
        output::line(format!("{shown} is up to date"));
        return Ok(Outcome::Fine);
    }
    output::print(&diff::text(&kept, &text, &shown, "the migrations"));
    Ok(Outcome::Problems)
}

/// How the schema of a database differs from what the migrations make.
fn compare(conn: &Connection, database: &str, folder: &str) -> Result<Outcome, Failure> {
    let path = database::path(database)?;
    let Some(other) = database::read(&path)? else {
        return Err(Failure::file(&path, "there is no such file"));
    };
    let ours = schema::objects(conn).map_err(|error| Failure::new(error.to_string()))?;
    let theirs = schema::objects(&other).map_err(|error| Failure::file(&path, error))?;
    let same = |theirs: &schema::Object| {
        ours.iter().find(|ours| ours.name.eq_ignore_ascii_case(&theirs.name) && ours.is_like(theirs))
    };
    // What differs only in how it is written is shown as it is here.
    let theirs: Vec<_> = theirs.iter().map(|object| same(object).unwrap_or(object).clone()).collect();
    let (ours, theirs) = (schema::sql(&ours), schema::sql(&theirs));
    if ours == theirs {
        output::line(format!("{} has the schema of {folder}", path.display()));
        return Ok(Outcome::Fine);
    }
    output::print(&diff::text(&ours, &theirs, folder, &path.display().to_string()));
    Ok(Outcome::Problems)
}
