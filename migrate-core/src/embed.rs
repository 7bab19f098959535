//! A folder on disk -> what the macro bakes into a binary, or every reason why not.

use std::path::Path;

use crate::folder::{self, Folder};
use crate::problem::Problem;
use crate::rehearsal::{self, StandIns};
use crate::source;

/// What is baked into a binary.
#[derive(Debug)]
pub struct Embedded {
    /// In order of version.
    pub migrations: Vec<EmbeddedMigration>,
    /// The tracking table.
    pub table: String,
    /// The version of the SQLite that rehearsed them.
    pub rehearsed_with: &'static str,
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
    rehearsal::rehearse(&mut checked, stand_ins);
    let Folder { drafts, table, mut problems, .. } = checked;
    let Some(table) = table.filter(|_| problems.is_empty()) else {
        folder::sort(&mut problems);
        return Err(problems);
    };
    let migrations = drafts.into_iter().map(|draft| EmbeddedMigration {
        version: draft.version_length(),
        boundaries: draft.boundaries(),
        flags: draft.flags(),
        sql: draft.text.into_owned(),
        file_name: draft.file_name,
    });
    Ok(Embedded { migrations: migrations.collect(), table, rehearsed_with: rusqlite::version() })
}
