//! `cargo migrate import`: the migrations of another tool as a folder of ours. Each source knows how its files are called
//! and in which order they run; what their text says, the core takes apart. Nothing is written before SQLite has shown that
//! theirs and ours make one schema.

mod dbmate;
mod diesel;
mod drizzle;
mod goose;
mod plain;
mod proof;
mod refinery;
mod rusqlite_migration;
mod sections;
mod sqlx;
mod theirs;

use std::fs;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use embed_migrations_core::__build::TABLE;
use embed_migrations_core::__build::adopt::{self, Adopted, Versions};

use self::theirs::{Their, Theirs};
use crate::failure::{Failure, Outcome};
use crate::output::{BOLD, GREEN, YELLOW, line};
use crate::scope::Scope;

/// Turn the migrations of another tool into a folder of ours
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate import --from sqlx old/migrations
  cargo migrate import --from rusqlite_migration src/database.rs

The package's own folder has to be empty. Order, comments and line breaks are kept, and versions where they can be; \
transactions and settings are put where they belong, and down migrations are set aside. Whatever could not be carried over is \
told, file by file. All files become part of migrations.lock: they have shipped.

Nothing is written unless SQLite makes the same schema from theirs and from ours.")]
pub(crate) struct Options {
    /// Whose migrations they are.
    #[arg(long, value_enum)]
    from: Source,

    /// Where they are: a folder, and for rusqlite_migration also a Rust source.
    #[arg(value_name = "PATH")]
    path: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Source {
    /// VERSION_name.sql, also as .up.sql and .down.sql, and `-- no-transaction`.
    Sqlx,
    /// V1__name.sql and U1__name.sql, in folders as well.
    Refinery,
    /// A folder with up.sql for each migration.
    Diesel,
    /// A folder with up.sql for each migration, or M::up(…) in Rust.
    RusqliteMigration,
    /// `-- +goose Up` and `-- +goose Down`.
    Goose,
    /// `-- migrate:up` and `-- migrate:down`.
    Dbmate,
    /// meta/_journal.json, and `--> statement-breakpoint`.
    Drizzle,
    /// SQL files that run in the order of their names.
    Plain,
}

/// A file of theirs, and what has become of it.
pub(crate) struct Pair {
    their: Their,
    name: String,
    adopted: Adopted,
}

pub(crate) fn run(scope: &Scope, options: &Options) -> Result<Outcome, Failure> {
    let (package, project) = scope.project()?;
    let target = project.path();
    if fs::read_dir(&target).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::file(
            &target,
            "this folder is not empty; name another one with --folder, or move what is in it out of the way",
        ));
    }
    let theirs = read(options)?;
    if theirs.files.is_empty() {
        return Err(Failure::file(&options.path, "there is no migration in it that can be carried over"));
    }
    let (versions, pairs) = convert(&theirs);
    let table = table(options.from, &pairs);
    line(format!("{BOLD}{} of theirs{BOLD:#}", counted(pairs.len(), "file")));
    for Pair { their, name, adopted } in &pairs {
        line(format!("  {} -> {name}", their.origin));
        for note in &their.notes {
            line(format!("    {YELLOW}{note}{YELLOW:#}"));
        }
        if adopted.body.trim().is_empty() {
            line(format!("    {YELLOW}there is nothing left in it{YELLOW:#}"));
        }
        for (at, note) in &adopted.left_out {
            line(format!("    {YELLOW}line {} is left out: {note}{YELLOW:#}", their.line(*at)));
        }
    }
    for (path, reason) in &theirs.set_aside {
        line(format!("  {path} is set aside: {reason}"));
    }
    let kept = if versions.kept { "their versions are kept" } else { "their versions are counted anew" };
    line(format!("{kept}; the tracking table is {table}"));

    let mut made = proof::make(&project, &versions.first, table, &pairs)?;
    if let Some(difference) = made.difference(&package, &project, &pairs)? {
        line(format!("\n{difference}\nnothing is written"));
        return Ok(Outcome::Problems);
    }
    let objects = made.objects;
    made.persist(&target)?;
    line(format!("{GREEN}one schema{GREEN:#}: theirs and ours make the same {}", counted(objects, "object")));
    line(format!(
        "written: {}, {} and migrations.lock",
        package.shown(&target),
        counted(pairs.len() + 1, "file")
    ));
    if let Some(last) = pairs.last() {
        let version = last.name.split('_').next().unwrap_or_default();
        line(format!("to take over a database of theirs: cargo migrate baseline {version} --database FILE"));
    }
    Ok(Outcome::Fine)
}

fn read(options: &Options) -> Result<Theirs, Failure> {
    let path = options.path.as_path();
    fs::metadata(path).map_err(|error| Failure::file(path, error))?;
    match options.from {
        Source::Sqlx => sqlx::read(path),
        Source::Refinery => refinery::read(path),
        Source::Diesel => diesel::read(path),
        Source::RusqliteMigration => rusqlite_migration::read(path),
        Source::Goose => goose::read(path),
        Source::Dbmate => dbmate::read(path),
        Source::Drizzle => drizzle::read(path),
        Source::Plain => plain::read(path),
    }
}

/// Gives every file its name and takes its text apart.
fn convert(theirs: &Theirs) -> (Versions, Vec<Pair>) {
    let numbers: Vec<_> = theirs.files.iter().map(|their| their.number).collect();
    let width = theirs.files.iter().map(|their| their.digits).max().unwrap_or_default();
    let versions = adopt::versions(&numbers, width);
    let pairs = theirs.files.iter().zip(&versions.theirs).map(|(their, version)| Pair {
        their: their.clone(),
        name: format!("{version}_{}.sql", adopt::name_of(&their.about)),
        adopted: adopt::adopt(&their.sql),
    });
    let pairs = pairs.collect();
    (versions, pairs)
}

/// A tracking table that is not theirs.
fn table(from: Source, pairs: &[Pair]) -> &'static str {
    let mut tables = pairs.iter().flat_map(|pair| &pair.adopted.tables);
    let is_taken = matches!(from, Source::Dbmate) || tables.any(|table| table.eq_ignore_ascii_case(TABLE));
    if is_taken { "embedded_migrations" } else { TABLE }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
