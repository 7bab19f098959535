//! `cargo migrate check`: what the compiler says of the migrations, by the same function, without compiling anything.

use clap::Args;
use embed_migrations_core::__build::Project;
use embed_migrations_core::Problem;

use crate::engine::{Engine, Kind};
use crate::failure::{Failure, Outcome};
use crate::finding::{self, Finding};
use crate::on;
use crate::report::{Format, Report};
use crate::scope::Scope;

/// Check the migrations as the compiler does: every rule, and a rehearsal with rows
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate check                    before a commit
  cargo migrate check --locked           before a release
  cargo migrate check --on app.db        what the pending files would do to real rows
  cargo migrate check --format github    on a pull request, as annotations of the SQL files
  cargo migrate check --format cargo     for what reads cargo, such as bacon, as messages of the compiler")]
pub(crate) struct Options {
    /// Also require that every file is in migrations.lock, and that its head is the newest one.
    #[arg(long)]
    locked: bool,

    /// Also try the pending files on a copy of this database, one by one, and look at its rows. Of libsql://… and rqlite://…
    /// there is no copy: what the engine would refuse of the pending files is told.
    #[arg(long, value_name = "DATABASE", conflicts_with = "locked")]
    on: Option<String>,

    /// What runs at an http URL.
    #[arg(long, value_enum, requires = "on")]
    engine: Option<Kind>,

    /// A token for libSQL.
    #[arg(long, env = "DATABASE_TOKEN", hide_env_values = true)]
    token: Option<String>,

    /// How problems are shown.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(scope: &Scope, options: &Options) -> Result<Outcome, Failure> {
    if let Some(database) = &options.on {
        return run_on(scope, options, database);
    }
    let (package, projects) = scope.projects()?;
    let mut report = Report::new(&package);
    for project in &projects {
        let findings = findings(project, options.locked)?;
        report.add(project, findings);
    }
    report.print(options.format);
    Ok(Outcome::of(report.is_fine()))
}

fn run_on(scope: &Scope, options: &Options, database: &str) -> Result<Outcome, Failure> {
    let (package, project) = scope.project()?;
    let (count, mut findings) = findings(&project, false)?;
    let mut report = Report::new(&package);
    // What does not compile is applied to no database.
    if findings.iter().all(|finding| finding.kind == finding::Kind::Note) {
        if let Some(engine) = Engine::find(database, options.engine, options.token.as_deref()) {
            match on::elsewhere(&project, &engine?)? {
                Ok(refused) => findings.extend(refused),
                Err(outcome) => return Ok(outcome),
            }
        } else {
            let seen = on::run(&project, database)?;
            if let Some(outcome) = seen.outcome {
                return Ok(outcome);
            }
            findings.extend(report.tried(database, seen));
        }
    }
    report.add(&project, (count, findings));
    report.print(options.format);
    Ok(Outcome::of(report.is_fine()))
}

/// How many files there are, and what is to say of them.
fn findings(project: &Project, locked: bool) -> Result<(usize, Vec<Finding>), Failure> {
    let (count, mut findings) = match project.check() {
        Ok(embedded) => {
            let notes = embedded.notes.into_iter().map(Finding::note);
            (embedded.migrations.len(), notes.collect())
        }
        Err(problems) => {
            let count = project.files().map(|files| files.names().len()).unwrap_or_default();
            (count, problems.into_iter().map(Finding::problem).collect::<Vec<_>>())
        }
    };
    if locked {
        findings.extend(unlocked(project).into_iter().map(Finding::unlocked));
    }
    Ok((count, findings))
}

/// What is missing in the lock; that of a folder which cannot be read is a problem already.
fn unlocked(project: &Project) -> Vec<Problem> {
    project.files().map(|files| files.unlocked()).unwrap_or_default()
}
