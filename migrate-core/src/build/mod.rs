//! A folder on disk -> what the macro bakes into a binary, or every reason why not.

pub(crate) mod lock;
mod source;
pub(crate) mod steps;

use std::path::Path;

use crate::check::{self, Folder};
use crate::model::problem::Problem;
use crate::rehearsal::{self, StandIns};

/// What is baked into a binary.
#[derive(Debug)]
pub struct Embedded {
    /// In order of version.
    pub migrations: Vec<EmbeddedMigration>,
    /// The tracking table.
    pub table: String,
    /// The version of the SQLite that rehearsed them.
    pub rehearsed_with: &'static str,
    /// There is a `migrations.lock`, which is part of what was checked.
    pub locked: bool,
}

/// One file, checked and rehearsed. The arguments of the constructor of a `Migration`.
#[derive(Debug)]
pub struct EmbeddedMigration {
    /// Such as `001_create_users.sql`.
    pub file_name: String,
    /// How long the version in it is.
    pub version: u8,
    /// The normalised text, exactly as it was rehearsed.
    pub sql: String,
    /// Where statements end.
    pub boundaries: Vec<u32>,
    /// Foreign keys, legacy_alter_table, deferred.
    pub flags: [bool; 3],
}

/// Reads, checks and rehearses `root/folder`. Problems are sorted by file and line.
///
/// # Errors
///
/// Every problem of the folder; never an empty list.
pub fn embed(root: &Path, folder: &str, stand_ins: &StandIns) -> Result<Embedded, Vec<Problem>> {
    let entries = source::read(root, folder).map_err(|problem| vec![problem])?;
    let mut checked = Folder::check(folder, entries);
    let lock = checked.lock.take();
    let shipped = lock.as_deref().map_or_else(Vec::new, |lock| check_lock(&mut checked, lock));
    rehearsal::rehearse(&mut checked, stand_ins, &shipped);
    let Folder { drafts, table, mut problems, .. } = checked;
    let Some(table) = table.filter(|_| problems.is_empty()) else {
        check::sort(&mut problems);
        return Err(problems);
    };
    let migrations = drafts.into_iter().map(|draft| EmbeddedMigration {
        version: draft.version_length(),
        boundaries: draft.boundaries(),
        flags: draft.flags(),
        sql: draft.text.into_owned(),
        file_name: draft.file_name,
    });
    let migrations = migrations.collect();
    Ok(Embedded { migrations, table, rehearsed_with: rusqlite::version(), locked: lock.is_some() })
}

fn check_lock(folder: &mut Folder<'_>, lock: &str) -> Vec<String> {
    let files: Vec<_> = folder.drafts.iter().map(|draft| (draft.file_name.as_str(), &*draft.text)).collect();
    let (shipped, problems) = lock::check(&folder.shown, lock, &files);
    folder.problems.extend(problems);
    shipped
}
