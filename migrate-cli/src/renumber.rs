//! `cargo migrate renumber`: after a merge that has left two files with one number. Names, records, tests and the lock
//! change together; what has shipped stays.

use std::fs;
use std::path::Path;

use clap::Args;

use crate::failure::{Failure, Outcome};
use crate::scope::Scope;
use crate::{file, output};

/// Give files that have the same number after a merge the next free ones
#[derive(Debug, Args)]
#[command(after_help = "\
Files in migrations.lock keep their numbers. Of two others, the one that comes first by name stays, unless FILE says \
otherwise. Their records, tests and the head of the lock follow, and conflict markers of git in the lock are resolved.

Whoever has run a file that moves on a database of their own has to undo that: there, it is recorded under its old name.")]
pub(crate) struct Options {
    /// Files to move behind the others.
    #[arg(value_name = "FILE")]
    files: Vec<String>,
}

pub(crate) fn run(scope: &Scope, options: &Options) -> Result<Outcome, Failure> {
    let (package, project) = scope.project()?;
    let folder = project.path();
    let _held = file::hold(&folder)?;
    let files = project.files().map_err(|problem| Failure::new(problem.to_string()))?;
    let behind: Vec<_> = options.files.iter().map(|file| file::name(file)).collect();
    let renumbered = files.renumbered(&behind).map_err(Failure::new)?;

    // Everything is read before anything is written.
    let mut texts = Vec::new();
    for renamed in &renumbered.files {
        let path = folder.join(&renamed.from);
        let text = fs::read_to_string(&path).map_err(|error| Failure::file(&path, error))?;
        let text = files.renumbered_text(&text, renamed).ok_or_else(|| {
            Failure::file(
                &path,
                "it does not record its own version; `cargo migrate check` says what is wrong with it",
            )
        })?;
        texts.push(text);
    }
    for (renamed, text) in renumbered.files.iter().zip(&texts) {
        let (from, to) = (folder.join(&renamed.from), folder.join(&renamed.to));
        if !file::create(&to, text)? {
            return Err(Failure::file(&to, "there is such a file already; move it out of the way"));
        }
        fs::remove_file(&from).map_err(|error| Failure::file(&from, error))?;
        output::line(format!("{} -> {}", package.shown(&from), renamed.to));
    }
    for (from, to) in &renumbered.tests {
        rename(&folder.join("tests").join(from), &folder.join("tests").join(to))?;
        output::line(format!("{} -> {to}", package.shown(&folder.join("tests").join(from))));
    }
    for test in &renumbered.unsure {
        let path = package.shown(&folder.join("tests").join(test));
        output::note(&format!("{path} stays; if it tests a file that has moved, give it that file's number"));
    }
    let mut is_done = renumbered.files.is_empty();
    if let Some(lock) = files.with_head(&renumbered.head) {
        let path = folder.join(file::LOCK);
        if fs::read_to_string(&path).is_ok_and(|before| before != lock) {
            file::replace(&path, &lock)?;
            output::line(format!("{}: head: {}", package.shown(&path), renumbered.head));
            is_done = false;
        }
    }
    if is_done {
        output::line("every number is there once: nothing to do");
    }
    Ok(Outcome::Fine)
}

fn rename(from: &Path, to: &Path) -> Result<(), Failure> {
    if to.exists() {
        return Err(Failure::file(to, "there is such a file already; move it out of the way"));
    }
    fs::rename(from, to).map_err(|error| Failure::file(from, error))
}
