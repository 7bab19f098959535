//! `cargo migrate check --on DATABASE`: what the pending files would do to a real database, seen on a copy of it. The
//! original is only read, by SQLite's backup.

use std::path::Path;
use std::time::Duration;

use embed_migrations_core::__build::{Project, Trial, Tried};
use embed_migrations_core::Error;
use rusqlite::Connection;
use rusqlite::backup::Backup;
use serde_json::{Value, json};

use crate::engine::Engine;
use crate::failure::{Failure, Outcome};
use crate::finding::Finding;
use crate::output::{BOLD, YELLOW};
use crate::up::{only_the_program, time};
use crate::{database, output};

/// What has been seen.
pub(crate) struct Seen {
    /// What is wrong.
    pub(crate) findings: Vec<Finding>,
    /// Where the history of the database is not the beginning of this one.
    pub(crate) outcome: Option<Outcome>,
    tried: Vec<(&'static str, Tried)>,
    /// The file that only the program can run, where that ends it.
    left: Option<String>,
}

/// Pages that are copied at a time, so that writers are not kept out for long.
const PAGES: std::ffi::c_int = 1000;

pub(crate) fn run(project: &Project, database: &str) -> Result<Seen, Failure> {
    let path = database::path(database)?;
    let Some(original) = database::read(&path)? else {
        return Err(Failure::file(&path, "there is no such file"));
    };
    let folder =
        tempfile::tempdir().map_err(|error| Failure::new(format!("a folder for the copy: {error}")))?;
    let copy =
        copy(&original, &folder.path().join("copy.db")).map_err(|error| Failure::file(&path, error))?;
    drop(original);
    let unreadable = |error: rusqlite::Error| Failure::file(&path, error);
    let mut trial = match project.trial(copy) {
        Ok(trial) => trial,
        Err(problems) => {
            let first = problems.into_iter().next().map(|problem| problem.to_string());
            return Err(Failure::file(
                &path,
                first.unwrap_or_else(|| "its schema cannot be read".to_owned()),
            ));
        }
    };
    let mut seen = Seen { findings: Vec::new(), outcome: None, tried: Vec::new(), left: None };
    let pending = match trial.pending() {
        Ok(pending) => pending,
        Err(error) => {
            seen.outcome = Some(database::failed(&error));
            return Ok(seen);
        }
    };
    for migration in pending {
        seen.left = only_the_program(project, std::iter::once(migration))?;
        if seen.left.is_some() || !seen.add(&mut trial, migration).map_err(unreadable)? {
            break;
        }
    }
    Ok(seen)
}

/// What an engine on another machine would refuse of what is pending there, by the texts alone: its rows are not looked at.
pub(crate) fn elsewhere(
    project: &Project,
    engine: &Engine,
) -> Result<Result<Vec<Finding>, Outcome>, Failure> {
    let migrations = match project.migrations() {
        Ok(migrations) => migrations,
        Err(problems) => return Ok(Ok(problems.into_iter().map(Finding::problem).collect())),
    };
    let status = match engine.status(migrations, PATIENCE) {
        Ok(status) => status,
        Err(outcome) => return Ok(Err(outcome)),
    };
    let refused = project.refused_by(engine.kind(), status.applied().len());
    let refused = refused.map_err(|problem| Failure::new(problem.to_string()))?;
    output::note(&format!("{} pending there, whose rows were not looked at", status.pending().len()));
    Ok(Ok(refused.into_iter().map(Finding::problem).collect()))
}

/// How long an engine may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

fn copy(original: &Connection, path: &Path) -> rusqlite::Result<Connection> {
    let mut copy = Connection::open(path)?;
    Backup::new(original, &mut copy)?.run_to_completion(PAGES, Duration::ZERO, None)?;
    Ok(copy)
}

impl Seen {
    /// Tries a file. `false` where it fails, and with it the trial ends.
    fn add(
        &mut self,
        trial: &mut Trial,
        migration: &'static embed_migrations_core::Migration,
    ) -> rusqlite::Result<bool> {
        let mut tried = trial.run(migration)?;
        self.findings.extend(std::mem::take(&mut tried.hazards).into_iter().map(Finding::problem));
        let is_fine = tried.result.is_ok();
        if let Err(error) = &tried.result
            && self.findings.is_empty()
        {
            self.findings.push(Finding::failed(error));
        }
        self.tried.push((migration.file_name(), tried));
        Ok(is_fine)
    }

    /// For a person.
    pub(crate) fn table(&self, database: &str) -> String {
        let count = self.tried.len();
        let files = if count == 1 { "pending file" } else { "pending files" };
        let mut text = format!("{BOLD}on a copy of {database}{BOLD:#}: {count} {files}\n");
        for (name, tried) in &self.tried {
            let (before, after) = tried.size;
            let taken = match &tried.result {
                Ok(elapsed) => time(*elapsed),
                Err(error) => format!("{YELLOW}failed{YELLOW:#}: {}", cause(error)),
            };
            text.push_str(&format!("  {name}  {taken}, {} -> {}\n", bytes(before), bytes(after)));
            for (table, before, after) in &tried.rows {
                let change = match (before, after) {
                    (None, Some(after)) => format!("new, {after} rows"),
                    (Some(before), None) => format!("gone, had {before} rows"),
                    (before, after) => {
                        format!("{} -> {} rows", before.unwrap_or_default(), after.unwrap_or_default())
                    }
                };
                text.push_str(&format!("    {table}: {change}\n"));
            }
        }
        if let Some(left) = &self.left {
            text.push_str(&format!("  not tried from here on: {left}\n"));
        }
        text
    }

    /// For a program.
    pub(crate) fn json(&self) -> Value {
        let files = self.tried.iter().map(|(name, tried)| {
            let rows = tried
                .rows
                .iter()
                .map(|(table, before, after)| json!({ "table": table, "before": before, "after": after }));
            json!({
                "file": name,
                "seconds": tried.result.as_ref().ok().map(Duration::as_secs_f64),
                "error": tried.result.as_ref().err().map(cause),
                "rows": rows.collect::<Vec<_>>(),
                "bytes": { "before": tried.size.0, "after": tried.size.1 },
            })
        });
        json!({ "files": files.collect::<Vec<_>>(), "not_tried": self.left })
    }
}

/// Why the runner has failed: SQLite's answer where there is one.
fn cause(error: &Error) -> String {
    let first = std::error::Error::source(error);
    let second = first.and_then(std::error::Error::source);
    second.or(first).map_or_else(|| error.to_string(), ToString::to_string)
}

fn bytes(bytes: i64) -> String {
    indicatif::BinaryBytes(u64::try_from(bytes).unwrap_or_default()).to_string()
}
