//! Both are run, and what they make is compared. Ours stand in a folder beside the one that they are to become, which is
//! renamed when nothing is left to be said.

use std::fs;
use std::path::{Path, PathBuf};

use embed_migrations_core::__build::adopt::framed;
use embed_migrations_core::__build::{Args, Files, Project, schema};
use rusqlite::Connection;
use tempfile::TempDir;

use super::{Pair, Their};
use crate::diff;
use crate::failure::Failure;
use crate::file;
use crate::finding::Finding;
use crate::package::Package;
use crate::report::Report;

/// Our files, in a folder that nobody knows of yet.
pub(super) struct Made {
    folder: TempDir,
    project: Project,
    table: String,
    /// How many tables, views and triggers they make, the tracking table apart.
    pub(super) objects: usize,
}

pub(super) fn make(project: &Project, first: &str, table: &str, pairs: &[Pair]) -> Result<Made, Failure> {
    let root = project.root();
    let failed = |error: std::io::Error| Failure::file(root, error);
    let folder = tempfile::Builder::new().prefix(".cargo-migrate-").tempdir_in(root).map_err(failed)?;
    let (name, text) = Files::first(first, table);
    file::replace(&folder.path().join(name), &text)?;
    for pair in pairs {
        file::replace(&folder.path().join(&pair.name), &framed(&pair.adopted, table, &pair.name))?;
    }
    let args = project.args();
    let args = Args {
        folder: folder.path().file_name().unwrap_or_default().to_string_lossy().into_owned(),
        stand_ins: args.stand_ins.clone(),
        compatible: args.compatible,
        ..Args::of("")
    };
    let ours = Project::new(root, args);
    // Databases have run them: what they do to rows can no longer be changed.
    let files = ours.files().map_err(|problem| Failure::new(problem.to_string()))?;
    let locked = files.locked(files.names().len(), &[]);
    file::replace(&folder.path().join(file::LOCK), &locked.unwrap_or_default())?;
    Ok(Made { folder, project: ours, table: table.to_owned(), objects: 0 })
}

impl Made {
    /// What is different, or does not run at all.
    pub(super) fn difference(
        &mut self,
        package: &Package,
        project: &Project,
        pairs: &[Pair],
    ) -> Result<Option<String>, Failure> {
        let ours = match self.project.head() {
            Ok(conn) => conn,
            Err(problems) => {
                let mut report = Report::new(package);
                report
                    .add(&self.project, (pairs.len(), problems.into_iter().map(Finding::problem).collect()));
                let shown = report.for_people().replace(&self.project.args().folder, &project.args().folder);
                return Ok(Some(shown));
            }
        };
        let theirs = project.scratch().map_err(|error| Failure::new(error.to_string()))?;
        for Pair { their, .. } in pairs {
            if let Err(error) = run(&theirs, their) {
                return Ok(Some(format!("{}: theirs does not run: {error}", their.origin)));
            }
        }
        let read = |conn: &Connection| schema::objects(conn).map_err(|error| Failure::new(error.to_string()));
        let (mut ours, theirs) = (read(&ours)?, read(&theirs)?);
        ours.retain(|object| object.name != self.table);
        self.objects = ours.len();
        let is_same = ours.len() == theirs.len()
            && ours.iter().zip(&theirs).all(|(a, b)| a.name == b.name && a.is_like(b));
        Ok((!is_same).then(|| diff::text(&schema::sql(&theirs), &schema::sql(&ours), "theirs", "ours")))
    }

    /// Makes the folder the package's.
    pub(super) fn persist(self, target: &Path) -> Result<(), Failure> {
        let failed = |error: std::io::Error| Failure::file(target, error);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        // A folder takes the place of an empty one on some systems, and of none on others.
        let _ = fs::remove_dir(target);
        let made: PathBuf = self.folder.keep();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&made, fs::Permissions::from_mode(0o755)).map_err(failed)?;
        }
        fs::rename(&made, target).map_err(failed)
    }
}

/// Runs a file as their tool does.
fn run(conn: &Connection, their: &Their) -> rusqlite::Result<()> {
    conn.execute_batch("PRAGMA foreign_keys = ON")?;
    let wrapped = their.in_transaction;
    if wrapped {
        conn.execute_batch("BEGIN")?;
    }
    let result = conn.execute_batch(their.sql.trim_start_matches('\u{feff}'));
    if !conn.is_autocommit() {
        conn.execute_batch(if result.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    }
    result
}
