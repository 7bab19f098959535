//! `cargo migrate up`: applies what a database lacks, by the runner that the program itself uses. What does not compile is
//! not applied, and neither is what only the program can run.

use std::path::Path;
use std::time::Duration;

use clap::Args;
use embed_migrations_core::__build::Project;
use embed_migrations_core::{Backup, Error, Migration, Migrations};
use rusqlite::Connection;

use crate::database::Place;
use crate::engine::Engine;
use crate::failure::{Failure, Outcome};
use crate::interrupt::Interrupt;
use crate::output::{GREEN, line};
use crate::progress::Progress;
use crate::report::Report;
use crate::scope::Scope;
use crate::{database, engine, output};

/// Apply what a database lacks
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate up --database app.db
  cargo migrate up --database app.db --to 005
  cargo migrate up --database app.db --backup

A file that does not exist is made. The folder has to pass `cargo migrate check` first. Ctrl-C takes back what is not \
committed yet, so that nothing is half done.

A file that calls a function which the program adds to SQLite can only be applied by the program.

Exit codes: 0 up to date, 1 a migration failed or does not compile, 4 the database is newer or has another history, 130 \
interrupted.")]
pub(crate) struct Options {
    #[command(flatten)]
    database: database::Database,

    /// Stop after this version.
    #[arg(long, value_name = "VERSION")]
    to: Option<String>,

    /// Copy the database first, to FILE.VERSION-TIME.backup beside it, if something is pending. `back` goes back to it.
    #[arg(long)]
    backup: bool,
}

pub(crate) fn run(scope: &Scope, options: &Options) -> Result<Outcome, Failure> {
    let (package, project) = scope.project()?;
    let migrations = match project.rehearsed() {
        Ok(migrations) => migrations,
        Err(problems) => return Ok(Report::refuse(&package, &project, problems)),
    };
    let run = Run { project, migrations, end: end(migrations, options)?, options };
    match options.database.place()? {
        Place::File(path) => run.on_file(&path),
        Place::Engine(engine) => run.on_engine(&engine),
    }
}

struct Run<'o> {
    project: Project,
    migrations: Migrations,
    /// How many files the database is to have in the end.
    end: usize,
    options: &'o Options,
}

impl Run<'_> {
    fn on_file(&self, path: &Path) -> Result<Outcome, Failure> {
        let lock_timeout = self.options.database.lock_timeout();
        // Opening for writing makes a file, so what is there is looked at first.
        let existing = database::read(path)?;
        let status =
            existing.as_ref().map(|conn| self.migrations.runner().lock_timeout(lock_timeout).status(conn));
        let applied = match status {
            Some(Err(
                error @ (Error::NewerDatabase { .. } | Error::Diverged { .. } | Error::UnusableTable { .. }),
            )) => return Ok(database::failed(&error)),
            // Nothing is recorded yet; or the run says what is wrong, or recovers what a crash has left.
            other => other.and_then(Result::ok).map_or(0, |status| status.applied().len()),
        };
        drop(existing);
        if let Some(outcome) = self.refused(applied)? {
            return Ok(outcome);
        }
        let mut conn = Connection::open(path).map_err(|error| Failure::file(path, error))?;
        let interrupt = Interrupt::listen(&mut conn)?;
        let progress = Progress::default();
        let mut runner =
            self.migrations.runner().lock_timeout(lock_timeout).on_event(|event| progress.event(event));
        if let Some(target) = &self.options.to {
            runner = runner.target(target);
        }
        if self.options.backup {
            runner = runner.backup(Backup::beside_database());
        }
        let result = runner.run(&mut conn);
        drop(runner);
        progress.end();
        match result {
            Ok(report) => Ok(self.done(&path.display().to_string(), &report)),
            Err(error) if interrupt.has_come() => {
                line(kept(&error));
                Ok(Outcome::Interrupted)
            }
            Err(error) => Ok(database::failed(&error)),
        }
    }

    /// Each file is one request there, which is whole or absent whatever becomes of this process.
    fn on_engine(&self, engine: &Engine) -> Result<Outcome, Failure> {
        if self.options.backup {
            let message = "--backup copies a file; back up an engine on another machine by its own means";
            return Err(Failure::new(message));
        }
        let deadline = self.options.database.lock_timeout();
        let applied = match engine.status(self.migrations, deadline) {
            Ok(status) => status.applied().len(),
            Err(outcome) => return Ok(outcome),
        };
        if let Some(outcome) = self.refused(applied)? {
            return Ok(outcome);
        }
        let progress = Progress::default();
        let mut runner = engine.runner(self.migrations, deadline).on_event(|event| progress.event(event));
        if let Some(target) = &self.options.to {
            runner = runner.target(target);
        }
        let result = runner.run();
        drop(runner);
        progress.end();
        match result {
            Ok(report) => {
                for note in report.notes() {
                    output::note(note);
                }
                Ok(self.done("the database", &report))
            }
            Err(error) => Ok(engine::failed(&error)),
        }
    }

    /// Where one of the pending files can only be run by the program.
    fn refused(&self, applied: usize) -> Result<Option<Outcome>, Failure> {
        let pending = self.migrations.iter().take(self.end).skip(applied);
        let Some(refusal) = only_the_program(&self.project, pending)? else { return Ok(None) };
        output::error(&refusal);
        Ok(Some(Outcome::Problems))
    }

    fn done(&self, database: &str, report: &embed_migrations_core::Report) -> Outcome {
        let state = if self.end == self.migrations.len() { "up to date" } else { "as far as was asked" };
        line(format!("{GREEN}{database}{GREEN:#} is {state}: {} applied", report.applied().len()));
        Outcome::Fine
    }
}

/// How many files the database is to have in the end.
fn end(migrations: Migrations, options: &Options) -> Result<usize, Failure> {
    let Some(target) = &options.to else { return Ok(migrations.len()) };
    let found = migrations.get(target);
    let at = migrations.iter().position(|migration| Some(migration) == found);
    at.map(|at| at + 1).ok_or_else(|| {
        let latest = migrations.latest().version();
        Failure::new(format!("--to {target}: there is no such version; the newest one is {latest}"))
    })
}

/// What is said where a pending file calls a function of the application's. A stand-in would write nonsense.
pub(crate) fn only_the_program<'m>(
    project: &Project,
    pending: impl Iterator<Item = &'m Migration>,
) -> Result<Option<String>, Failure> {
    let files = project.files().map_err(|problem| Failure::new(problem.to_string()))?;
    let calls = pending.filter_map(|migration| files.calls_application(migration.file_name()));
    Ok(calls.take(1).next().map(|(place, name)| {
        format!(
            "{place}: the file calls `{name}`, which only the program has; start the program to apply it, or stop before \
             it with --to"
        )
    }))
}

/// What an interrupted run has kept. SQLite takes back a whole transaction where it is interrupted, and files share one.
fn kept(error: &Error) -> String {
    let applied = error.kept().map_or(0, |kept| kept.applied.len());
    let file = error.migration().map(|migration| format!(" at {}", migration.file_name()));
    format!("interrupted{}: {applied} applied, and nothing is half done", file.unwrap_or_default())
}

/// A time as a person reads it.
pub(crate) fn time(elapsed: Duration) -> String {
    match elapsed.as_secs_f64() {
        seconds if seconds >= 1.0 => format!("{seconds:.1} s"),
        seconds => format!("{:.1} ms", seconds * 1000.0),
    }
}
