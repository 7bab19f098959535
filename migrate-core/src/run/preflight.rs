//! What is looked at before anything is touched, and refused.

use rusqlite::Connection;

use super::connection::Loan;
use super::error::Error;
use super::pass::waited;
use super::wait::Wait;
use crate::model::set::Migrations;
use crate::stale;

/// The first SQLite that says where in a statement an error is. What kind of table a table is, it says since 3.37.
const OLDEST_SQLITE: i32 = 3_038_000;

pub(super) fn supported(version_number: i32) -> Result<(), Box<Error>> {
    if version_number < OLDEST_SQLITE {
        return Err(Error::UnsupportedSqlite { found: rusqlite::version() }.into());
    }
    Ok(())
}

/// Stable Rust does not tell a macro of new files, so a debug build looks for itself.
pub(super) fn refuse_stale_build(migrations: Migrations) -> Result<(), Box<Error>> {
    match stale::missing(migrations) {
        Some((file_name, folder)) => Err(Error::StaleBuild { file_name, folder }.into()),
        None => Ok(()),
    }
}

/// How many migrations the database is to have in the end.
pub(super) fn end(migrations: Migrations, target: Option<&str>) -> Result<usize, Box<Error>> {
    migrations.count_to(target).ok_or_else(|| {
        let target = target.unwrap_or_default().to_owned();
        Error::UnknownTarget { target, latest: migrations.latest() }.into()
    })
}

/// Even the first PRAGMA has to be waited for: none can be prepared while a shared cache has its schema locked.
pub(super) fn lend<'c>(conn: &'c Connection, wait: &'c Wait) -> Result<Loan<'c>, Box<Error>> {
    waited(wait, || Loan::new(conn, wait).map_err(Error::sqlite("reading the busy timeout")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::migration::{Migration, Mode, made_of};
    use crate::model::set::Set;

    #[test]
    fn a_sqlite_before_3_38_is_refused() {
        for (version_number, old) in
            [(3_037_000, true), (3_037_999, true), (3_038_000, false), (3_054_001, false)]
        {
            let result = supported(version_number);
            assert_eq!(
                matches!(result, Err(error) if matches!(*error, Error::UnsupportedSqlite { .. })),
                old,
                "{version_number}"
            );
        }
    }

    #[test]
    fn a_migration_that_only_the_folder_holds_is_named() {
        static ALL: [Migration; 3] = [
            made_of!("000_create_schema_migrations.sql", 3, "", &[], Mode::USUAL),
            made_of!("001_create_users.sql", 3, "", &[], Mode::USUAL),
            made_of!("002_add_bio_to_users.sql", 3, "", &[], Mode::USUAL),
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
            let mut set = Set::made(embedded, "t");
            if let Some([package, folder]) = folder {
                set = set.read_from(package, folder, &[]);
            }
            let found = match refuse_stale_build(Migrations::__new(Box::leak(Box::new(set))))
                .map_err(|error| *error)
            {
                Ok(()) => None,
                Err(Error::StaleBuild { file_name, folder: "../migrations" }) => Some(file_name),
                Err(other) => panic!("{other:?}"),
            };
            assert_eq!(found.as_deref(), missing, "{embedded:?} {folder:?}");
        }
    }
}
