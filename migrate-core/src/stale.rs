//! Whether the folder holds a migration, or a test of one, that this build does not. Stable Rust does not tell a macro of
//! new files, so a debug build looks for itself; a release build has no folder to look at.

use std::path::Path;

use crate::model::name;
use crate::model::set::Migrations;

/// The first such file, and the folder that it is in.
pub(crate) fn missing(migrations: Migrations) -> Option<(String, &'static str)> {
    let [package, folder] = migrations.set().folder?;
    let path = Path::new(package).join(folder);
    // Moved to another machine, or no longer readable: nothing can be said.
    let names = names(&path).ok()?;
    let is_embedded = |file_name: &str| migrations.iter().any(|migration| migration.file_name() == file_name);
    let tests = names_of_tests(&path);
    let missing = names
        .into_iter()
        .filter(|file_name| !is_embedded(file_name))
        .chain(tests.into_iter().filter(|test| !migrations.set().tests.contains(&test.as_str())))
        .min()?;
    Some((missing, folder))
}

/// The names of a folder that a migration can have.
fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    let entries = std::fs::read_dir(folder)?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    Ok(names.filter(|file_name| name::parse(file_name).is_some()).collect())
}

/// The tests beside the migrations, relative to their folder.
fn names_of_tests(folder: &Path) -> Vec<String> {
    let names = names(&folder.join("tests")).unwrap_or_default();
    names.into_iter().map(|file_name| format!("tests/{file_name}")).collect()
}
