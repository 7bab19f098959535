//! A folder on disk -> what the macro bakes into a binary, or every reason why not.

pub(crate) mod args;
mod lock;
mod source;
pub(crate) mod steps;

use std::path::Path;

use self::lock::Lock;
use crate::check::Folder;
use crate::check::draft::Draft;
use crate::model::migration::Mode;
use crate::model::problem::{self, Problem};
use crate::rehearsal::{self, StandIns};
use crate::sql::script;

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
    pub version_length: u8,
    /// The normalised text, exactly as it was rehearsed.
    pub sql: String,
    /// Where statements end.
    pub boundaries: Vec<u32>,
    /// How it has to be run: what is called on `Mode::USUAL`, in order.
    pub mode: Vec<&'static str>,
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
    let text = script::normalise(lock.as_deref().unwrap_or_default());
    let shipped = Lock::parse(&text);
    let files: Vec<_> = checked.drafts.iter().map(|draft| (draft.file_name.as_str(), &*draft.text)).collect();
    let problems = shipped.check(&checked.shown, &text, &files);
    checked.problems.extend(problems);
    for draft in &mut checked.drafts {
        draft.shipped = shipped.is_shipped(&draft.file_name);
    }
    let rehearsed = rehearsal::rehearse(&checked, stand_ins);
    checked.report(rehearsed.faults);
    let Folder { drafts, table, mut problems, .. } = checked;
    let Some(table) = table.filter(|_| problems.is_empty()) else {
        problem::sort(&mut problems);
        return Err(problems);
    };
    let migrations = drafts.into_iter().map(EmbeddedMigration::from).collect();
    Ok(Embedded { migrations, table, rehearsed_with: rusqlite::version(), locked: lock.is_some() })
}

impl From<Draft<'_>> for EmbeddedMigration {
    fn from(draft: Draft<'_>) -> Self {
        Self {
            version_length: draft.version_length(),
            boundaries: draft.boundaries(),
            mode: calls(draft.mode()),
            sql: draft.text.into_owned(),
            file_name: draft.file_name,
        }
    }
}

/// The functions of `Mode` that make this one of the usual one.
fn calls(mode: Mode) -> Vec<&'static str> {
    let Mode { settings, defers, leaves_trigger } = mode;
    [
        (!settings.foreign_keys, "foreign_keys_off"),
        (settings.legacy_alter_table, "legacy_alter_table"),
        (defers, "defers"),
        (leaves_trigger, "leaves_trigger"),
    ]
    .into_iter()
    .filter_map(|(is_set, call)| is_set.then_some(call))
    .collect()
}
