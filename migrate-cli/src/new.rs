//! `cargo migrate new`: the next file, with everything in it that is always the same.

use clap::Args;
use embed_migrations_core::__build::{Files, Project};

use crate::failure::{Failure, Outcome};
use crate::scope::Scope;
use crate::{file, output};

/// Write the next migration: its number, transaction and record are filled in
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate new add bio to users")]
pub(crate) struct Options {
    /// What the migration does, in a few words; they become its name.
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
}

pub(crate) fn run(scope: &Scope, options: &Options) -> Result<Outcome, Failure> {
    let (package, project) = scope.project()?;
    let about = options.words.join(" ");
    let _held = file::hold(&project.path())?;
    let files = listed(&project)?;
    let file_name = files.next(&about);
    write(&project, &files, &file_name, &files.text(&file_name, None, false))?;
    told(&about, &file_name);
    output::line(package.shown(&project.path().join(&file_name)));
    Ok(Outcome::Fine)
}

/// The files of a folder that one more can be added to.
fn listed(project: &Project) -> Result<Files, Failure> {
    let files = project.files().map_err(|problem| {
        Failure::new(format!("{problem}\n`cargo migrate init` creates the folder and its first file"))
    })?;
    if files.names().len() == 0 {
        return Err(Failure::new(format!(
            "{} holds no migration yet; `cargo migrate init` writes the first one",
            project.args().folder
        )));
    }
    if files.has_conflict() {
        return Err(Failure::new(format!(
            "{}/migrations.lock has conflict markers of git in it; `cargo migrate renumber` resolves them",
            project.args().folder
        )));
    }
    Ok(files)
}

/// Writes a new file, and makes it the head of the lock where there is one.
fn write(project: &Project, files: &Files, file_name: &str, text: &str) -> Result<(), Failure> {
    let path = project.path().join(file_name);
    if !file::create(&path, text)? {
        return Err(Failure::file(&path, "there is such a file already; run this again"));
    }
    if let Some(lock) = files.with_head(file_name) {
        file::replace(&project.path().join(file::LOCK), &lock)?;
    }
    Ok(())
}

/// Says so where the name is not just the words.
fn told(about: &str, file_name: &str) {
    let name = file_name.split_once('_').map_or(file_name, |(_, name)| name.trim_end_matches(".sql"));
    if about.replace(' ', "_") != name {
        output::note(&format!("a name holds a-z, 0-9 and single _: `{about}` becomes {name}"));
    }
}
