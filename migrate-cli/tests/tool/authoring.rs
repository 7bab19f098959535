//! `init`, `new`, `lock`: what is written, and what is left alone.

use insta::assert_snapshot;

use crate::package::Package;

#[test]
fn a_package_begins_with_three_things() {
    let package = Package::empty();
    assert_snapshot!(package.succeeds(&["init"]), @r#"
    written: migrations/000_create_schema_migrations.sql
    written: build.rs

    The dependency

        cargo add embed-migrations --features bundled

    The program

        use embed_migrations::{Migrations, embed_migrations};

        static MIGRATIONS: Migrations = embed_migrations!();

        MIGRATIONS.run(&mut conn)?; // a rusqlite::Connection, when the program starts

    The next migration

        cargo migrate new create users
    "#);
    assert_snapshot!(package.read("migrations/000_create_schema_migrations.sql"), @r"
    BEGIN;
    CREATE TABLE schema_migrations (
        version    TEXT PRIMARY KEY,
        name       TEXT NOT NULL,
        applied_at TEXT NOT NULL DEFAULT (datetime('now'))
    );
    INSERT INTO schema_migrations (version, name) VALUES ('000', 'create_schema_migrations');
    COMMIT;
    ");
    package.succeeds(&["check"]);

    let before = (package.read("build.rs"), package.read("migrations/000_create_schema_migrations.sql"));
    let again = package.succeeds(&["init"]);
    assert!(again.starts_with("migrations has migrations already: nothing written there\n"), "{again}");
    assert_eq!(
        before,
        (package.read("build.rs"), package.read("migrations/000_create_schema_migrations.sql"))
    );
}

#[test]
fn a_build_script_that_is_there_is_left_alone_and_the_line_is_told() {
    let package = Package::empty();
    package.embeds("\"db/migrations\"");
    package.write("build.rs", "fn main() { generate(); }\n");
    let told = package.succeeds(&["init"]);
    assert!(told.contains("Add this line to main in build.rs"), "{told}");
    assert!(told.contains("    println!(\"cargo::rerun-if-changed=db/migrations\");\n"), "{told}");
    assert!(told.contains("embed_migrations!(\"db/migrations\")"), "{told}");
    assert_eq!(package.read("build.rs"), "fn main() { generate(); }\n");
    assert_eq!(package.names("db/migrations"), ["000_create_schema_migrations.sql"]);
}

#[test]
fn a_new_file_holds_all_that_is_always_the_same() {
    let package = Package::with(&[("001_create_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY);")]);
    let ran = package.run(&["new", "add", "bio", "to", "users"]);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("migrations/002_add_bio_to_users.sql\n", ""));
    assert_snapshot!(package.read("migrations/002_add_bio_to_users.sql"), @r"
    BEGIN;
    -- Write the change here.
    INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_bio_to_users');
    COMMIT;
    ");
    package.succeeds(&["check"]);
}

#[test]
fn a_name_is_made_into_a_proper_one_and_told() {
    let package = Package::with(&[]);
    for (words, name) in [
        ("Größe der Häuser", "001_groesse_der_haeuser.sql"),
        ("  AddUsers -- twice ", "002_add_users_twice.sql"),
        ("2fa/codes", "003_2fa_codes.sql"),
        ("日本", "004_describe_the_change.sql"),
    ] {
        let ran = package.run(&["new", words]);
        assert_eq!(ran.out, format!("migrations/{name}\n"));
        assert!(ran.err.contains(&format!("`{words}` becomes ")), "{ran:?}");
    }
    package.succeeds(&["check"]);
}

#[test]
fn width_and_table_are_those_of_the_folder() {
    let package = Package::empty();
    package.write(
        "migrations/00_create_jobs_migrations.sql",
        "BEGIN; CREATE TABLE \"jobs migrations\" (version TEXT PRIMARY KEY, name TEXT NOT NULL);\n\
         INSERT INTO \"jobs migrations\" VALUES ('00', 'create_jobs_migrations'); COMMIT;",
    );
    package.succeeds(&["new", "first"]);
    assert!(
        package.read("migrations/01_first.sql").contains("INSERT INTO \"jobs migrations\" (version, name)")
    );
    package.succeeds(&["check"]);
}

#[test]
fn several_at_once_take_one_number_each() {
    let package = Package::with(&[]);
    let children: Vec<_> = (0..8)
        .map(|number| {
            let mut command = package.command(&["new", "number", &number.to_string()]);
            command.stdout(std::process::Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut child in children {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    let names = package.names("migrations");
    let versions: Vec<_> = names.iter().map(|name| &name[..3]).collect();
    assert_eq!(versions, ["000", "001", "002", "003", "004", "005", "006", "007", "008"]);
    package.succeeds(&["check"]);
}

#[test]
fn a_file_without_a_folder_says_how_to_begin() {
    let package = Package::empty();
    assert!(package.fails(&["new", "x"]).contains("`cargo migrate init` creates the folder"));
    package.write("migrations/README.md", "");
    assert_snapshot!(package.fails(&["new", "x"]), @"error: migrations holds no migration yet; `cargo migrate init` writes the first one");
}

#[test]
fn a_lock_lists_what_ships_and_is_followed_by_new() {
    let package = Package::with(&[
        ("001_create_users.sql", "-- a comment\nCREATE TABLE users (id INTEGER PRIMARY KEY);"),
        ("002_add_bio.sql", "ALTER TABLE users ADD COLUMN bio TEXT;"),
    ]);
    assert_snapshot!(package.finds(&["check", "--locked"]), @r"
    error[not-locked]: there is no lock; `cargo migrate lock` writes one, which lists the files that ship
    --> migrations/migrations.lock

    1 problem: 3 migrations in migrations
    ");
    assert_snapshot!(package.succeeds(&["lock", "--to", "1"]), @r"
    written: migrations/migrations.lock
      head: 002_add_bio.sql
      000_create_schema_migrations.sql
      001_create_users.sql
    ");
    assert_snapshot!(package.finds(&["check", "--locked"]), @r"
    error[not-locked]: the file is not in migrations.lock; `cargo migrate lock` adds it
    --> migrations/002_add_bio.sql:1:1

    1 problem: 3 migrations in migrations
    ");
    assert_snapshot!(package.succeeds(&["lock"]), @r"
    written: migrations/migrations.lock
      002_add_bio.sql
    ");
    package.succeeds(&["check", "--locked"]);
    assert_eq!(package.succeeds(&["lock"]), "migrations/migrations.lock is up to date\n");

    package.write(
        "migrations/migrations.lock",
        &format!("# what has shipped\n{}", package.read("migrations/migrations.lock")),
    );
    package.succeeds(&["new", "next"]);
    let lock = package.read("migrations/migrations.lock");
    assert!(lock.starts_with("# what has shipped\nhead: 003_next.sql\n"), "{lock}");
    assert_eq!(lock.lines().count(), 5);

    // A file that was written by hand goes past the head.
    package.migration("004_by_hand.sql", "SELECT 1;");
    let found = package.finds(&["check", "--locked"]);
    assert!(found.contains("the newest file is 004_by_hand.sql, and not 003_next.sql"), "{found}");
}

#[test]
fn a_changed_file_is_refused_and_taken_only_on_purpose() {
    let package = Package::with(&[("001_create_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY);")]);
    package.succeeds(&["lock"]);
    let lock = package.read("migrations/migrations.lock");
    package
        .migration("001_create_users.sql", "-- only a comment\nCREATE TABLE users (id INTEGER PRIMARY KEY);");
    package.succeeds(&["check", "--locked"]);
    package.migration("001_create_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);");
    for arguments in [&["check"][..], &["lock"]] {
        let found = package.finds(arguments);
        assert!(found.contains("error[locked-file-changed]: the file is shipped"), "{found}");
    }
    assert_eq!(package.read("migrations/migrations.lock"), lock);
    package.succeeds(&["lock", "--rewrite", "migrations/001_create_users.sql"]);
    assert_ne!(package.read("migrations/migrations.lock"), lock);
    package.succeeds(&["check", "--locked"]);
    assert!(package.fails(&["lock", "--rewrite", "x.sql"]).contains("there is no migration x.sql"));
    assert!(package.fails(&["lock", "--to", "7"]).contains("there is no version 7"));
}

#[test]
fn nothing_is_locked_that_does_not_pass() {
    let package = Package::with(&[
        ("001_create_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY);"),
        ("002_add_name.sql", "ALTER TABLE users ADD COLUMN name TEXT NOT NULL;"),
    ]);
    assert!(package.finds(&["lock"]).contains("[fails-with-rows]"));
    assert!(!package.path("migrations/migrations.lock").exists());
}

#[test]
fn a_set_that_is_compatible_says_so_in_its_lock() {
    let package = Package::with(&[]);
    package.embeds("compatible = true");
    package.succeeds(&["lock"]);
    assert!(package.read("migrations/migrations.lock").contains("\ncompatible\n"));
    package.embeds("");
    assert!(package.finds(&["check"]).contains("[wrong-floor]"));
}

#[test]
fn versions_may_be_the_time_of_writing() {
    let package = Package::empty();
    package.succeeds(&["init", "--timestamps"]);
    let first = package.succeeds(&["new", "create", "users"]);
    let second = package.succeeds(&["new", "add", "bio"]);
    let version = |printed: &str| -> u64 {
        let name = printed.trim().trim_start_matches("migrations/");
        assert_eq!(name.find('_'), Some(14), "{printed}");
        name[..14].parse().unwrap()
    };
    let (first, second) = (version(&first), version(&second));
    assert!(20_260_000_000_000 < first && first < second, "{first} {second}");
    package.succeeds(&["lock"]);
    // From a branch that was merged late: only this file moves.
    package.migration("20200101000000_late.sql", "CREATE TABLE late (a);");
    assert!(package.finds(&["check"]).contains("late-version"));
    let later = format!("{:014}_later.sql", second + 10_000_000_000);
    package.migration(&later, "CREATE TABLE later (a);");
    package.succeeds(&["renumber"]);
    let names = package.names("migrations");
    assert!(names.contains(&later) && !names.iter().any(|name| name.starts_with("2020")), "{names:?}");
    package.succeeds(&["check"]);
}
