//! Whether the folder holds a migration, or a test of one, that this build does not. Stable Rust does not tell a macro of
//! new files, so a debug build looks for itself; a release build has no folder to look at.

use std::path::Path;

use crate::model::name;
use crate::model::set::Migrations;

/// The first such file, and the folder that it is in.
pub(crate) type Missing = Option<(String, &'static str)>;

/// Looks, if this build does. Asks the set how, so that a release build does not carry what reads a folder.
pub(crate) fn missing(migrations: Migrations) -> Missing {
    migrations.set().look.and_then(|look| look(migrations))
}

pub(crate) fn look(migrations: Migrations) -> Missing {
    let [package, folder] = migrations.set().folder?;
    let path = Path::new(package).join(folder);
    // Moved to another machine, or no longer readable: nothing can be said.
    let files = names(&path).ok()?;
    let tests =
        names(&path.join("tests")).unwrap_or_default().into_iter().map(|test| format!("tests/{test}"));
    let missing = files
        .into_iter()
        .filter(|file_name| migrations.iter().all(|migration| migration.file_name() != file_name))
        .chain(tests.filter(|test| !migrations.set().tests.contains(&test.as_str())))
        .min()?;
    Some((missing, folder))
}

/// The names in a folder that a migration can have.
fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    let entries = std::fs::read_dir(folder)?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    Ok(names.filter(|file_name| name::parse(file_name).is_some()).collect())
}
