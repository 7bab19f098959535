//! Versions that are timestamps: found by their number, and never by their place in it.

use embed_migrations::rusqlite::Connection;
use embed_migrations::{Divergence, Error, Migrations};

use crate::databases::{FIRST, folder, recorded, versions};

const ZERO: &str = "00000000000000";
const OLD: &str = "20240229235959";
const LATE: &str = "20251231235959";
const NEW: &str = "20260101000000";

/// The usual first file, and one for each of the versions.
fn set(moments: &[&str]) -> Migrations {
    let first =
        (format!("{ZERO}_create_schema_migrations.sql"), FIRST.replace("'000'", &format!("'{ZERO}'")));
    let files = moments.iter().map(|moment| {
        let text = format!(
            "BEGIN;\nCREATE TABLE t{moment} (a);\nINSERT INTO schema_migrations (version, name) VALUES ('{moment}', 'step');\nCOMMIT;\n"
        );
        (format!("{moment}_step.sql"), text)
    });
    let files: Vec<_> = [first].into_iter().chain(files).collect();
    let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    Migrations::from_dir(folder(&files)).unwrap_or_else(|error| panic!("{error:?}"))
}

#[test]
fn gaps_are_no_gaps_and_the_order_is_that_of_the_numbers() {
    let mut conn = Connection::open_in_memory().expect("memory");
    let migrations = set(&[NEW, OLD]);
    assert_eq!(
        migrations.get("20240229235959").map(|migration| migration.number()),
        Some(20_240_229_235_959)
    );
    let report = migrations.runner().target(OLD).run(&mut conn).expect("it runs");
    assert_eq!(versions(report.applied()), [ZERO, OLD]);
    assert_eq!(migrations.status(&conn).expect("it reads").pending().len(), 1);
    migrations.run(&mut conn).expect("it runs");
    assert_eq!(recorded(&conn), [ZERO, OLD, NEW]);
    assert!(migrations.run(&mut conn).expect("it runs").applied().is_empty());
}

#[test]
fn a_target_is_an_embedded_version() {
    let mut conn = Connection::open_in_memory().expect("memory");
    let migrations = set(&[OLD, NEW]);
    for target in [LATE, "1", "2024", "99991231235959"] {
        let result = migrations.runner().target(target).run(&mut conn);
        assert!(matches!(result, Err(Error::UnknownTarget { .. })), "{target}: {result:?}");
    }
    assert_eq!(migrations.runner().target("0").run(&mut conn).expect("it runs").applied().len(), 1);
}

#[test]
fn a_late_file_is_never_slipped_in() {
    let mut conn = Connection::open_in_memory().expect("memory");
    set(&[OLD, NEW]).run(&mut conn).expect("it runs");
    let error = set(&[OLD, LATE, NEW]).run(&mut conn).expect_err("it comes too late");
    assert!(
        matches!(&error, Error::Diverged { divergence: Divergence::Hole { missing, later, .. }, .. }
            if missing.version() == LATE && later.version() == NEW),
        "{error:?}"
    );
    assert_eq!(recorded(&conn), [ZERO, OLD, NEW]);
}

#[test]
fn a_newer_database_is_told_from_one_that_is_not_ours() {
    for (row, newer) in [
        ("20260101000001", true),
        ("99991231235959", true),
        (LATE, false),             // between two of ours
        ("20260230000000", false), // on no calendar
        ("3", false),              // after the newest as text, before it as a number
        ("99999999", false),
    ] {
        let mut conn = Connection::open_in_memory().expect("memory");
        let migrations = set(&[OLD, NEW]);
        migrations.run(&mut conn).expect("it runs");
        conn.execute("INSERT INTO schema_migrations (version, name) VALUES (?1, 'x')", [row]).expect("a row");
        let error = migrations.run(&mut conn).expect_err("the row is not ours");
        match (&error, newer) {
            (Error::NewerDatabase { database, binary, .. }, true) => {
                assert_eq!((database.as_str(), binary.version()), (row, NEW));
            }
            (Error::Diverged { divergence: Divergence::Unknown { version, .. }, .. }, false) => {
                assert_eq!(version, row);
            }
            _ => panic!("{row}: {error:?}"),
        }
    }
}
