//! `check --on`: pending files on a copy of a real database, which stays as it is.

use std::fs;

use insta::assert_snapshot;
use rusqlite::Connection;

use crate::package::Package;

/// A database at 001 with three users and two posts, and files after it.
fn shop(migrations: &[(&str, &str)]) -> Package {
    let users = (
        "001_create_all.sql",
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT);\n\
         CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users ON DELETE CASCADE);",
    );
    let package = Package::with(&[users]);
    package.succeeds(&["up", "-d", "app.db"]);
    open(&package)
        .execute_batch(
            "INSERT INTO users (id, name, email) VALUES (1, 'Ann', 'a@x'), (2, 'Bob', 'a@x'), (3, NULL, 'c@x');\n\
             INSERT INTO posts (user_id) VALUES (1), (2)",
        )
        .unwrap();
    for (name, body) in migrations {
        package.migration(name, body);
    }
    package
}

fn open(package: &Package) -> Connection {
    Connection::open(package.path("app.db")).unwrap()
}

/// Without what differs from run to run.
fn untimed(text: &str) -> String {
    let line = |line: &str| match (line.find("  ").filter(|_| line.contains(" ms,")), line.find(" ms,")) {
        (Some(_), Some(end)) => {
            let start = line[..end].rfind(' ').unwrap();
            format!("{} N{}\n", &line[..start], &line[end..])
        }
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[test]
fn what_pending_files_do_to_real_rows_is_told_file_by_file() {
    let package = shop(&[
        ("002_add_bio.sql", "ALTER TABLE users ADD COLUMN bio TEXT;"),
        (
            "003_log.sql",
            "CREATE TABLE log (a);\nINSERT INTO log SELECT name FROM users;\nDELETE FROM posts WHERE user_id = 2;",
        ),
    ]);
    for mode in ["DELETE", "WAL"] {
        open(&package).pragma_update(None, "journal_mode", mode).unwrap();
        let state = || {
            let path = package.path("app.db");
            (fs::metadata(&path).unwrap().modified().unwrap(), fs::read(path).unwrap())
        };
        let before = state();
        std::thread::sleep(std::time::Duration::from_millis(20));
        let out = package.succeeds(&["check", "--on", "sqlite:app.db"]);
        insta::allow_duplicates! {
            assert_snapshot!(untimed(&out), @r"
            on a copy of sqlite:app.db: 2 pending files
              002_add_bio.sql  N ms, 20.00 KiB -> 20.00 KiB
              003_log.sql  N ms, 20.00 KiB -> 24.00 KiB
                log: new, 3 rows
                posts: 2 -> 1 rows
            fine: 4 migrations in migrations
            ");
        }
        assert!(state() == before, "{mode}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&package.succeeds(&["check", "--on", "app.db", "--format", "json"])).unwrap();
    let file = &json["on"]["files"][1];
    assert_eq!(file["file"], "003_log.sql");
    assert_eq!(file["rows"][1], serde_json::json!({ "table": "posts", "before": 2, "after": 1 }));
    assert!(file["seconds"].as_f64().unwrap() > 0.0 && file["bytes"]["after"].as_i64().unwrap() > 20_000);
}

/// The rehearsal's rows do not agree as these do, and shipped files are not judged by it at all.
#[test]
fn a_hazard_that_happens_to_these_rows_is_found() {
    let package = shop(&[(
        "002_distinct.sql",
        "-- migrate: allow(loses-rows): never\n\
         CREATE TABLE users_new (id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE);\n\
         INSERT INTO users_new SELECT id, name, email FROM users GROUP BY email;\n\
         DROP TABLE users;\nALTER TABLE users_new RENAME TO users;",
    )]);
    let text = package.read("migrations/002_distinct.sql");
    package.write("migrations/002_distinct.sql", &text.replace("-- migrate: allow(loses-rows): never\n", ""));
    package.write("migrations/migrations.lock", &format!("{}  002_distinct.sql\n", "0".repeat(64)));
    assert!(package.run(&["lock", "--rewrite", "002_distinct.sql"]).code == Some(0));
    let found = package.finds(&["check", "--on", "app.db"]);
    assert!(
        found.contains("error[loses-rows]: users is rebuilt, and 2 of its 3 rows come out of it"),
        "{found}"
    );
    assert!(found.contains("error[deletes-child-rows]"), "{found}");
    assert!(found.contains("users: 3 -> 2 rows") && found.contains("posts: 2 -> 0 rows"), "{found}");
}

#[test]
fn a_file_that_fails_on_these_rows_ends_the_trial() {
    let package = shop(&[
        ("002_a.sql", "CREATE TABLE a (b);"),
        (
            "003_unique.sql",
            "-- migrate: allow(fails-with-duplicates): no two people share one\nCREATE UNIQUE INDEX one ON users (email);",
        ),
        ("004_c.sql", "CREATE TABLE c (d);"),
    ]);
    let ran = package.run(&["check", "--on", "app.db"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_snapshot!(untimed(&ran.out), @r"
    error[fails-with-rows]: UNIQUE constraint failed: users.email, on the rows of this database
     --> migrations/003_unique.sql:3:35
      |
    3 | CREATE UNIQUE INDEX one ON users (email);
      |                                   ^^^^^

    on a copy of app.db: 2 pending files
      002_a.sql  N ms, 20.00 KiB -> 24.00 KiB
        a: new, 0 rows
      003_unique.sql  failed: UNIQUE constraint failed: users.email, 24.00 KiB -> 24.00 KiB
    1 problem: 5 migrations in migrations; more about one: cargo migrate explain fails-with-rows
    ");
    // The table of the second has not come into being in the original.
    assert!(open(&package).prepare("SELECT * FROM a").is_err());
}

#[test]
fn what_only_the_program_can_run_ends_the_trial_and_other_databases_are_told() {
    let package = shop(&[
        ("002_a.sql", "CREATE TABLE a (b);"),
        ("003_fold.sql", "UPDATE users SET name = fold(name);"),
    ]);
    package.embeds("functions = [\"fold/1\"]");
    let out = package.succeeds(&["check", "--on", "app.db"]);
    assert!(
        out.contains("not tried from here on: migrations/003_fold.sql:2:25: the file calls `fold`"),
        "{out}"
    );
    assert!(package.fails(&["check", "--on", "nowhere.db"]).contains("there is no such file"));
    package.write("text.db", &"this is no database ".repeat(100));
    assert!(package.fails(&["check", "--on", "text.db"]).contains("not a database"));
    open(&package).execute("UPDATE schema_migrations SET name = 'x' WHERE version = '001'", []).unwrap();
    assert_eq!(package.run(&["check", "--on", "app.db"]).code, Some(4));
    package.migration("002_a.sql", "CREATE TABLE");
    assert!(package.finds(&["check", "--on", "app.db"]).contains("[sql-error]"));
}
