//! Whether the folder holds a migration that this build does not. Stable Rust does not tell a macro of new files, so a
//! debug build looks for itself; a release build has no folder to look at.

use std::path::Path;

use crate::model::name;
use crate::model::set::Migrations;

/// The first such file, and the folder that it is in.
pub(crate) fn missing(migrations: Migrations) -> Option<(String, &'static str)> {
    let [package, folder] = migrations.set().folder?;
    // Moved to another machine, or no longer readable: nothing can be said.
    let entries = std::fs::read_dir(Path::new(package).join(folder)).ok()?;
    let missing = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|file_name| name::parse(file_name).is_some())
        .filter(|file_name| migrations.iter().all(|migration| migration.file_name() != file_name))
        .min()?;
    Some((missing, folder))
}
