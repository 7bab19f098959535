//! A folder that the application has embedded itself: the rules that need no SQLite, all problems at once, and
//! the same runner.

use embed_migrations::{Cause, Error, Migrations, Rule, embed_migrations};
use include_dir::{Dir, DirEntry};
use insta::assert_snapshot;

use crate::databases::{FIRST, dump, folder, memory, reached, recorded, rows, shown, versions};

fn problems(files: &[(&str, &[u8])]) -> String {
    let error = Migrations::from_dir(folder(files)).expect_err("it breaks rules");
    let Error::InvalidFolder { problems, .. } = &error else { panic!("{error:?}") };
    let told = format!("{error:?}");
    // One problem stands in the message itself, several are counted there; Debug has each in full.
    assert!(!error.to_string().contains('\n'));
    for problem in problems {
        assert!(told.contains(&problem.to_string()), "{told}");
    }
    told
}

const RECORD_1: &[u8] = b"BEGIN; INSERT INTO schema_migrations (version, name) VALUES ('001', 'a'); COMMIT;";

#[test]
fn a_good_folder_runs_as_the_embedded_one_does() {
    static EMBEDDED: Migrations = embed_migrations!();
    let files: Vec<_> = EMBEDDED.iter().map(|m| (m.file_name(), m.sql().as_bytes())).collect();
    let from_dir = Migrations::from_dir(folder(&files)).expect("it breaks no rule");
    assert_eq!(
        from_dir.iter().map(|m| (m.file_name(), m.sql())).collect::<Vec<_>>(),
        EMBEDDED.iter().map(|m| (m.file_name(), m.sql())).collect::<Vec<_>>()
    );
    let (mut one, mut two) = (memory(), memory());
    assert_eq!(versions(from_dir.run(&mut one).expect("all is well").applied()), ["000", "001", "002"]);
    EMBEDDED.run(&mut two).expect("all is well");
    assert_eq!(dump(&one), dump(&two));
    // Each takes up what the other has begun.
    let mut conn = memory();
    EMBEDDED.runner().target("001").run(&mut conn).expect("all is well");
    assert_eq!(from_dir.run(&mut conn).expect("all is well").applied().len(), 1);
    assert_eq!(EMBEDDED.run(&mut conn).expect("nothing pending").applied().len(), 0);
}

#[test]
fn the_order_of_the_entries_is_of_no_matter() {
    let second = "BEGIN; CREATE TABLE t (a); INSERT INTO schema_migrations (version, name) VALUES ('001', 'a'); COMMIT;";
    let third = "BEGIN; INSERT INTO t VALUES (1); INSERT INTO schema_migrations (version, name) VALUES ('002', 'b'); COMMIT;";
    let migrations = Migrations::from_dir(folder(&[
        ("002_b.sql", third.as_bytes()),
        ("000_create_schema_migrations.sql", FIRST.as_bytes()),
        ("README.md", b"what this folder is"),
        (".gitkeep", b""),
        ("001_a.sql", second.as_bytes()),
    ]))
    .expect("it breaks no rule");
    let mut conn = memory();
    migrations.run(&mut conn).expect("all is well");
    assert_eq!(recorded(&conn), ["000", "001", "002"]);
}

#[test]
fn a_folder_that_was_embedded_below_another_is_one_too() {
    // `Dir::get_dir` gives entries with the whole path.
    let files: &'static [DirEntry<'static>] = Box::leak(Box::new([DirEntry::File(include_dir::File::new(
        "db/migrations/000_create_schema_migrations.sql",
        FIRST.as_bytes(),
    ))]));
    let inner = DirEntry::Dir(Dir::new("db/migrations", files));
    let outer: &'static Dir<'static> = Box::leak(Box::new(Dir::new("db", Box::leak(Box::new([inner])))));
    let inner = outer.get_dir("db/migrations").expect("it is there");
    assert_eq!(Migrations::from_dir(inner).expect("it breaks no rule").len(), 1);
}

#[test]
fn crlf_and_a_byte_order_mark_are_normalised() {
    let windows = format!("\u{feff}{}", FIRST.replace('\n', "\r\n"));
    let migrations =
        Migrations::from_dir(folder(&[("000_create_schema_migrations.sql", windows.as_bytes())]))
            .expect("it breaks no rule");
    assert_eq!(migrations.latest().sql(), FIRST);
    let mut conn = memory();
    migrations.run(&mut conn).expect("all is well");
    let sql = shown(&conn, "SELECT sql FROM sqlite_master WHERE name = 'schema_migrations'").join("");
    assert!(sql.contains('\n') && !sql.contains('\r'), "{sql}");
}

#[test]
fn all_problems_come_at_once_and_sorted() {
    assert_snapshot!(
        problems(&[
            ("004-d.sql", b""),
            ("000_create_schema_migrations.sql", FIRST.as_bytes()),
            ("notes.txt", b"hello"),
            ("002_b.sql", b"BEGIN;\nSELECT ?;\nVACUUM;\nSAVEPOINT s;\n"),
            ("01_a.sql", RECORD_1),
            ("002_c.sql", b"\xff"),
            ("005_e.sql", b"BEGIN;\nSELECT 'open;\nCOMMIT;\n"),
            ("006_f.sql", b"CREATE TABLE t (a);\nBEGIN;\nPRAGMA foreign_keys = OFF;\nCOMMIT;\nDROP TABLE t;\n"),
        ]),
        @"
    the migrations folder has 12 problems
    migrations/002_b.sql:1:1: no COMMIT follows this BEGIN; a migration is BEGIN; its statements; a row for itself; COMMIT; [no-transaction]
      |
    1 | BEGIN;
      | ^^^^^
    migrations/002_b.sql:2:8: nothing binds ?, so SQLite would store NULL; write the value instead, a string in '…' [bind-parameter]
      |
    2 | SELECT ?;
      |        ^
    migrations/002_b.sql:3:1: a migration may not contain VACUUM: SQLite refuses it in a transaction; run it from the program, after the migrations [forbidden-statement]
      |
    3 | VACUUM;
      | ^^^^^^
    migrations/002_c.sql: line 1 is not UTF-8; a migration must be readable UTF-8 text [unreadable-file]
    migrations/004-d.sql: the name must be VERSION_name.sql: digits, then words of a-z and 0-9, joined by single _, as in 004_d.sql [bad-file-name]
    migrations/005_e.sql: version 003 is missing between 002_b.sql and 005_e.sql; the next file after 002_b.sql is 003_….sql [missing-version]
    migrations/005_e.sql:2:8: this string is never closed and hides the rest of the file; close it with a ' [bad-text]
      |
    2 | SELECT 'open;
      |        ^
    migrations/006_f.sql:1:1: a statement before BEGIN is outside the transaction; move it after BEGIN: only comments and PRAGMA foreign_keys / legacy_alter_table are accepted here [outside-transaction]
      |
    1 | CREATE TABLE t (a);
      | ^^^^^^
    migrations/006_f.sql:3:8: SQLite ignores this inside a transaction; write PRAGMA foreign_keys = OFF before BEGIN and PRAGMA foreign_keys = ON after COMMIT [ineffective-pragma]
      |
    3 | PRAGMA foreign_keys = OFF;
      |        ^^^^^^^^^^^^
    migrations/006_f.sql:5:1: a statement after COMMIT is outside the transaction; move it before COMMIT: only comments and PRAGMA foreign_keys / legacy_alter_table are accepted here [outside-transaction]
      |
    5 | DROP TABLE t;
      | ^^^^
    migrations/01_a.sql: the version must have 3 digits, as in 001_a.sql [wrong-width]
    migrations/notes.txt: not a migration, since its name does not end in .sql; rename it to VERSION_name.sql, or move it out of this folder [unexpected-entry]
    "
    );
}

#[test]
fn one_problem_stands_in_the_message() {
    let files = [("000_create_schema_migrations.sql", FIRST.as_bytes()), ("notes.txt", b"hello".as_slice())];
    let error = Migrations::from_dir(folder(&files)).expect_err("no migration");
    assert_snapshot!(error, @"the migrations folder has a problem: migrations/notes.txt: not a migration, since its name does not end in .sql; rename it to VERSION_name.sql, or move it out of this folder [unexpected-entry]");
}

#[test]
fn a_folder_with_nothing_in_it_is_a_problem() {
    assert_snapshot!(problems(&[]), @r"
    the migrations folder has a problem: migrations: there is no migration in this folder; the first one is 000_create_schema_migrations.sql [no-migrations]
    migrations: there is no migration in this folder; the first one is 000_create_schema_migrations.sql [no-migrations]
    ");
    assert_snapshot!(problems(&[("README.md", b"")]), @r"
    the migrations folder has a problem: migrations: there is no migration in this folder; the first one is 000_create_schema_migrations.sql [no-migrations]
    migrations: there is no migration in this folder; the first one is 000_create_schema_migrations.sql [no-migrations]
    ");
}

#[test]
fn a_folder_in_the_folder_is_a_problem() {
    let first = DirEntry::File(include_dir::File::new("000_create_schema_migrations.sql", FIRST.as_bytes()));
    let inner = DirEntry::Dir(Dir::new("old", &[]));
    let outer: &'static Dir<'static> = Box::leak(Box::new(Dir::new("", Box::leak(Box::new([first, inner])))));
    assert_snapshot!(format!("{:?}", Migrations::from_dir(outer).expect_err("a folder")), @r"
    the migrations folder has a problem: migrations/old: a folder; a migrations folder holds VERSION_name.sql files, and may hold dot-files and *.md [unexpected-entry]
    migrations/old: a folder; a migrations folder holds VERSION_name.sql files, and may hold dot-files and *.md [unexpected-entry]
    ");
}

#[test]
fn each_rule_that_needs_no_sqlite_is_applied() {
    for (files, expected) in [
        (vec![("001_a.sql", RECORD_1)], vec![(Rule::MissingBootstrap, "migrations/001_a.sql")]),
        (
            vec![("000_create_schema_migrations.sql", FIRST.as_bytes()), ("002_b.sql", RECORD_1)],
            vec![(Rule::MissingVersion, "migrations/002_b.sql")],
        ),
        (
            vec![
                ("000_create_schema_migrations.sql", FIRST.as_bytes()),
                ("001_b.sql", RECORD_1),
                ("001_a.sql", RECORD_1),
            ],
            vec![(Rule::DuplicateVersion, "migrations/001_b.sql")],
        ),
        (
            vec![
                ("000_create_schema_migrations.sql", FIRST.as_bytes()),
                ("001_a.sql", &b"BEGIN; SELECT 1; ROLLBACK;"[..]),
            ],
            vec![(Rule::NoTransaction, "migrations/001_a.sql")],
        ),
        (
            vec![
                ("000_create_schema_migrations.sql", FIRST.as_bytes()),
                ("001_a.sql", &b"BEGIN; SELECT 1;\0 COMMIT;"[..]),
            ],
            vec![(Rule::BadText, "migrations/001_a.sql")],
        ),
    ] {
        match Migrations::from_dir(folder(&files)) {
            Err(Error::InvalidFolder { problems, .. }) => {
                let found: Vec<_> =
                    problems.iter().map(|problem| (problem.rule, problem.file.as_str())).collect();
                assert_eq!(found, expected);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_error_in_the_sql_shows_at_run_time_with_its_place() {
    let text = "BEGIN;\nCREATE TABLE t (a);\n  -- a comment; with a semicolon\n  INSERT INTO t VALUES ('é', mising);\n\
                INSERT INTO schema_migrations (version, name) VALUES ('001', 'a');\nCOMMIT;\n";
    let migrations = Migrations::from_dir(folder(&[
        ("000_create_schema_migrations.sql", FIRST.as_bytes()),
        ("001_a.sql", text.replace('\n', "\r\n").as_bytes()),
    ]))
    .expect("it breaks no rule that needs no SQLite");
    let mut conn = memory();
    match migrations.run(&mut conn) {
        Err(Error::Failed { migration, place, statement, source, kept, .. }) => {
            assert_eq!((migration.file_name(), place.line, place.column), ("001_a.sql", 4, 30));
            assert_eq!(statement, "INSERT INTO t VALUES ('é', mising);");
            assert_eq!(reached(&kept), Some("000"));
            match *source {
                // Nothing rehearsed it, so nothing older can be told of.
                Cause::Sqlite { rehearsed_with, .. } => assert_eq!(rehearsed_with, None),
                other => panic!("{other:?}"),
            }
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(rows(&conn, "SELECT * FROM sqlite_master WHERE name = 't'").len(), 0);
}
