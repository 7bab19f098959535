//! Two branches that each add a file: real repositories, and a real `git merge`.

use std::process::Command;

use insta::assert_snapshot;

use crate::package::Package;

fn git(package: &Package, arguments: &[&str]) -> (bool, String) {
    let output = Command::new("git")
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(package.path(""))
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[track_caller]
fn done(package: &Package, arguments: &[&str]) {
    let (success, said) = git(package, arguments);
    assert!(success, "{arguments:?}: {said}");
}

/// A repository in which `main` and `other` have each added a file by `new`, with the same number.
fn repository() -> Package {
    let package = Package::with(&[("001_create_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY);")]);
    package.succeeds(&["lock"]);
    done(&package, &["init", "-q"]);
    done(&package, &["add", "."]);
    done(&package, &["commit", "-qm", "released"]);
    for (branch, words, column) in [("other", "add name", "name"), ("main", "add bio", "bio")] {
        let checkout: &[&str] = if branch == "main" { &["checkout", "-q"] } else { &["checkout", "-qb"] };
        done(&package, &[checkout, &[branch]].concat());
        package.succeeds(&["new", words]);
        let file = format!("migrations/002_{}.sql", words.replace(' ', "_"));
        let text = package.read(&file);
        package.write(
            &file,
            &text.replace(
                "-- Write the change here.",
                &format!("ALTER TABLE users ADD COLUMN {column} TEXT;"),
            ),
        );
        package.write(
            &format!("migrations/tests/{}", file.trim_start_matches("migrations/").replace(".sql", "_is_empty.sql")),
            &format!(
                "-- migrate: given\nINSERT INTO users (id) VALUES (1);\n-- migrate: expect\nSELECT {column} IS NULL FROM users;\n"
            ),
        );
        done(&package, &["add", "."]);
        done(&package, &["commit", "-qm", words]);
    }
    package
}

#[test]
fn two_branches_that_each_add_a_file_conflict_in_the_lock_and_are_renumbered() {
    let package = repository();
    let (merged, said) = git(&package, &["merge", "other"]);
    assert!(
        !merged && said.contains("CONFLICT (content): Merge conflict in migrations/migrations.lock"),
        "{said}"
    );
    assert_eq!(git(&package, &["diff", "--name-only", "--diff-filter=U"]).1, "migrations/migrations.lock\n");

    assert!(package.finds(&["check"]).contains("[duplicate-version]"));
    assert!(package.fails(&["new", "x"]).contains("`cargo migrate renumber` resolves them"));
    assert_snapshot!(package.succeeds(&["renumber"]), @r"
    migrations/002_add_name.sql -> 003_add_name.sql
    migrations/tests/002_add_name_is_empty.sql -> 003_add_name_is_empty.sql
    migrations/migrations.lock: head: 003_add_name.sql
    ");
    assert_snapshot!(package.read("migrations/003_add_name.sql"), @r"
    BEGIN;
    ALTER TABLE users ADD COLUMN name TEXT;
    INSERT INTO schema_migrations (version, name) VALUES ('003', 'add_name');
    COMMIT;
    ");
    assert_eq!(package.read("migrations/migrations.lock").lines().count(), 3);
    package.succeeds(&["check"]);
    done(&package, &["add", "-A"]);
    done(&package, &["commit", "-qm", "merged"]);
    package.succeeds(&["lock"]);
    package.succeeds(&["check", "--locked"]);
    assert_eq!(package.succeeds(&["renumber"]), "every number is there once: nothing to do\n");
}

#[test]
fn the_one_that_moves_can_be_named() {
    let package = repository();
    git(&package, &["merge", "other"]);
    package.succeeds(&["renumber", "migrations/002_add_bio.sql"]);
    assert_eq!(
        package.names("migrations")[2..],
        ["002_add_name.sql", "003_add_bio.sql", "migrations.lock", "tests"]
    );
    assert_eq!(package.names("migrations/tests"), ["002_add_name_is_empty.sql", "003_add_bio_is_empty.sql"]);
    package.succeeds(&["check"]);
    assert!(
        package.fails(&["renumber", "001_create_users.sql"]).contains("it has shipped, and keeps its number")
    );
}

#[test]
fn a_conflict_that_was_resolved_wrongly_is_told() {
    let package = repository();
    git(&package, &["merge", "other"]);
    let lock = package.read("migrations/migrations.lock");
    let hashes: String =
        lock.lines().filter(|line| line.contains("  0")).map(|line| format!("{line}\n")).collect();
    // The markers are left in.
    assert!(package.finds(&["check"]).contains("a line here is `head: FILE`"));
    // One head is taken, and both files keep their number.
    package.write("migrations/migrations.lock", &format!("head: 002_add_bio.sql\n{hashes}"));
    let found = package.finds(&["check", "--locked"]);
    assert!(found.contains("[duplicate-version]"), "{found}");
    assert!(found.contains("the newest file is 002_add_name.sql, and not 002_add_bio.sql"), "{found}");
    // The file is renamed, and neither its record nor the head.
    std::fs::rename(package.path("migrations/002_add_name.sql"), package.path("migrations/003_add_name.sql"))
        .unwrap();
    std::fs::remove_dir_all(package.path("migrations/tests")).unwrap();
    assert_snapshot!(package.finds(&["check", "--locked"]), @r"
    error[wrong-record]: the file records ('002', 'add_name'), but its own name says ('003', 'add_name')
     --> migrations/003_add_name.sql:3:55
      |
    3 | INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_name');
      |                                                       ^^^^^

    error[not-locked]: the newest file is 003_add_name.sql, and not 002_add_bio.sql; `cargo migrate lock` writes it
     --> migrations/migrations.lock:1:7
      |
    1 | head: 002_add_bio.sql
      |       ^^^^^^^^^^^^^^^

    error[not-locked]: the file is not in migrations.lock; `cargo migrate lock` adds it
    --> migrations/002_add_bio.sql:1:1

    error[not-locked]: the file is not in migrations.lock; `cargo migrate lock` adds it
    --> migrations/003_add_name.sql:1:1

    4 problems: 4 migrations in migrations; more about one: cargo migrate explain wrong-record
    ");
    // Both are as they should be, but for the head.
    package.migration("003_add_name.sql", "ALTER TABLE users ADD COLUMN name TEXT;");
    package.succeeds(&["check"]);
    let found = package.finds(&["check", "--locked"]);
    assert!(found.contains("the newest file is 003_add_name.sql, and not 002_add_bio.sql"), "{found}");
    package.succeeds(&["lock"]);
    package.succeeds(&["check", "--locked"]);
}

#[test]
fn several_files_move_one_place_on_and_gaps_close() {
    let package = Package::with(&[
        ("001_create_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY);"),
        ("001_create_posts.sql", "CREATE TABLE posts (id INTEGER PRIMARY KEY);"),
        ("002_add_name.sql", "ALTER TABLE users ADD COLUMN name TEXT;"),
        ("005_add_body.sql", "ALTER TABLE posts ADD COLUMN body TEXT;"),
    ]);
    // Bytes that are not about the record stay as they are.
    let text = package.read("migrations/002_add_name.sql");
    package.write("migrations/002_add_name.sql", &format!("\u{feff}{}", text.replace('\n', "\r\n")));
    package.write(
        "migrations/tests/002_names.sql",
        "-- migrate: given\n-- migrate: expect\nSELECT count(*) = 0 FROM users;\n",
    );
    package.write("migrations/tests/001_unclear.sql", "-- migrate: given\n-- migrate: expect\nSELECT count(*) = 1 FROM sqlite_master WHERE name = 'posts';\n");
    let ran = package.run(&["renumber"]);
    assert_snapshot!(ran.out, @r"
    migrations/005_add_body.sql -> 004_add_body.sql
    migrations/002_add_name.sql -> 003_add_name.sql
    migrations/001_create_users.sql -> 002_create_users.sql
    migrations/tests/002_names.sql -> 003_names.sql
    ");
    assert_snapshot!(ran.err, @"migrations/tests/001_unclear.sql stays; if it tests a file that has moved, give it that file's number");
    let moved = package.read("migrations/003_add_name.sql");
    assert_eq!(moved, format!("\u{feff}{}", text.replace("'002'", "'003'").replace('\n', "\r\n")));
    package.succeeds(&["check"]);
}

#[test]
fn a_floor_moves_with_its_file() {
    let package = Package::with(&[(
        "001_create_users.sql",
        "CREATE TABLE users (id INTEGER PRIMARY KEY, a TEXT);\nPRAGMA user_version = 1;",
    )]);
    package.embeds("compatible = true");
    package.succeeds(&["lock"]);
    package.migration("002_add_b.sql", "ALTER TABLE users ADD COLUMN b TEXT;");
    package.migration("002_a_drops_a.sql", "ALTER TABLE users DROP COLUMN a;\nPRAGMA user_version = 2;");
    package.succeeds(&["renumber", "002_a_drops_a.sql"]);
    assert!(package.read("migrations/003_a_drops_a.sql").contains("PRAGMA user_version = 3;"));
    package.succeeds(&["check"]);
}
