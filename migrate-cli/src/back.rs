//! `cargo migrate back`: makes a database what the newest backup of `up --backup` holds. The way back while one develops; a
//! program that has shipped goes forward.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use embed_migrations_core::__build::{backups, go_back};
use embed_migrations_core::Error;

use crate::database;
use crate::failure::{Failure, Outcome};
use crate::output::{GREEN, line};

/// Go back to the newest backup of `up --backup`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate up --backup --database app.db
  cargo migrate back --database app.db

The backup is copied into the database, and stays. What the database held before is kept beside it, as FILE.TIME.replaced. \
Nobody else may use the database meanwhile.

Exit codes: 0 done, 2 there is no backup, somebody else uses the database, or the answer was no.")]
pub(crate) struct Options {
    #[command(flatten)]
    database: database::Database,

    /// Another backup than the newest one.
    #[arg(long, value_name = "FILE")]
    backup: Option<PathBuf>,

    /// Do not ask.
    #[arg(short, long)]
    yes: bool,
}

pub(crate) fn run(options: &Options) -> Result<Outcome, Failure> {
    let path = options.database.file()?;
    // Backups lie where SQLite has found the file, behind links.
    let database = resolved(&path);
    let newest = || backups(&database).pop();
    let backup = options.backup.clone().or_else(newest).ok_or_else(|| {
        Failure::file(&path, "there is no backup beside it; `cargo migrate up --backup` makes one")
    })?;
    if !options.yes {
        ask(&format!("{} becomes what {} holds. Go on? [y/N] ", path.display(), backup.display()))?;
    }
    let replaced =
        go_back(&database, &backup, options.database.lock_timeout()).map_err(|error| refused(&error))?;
    line(format!("{GREEN}{}{GREEN:#} is what {} holds", path.display(), backup.display()));
    if let Some(replaced) = replaced {
        line(format!("what it held before: {}", replaced.display()));
    }
    Ok(Outcome::Fine)
}

/// The path without links, of which the file itself may be missing.
fn resolved(path: &Path) -> PathBuf {
    let in_folder = || {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    };
    path.canonicalize().ok().or_else(in_folder).unwrap_or_else(|| path.to_owned())
}

fn ask(question: &str) -> Result<(), Failure> {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        return Err(Failure::new("nobody is there to be asked; --yes goes back without a question"));
    }
    let mut out = anstream::stderr();
    let _ = write!(out, "{question}").and_then(|()| out.flush());
    let mut answer = String::new();
    let read = stdin.lock().read_line(&mut answer);
    match (read, answer.trim()) {
        (Ok(_), "y" | "Y" | "yes") => Ok(()),
        _ => Err(Failure::new("nothing was done")),
    }
}

/// What was in the way. The library words it for a run.
fn refused(error: &Error) -> Failure {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    match error {
        Error::Backup { path, reason, .. } => {
            let path = path.as_ref().map(|path| format!("{}: ", path.display())).unwrap_or_default();
            let way_out = if reason.contains("the database is damaged") {
                "; move it away, and go back again"
            } else {
                ""
            };
            Failure::new(format!("{path}{reason}{cause}; the database is as it was{way_out}"))
        }
        other => Failure::new(format!("{other}{cause}")),
    }
}
