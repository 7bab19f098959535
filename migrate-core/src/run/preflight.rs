//! What is looked at before anything is touched, and refused.

use std::path::Path;

use rusqlite::Connection;

use super::connection::Loan;
use super::error::Error;
use super::pass::waited;
use super::wait::Wait;
use crate::model::migration::Migration;
use crate::model::name;
use crate::model::set::Migrations;

/// The first SQLite that says where in a statement an error is. What kind of table a table is, it says since 3.37.
const OLDEST_SQLITE: i32 = 3_038_000;

pub(super) fn supported(version_number: i32) -> Result<(), Error> {
    if version_number < OLDEST_SQLITE {
        return Err(Error::UnsupportedSqlite { found: rusqlite::version() });
    }
    Ok(())
}

/// Stable Rust does not tell a macro of new files, so a debug build looks for itself.
pub(super) fn refuse_stale_build(migrations: Migrations) -> Result<(), Error> {
    let Some([package, folder]) = migrations.set().folder else { return Ok(()) };
    let folder_path = Path::new(package).join(folder);
    // Moved to another machine, or no longer readable: nothing can be said.
    let Ok(names) = names(&folder_path) else { return Ok(()) };
    let is_embedded = |file_name: &str| migrations.iter().any(|migration| migration.file_name() == file_name);
    let tests = names_of_tests(&folder_path);
    let missing = names
        .into_iter()
        .filter(|file_name| !is_embedded(file_name))
        .chain(tests.into_iter().filter(|test| !migrations.set().tests.contains(&test.as_str())))
        .min();
    match missing {
        Some(file_name) => Err(Error::StaleBuild { file_name, folder }),
        None => Ok(()),
    }
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

/// The migrations that the database is to have in the end.
pub(super) fn end(migrations: Migrations, target: Option<&str>) -> Result<&'static [Migration], Error> {
    let all = migrations.as_slice();
    let Some(target) = target else { return Ok(all) };
    match migrations.position(target) {
        Some(position) => Ok(all.get(..=position).unwrap_or_default()),
        None => Err(Error::UnknownTarget { target: target.to_owned(), latest: migrations.latest() }),
    }
}

/// Even the first PRAGMA has to be waited for: none can be prepared while a shared cache has its schema locked.
pub(super) fn lend<'c>(conn: &'c Connection, wait: &'c Wait) -> Result<Loan<'c>, Error> {
    waited(wait, || {
        Loan::new(conn, wait).map_err(|source| Error::Sqlite { doing: "reading the busy timeout", source })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::migration::{Migration, Mode};
    use crate::model::set::Set;

    #[test]
    fn a_sqlite_before_3_38_is_refused() {
        for (version_number, old) in
            [(3_037_000, true), (3_037_999, true), (3_038_000, false), (3_054_001, false)]
        {
            let result = supported(version_number);
            assert_eq!(matches!(result, Err(Error::UnsupportedSqlite { .. })), old, "{version_number}");
        }
    }

    #[test]
    fn a_migration_that_only_the_folder_holds_is_named() {
        static ALL: [Migration; 3] = [
            Migration::__new("000_create_schema_migrations.sql", 3, "", &[], Mode::USUAL),
            Migration::__new("001_create_users.sql", 3, "", &[], Mode::USUAL),
            Migration::__new("002_add_bio_to_users.sql", 3, "", &[], Mode::USUAL),
        ];
        const MIGRATIONS: [&str; 2] = [env!("CARGO_MANIFEST_DIR"), "../migrations"];
        const NOWHERE: [&str; 2] = [env!("CARGO_MANIFEST_DIR"), "nowhere"];
        for (embedded, folder, missing) in [
            (&ALL[..], Some(MIGRATIONS), None),
            (&ALL[..2], Some(MIGRATIONS), Some("002_add_bio_to_users.sql")),
            (&ALL[..1], Some(MIGRATIONS), Some("001_create_users.sql")),
            (&ALL[..1], Some(NOWHERE), None),
            (&ALL[..1], None, None),
        ] {
            let mut set = Set::new(embedded, "t");
            if let Some([package, folder]) = folder {
                set = set.read_from(package, folder, &[]);
            }
            let found = match refuse_stale_build(Migrations::__new(Box::leak(Box::new(set)))) {
                Ok(()) => None,
                Err(Error::StaleBuild { file_name, folder: "../migrations" }) => Some(file_name),
                Err(other) => panic!("{other:?}"),
            };
            assert_eq!(found.as_deref(), missing, "{embedded:?} {folder:?}");
        }
    }
}
