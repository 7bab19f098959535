//! `cargo migrate lock`: writes down which files ship, so that the compiler notices when one of them is changed.

use clap::Args;
use embed_migrations_core::Rule;

use crate::failure::{Failure, Outcome};
use crate::report::Report;
use crate::scope::Scope;
use crate::{file, output};

/// Write migrations.lock: the files that ship with this release, and may no longer change
#[derive(Debug, Args)]
#[command(after_help = "\
Commit the lock together with the files. `cargo migrate check --locked` says before a release whether it is complete.

Hazards of a file in the lock are no longer reported, so the folder has to pass `cargo migrate check` first.")]
pub(crate) struct Options {
    /// Lock the files up to this version only.
    #[arg(long, value_name = "VERSION")]
    to: Option<String>,

    /// Take this file as it is now, although it is locked otherwise: only where nobody has run it.
    #[arg(long, value_name = "FILE")]
    rewrite: Vec<String>,
}

pub(crate) fn run(scope: &Scope, options: &Options) -> Result<Outcome, Failure> {
    let (package, project) = scope.project()?;
    let _held = file::hold(&project.path())?;
    let mut problems = project.check().err().unwrap_or_default();
    // Whether these are meant is what `locked` judges.
    problems.retain(|problem| problem.rule != Rule::LockedFileChanged);
    let files = project.files().map_err(|problem| Failure::new(problem.to_string()))?;
    let rewrite: Vec<_> = options.rewrite.iter().map(|file| file::name(file)).collect();
    if let Some(unknown) = rewrite.iter().find(|file| !files.names().any(|name| name == **file)) {
        return Err(Failure::new(format!("there is no migration {unknown} in {}", project.args().folder)));
    }
    let shipped = match &options.to {
        None => files.names().len(),
        Some(version) => files.up_to(version).ok_or_else(|| {
            Failure::new(format!("there is no version {version} in {}", project.args().folder))
        })?,
    };
    let locked = if problems.is_empty() { files.locked(shipped, &rewrite) } else { Err(problems) };
    let text = match locked {
        Ok(text) => text,
        Err(problems) => return Ok(Report::refuse(&package, &project, problems)),
    };
    let path = project.path().join(file::LOCK);
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let shown = package.shown(&path);
    if text == before {
        output::line(format!("{shown} is up to date"));
        return Ok(Outcome::Fine);
    }
    file::replace(&path, &text)?;
    output::line(format!("written: {shown}"));
    for line in text.lines().filter(|line| !before.lines().any(|old| old == *line)) {
        output::line(format!("  {}", line.split_once("  ").map_or(line, |(_, file)| file)));
    }
    Ok(Outcome::Fine)
}
