//! `import`: the real conventions of other tools. What sqlx, diesel and refinery have made of a database by their own command
//! lines stands beside their files, and is what ours have to make.

use std::fs;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use rusqlite::Connection;

use crate::package::Package;
use crate::schema::everything;

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import").join(path)
}

/// Imports a fixture into an empty package, where the result has to pass and to run.
fn import(from: &str, path: &str) -> (Package, String) {
    let package = Package::empty();
    let path = fixture(path);
    let said = package.succeeds(&["import", "--from", from, path.to_str().unwrap()]);
    package.succeeds(&["check"]);
    package.succeeds(&["check", "--locked"]);
    package.succeeds(&["up", "-d", "app.db"]);
    (package, untold(&said))
}

/// Without the versions that the clock has made.
fn untold(said: &str) -> String {
    let lines = said.lines().map(|line| line.trim_end().to_owned() + "\n");
    lines.collect()
}

/// What is in the database, the tracking table apart, against what the tool itself has made.
fn made_the_same(package: &Package, tool: &str) {
    let conn = Connection::open(package.path("app.db")).unwrap();
    let mut ours = everything(&conn);
    ours.retain(|(_, _, table, _)| table != "schema_migrations");
    let theirs: Vec<serde_json::Value> =
        serde_json::from_str(&fs::read_to_string(fixture(&format!("{tool}/schema.json"))).unwrap()).unwrap();
    let text = |row: &serde_json::Value, field: &str| row[field].as_str().unwrap().to_owned();
    let theirs: Vec<_> = theirs
        .iter()
        .map(|row| {
            (
                text(row, "type"),
                text(row, "name"),
                text(row, "tbl_name"),
                row["sql"].as_str().map(str::to_owned),
            )
        })
        .collect();
    assert!(theirs.len() >= 2);
    assert_eq!(ours, theirs, "{tool}");
}

/// Takes over the database that the tool itself has made of these files: nothing is left to do, and nothing is lost.
fn takes_over(package: &Package, tool: &str, own_table: &str) {
    let dump = fs::read_to_string(fixture(&format!("{tool}/database.sql"))).unwrap();
    let conn = Connection::open(package.path("theirs.db")).unwrap();
    conn.execute_batch(&dump).unwrap();
    let count = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let theirs = count(&format!("SELECT count(*) FROM {own_table}"));
    let names = package.names("migrations");
    let last = names.iter().rfind(|name| name.ends_with(".sql")).unwrap().split('_').next().unwrap();
    let ran = package.run(&["baseline", last, "-d", "theirs.db"]);
    assert_eq!((ran.code, ran.out), (Some(0), format!("theirs.db is at version {last}\n")), "{}", ran.err);
    assert!(ran.err.contains(&format!("left out: {own_table}")), "{}", ran.err);
    package.succeeds(&["status", "-d", "theirs.db"]);
    package.succeeds(&["verify", "-d", "theirs.db"]);
    assert_eq!(package.succeeds(&["up", "-d", "theirs.db"]), "theirs.db is up to date: 0 applied\n");
    // Both say that as many are applied; ours has the file besides that makes its table.
    assert_eq!(count("SELECT count(*) FROM schema_migrations"), theirs + 1);
}

#[test]
fn sqlx_with_pairs_and_without_a_transaction() {
    let (package, said) = import("sqlx", "sqlx/migrations");
    made_the_same(&package, "sqlx");
    takes_over(&package, "sqlx", "_sqlx_migrations");
    assert_snapshot!(said, @r"
    3 files of theirs
      0001_create_users.up.sql -> 0001_create_users.sql
      0002_create-index.up.sql -> 0002_create_index.sql
      0003_rebuild_users.up.sql -> 0003_rebuild_users.sql
      0001_create_users.down.sql is set aside: there is no way back; write the next file instead
      0002_create-index.down.sql is set aside: there is no way back; write the next file instead
      0003_rebuild_users.down.sql is set aside: there is no way back; write the next file instead
    their versions are kept; the tracking table is schema_migrations
    one schema: theirs and ours make the same 2 objects
    written: migrations, 4 files and migrations.lock
    to take over a database of theirs: cargo migrate baseline 0003 --database FILE
    ");
    assert_snapshot!(package.read("migrations/0003_rebuild_users.sql"), @r"
    PRAGMA foreign_keys = OFF;
    BEGIN;
    CREATE TABLE users_new (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL COLLATE NOCASE UNIQUE);
    INSERT INTO users_new (id, email) SELECT id, email FROM users;
    DROP TABLE users;
    ALTER TABLE users_new RENAME TO users;
    INSERT INTO schema_migrations (version, name) VALUES ('0003', 'rebuild_users');
    COMMIT;
    PRAGMA foreign_keys = ON;
    ");
    assert!(
        package
            .read("migrations/0002_create_index.sql")
            .contains("ON posts (user_id);\nINSERT INTO schema_migrations")
    );
    assert!(package.read("migrations/0001_create_users.sql").contains("-- handed out once"));
}

#[test]
fn diesel_with_folders() {
    let (package, said) = import("diesel", "diesel/migrations");
    made_the_same(&package, "diesel");
    takes_over(&package, "diesel", "__diesel_schema_migrations");
    assert!(said.contains("add_bio/up.sql -> "), "{said}");
    assert!(said.contains("metadata.toml has it run without a transaction"), "{said}");
    assert!(said.contains("down.sql is set aside"), "{said}");
    let names = package.names("migrations");
    assert!(names[1].ends_with("_create_users.sql") && names[2].ends_with("_add_bio.sql"), "{names:?}");
}

#[test]
fn refinery_in_order_of_the_number() {
    let (package, said) = import("refinery", "refinery/migrations");
    made_the_same(&package, "refinery");
    takes_over(&package, "refinery", "refinery_schema_history");
    assert_snapshot!(said, @r"
    4 files of theirs
      V1__initial.sql -> 001_initial.sql
      V2__add_cars_and_motos.sql -> 002_add_cars_and_motos.sql
      later/V3__rename_column.sql -> 003_rename_column.sql
      later/U4__add_view.sql -> 004_add_view.sql
        it was allowed to come late (U); here the order of the numbers holds
    their versions are kept; the tracking table is schema_migrations
    one schema: theirs and ours make the same 4 objects
    written: migrations, 5 files and migrations.lock
    to take over a database of theirs: cargo migrate baseline 004 --database FILE
    ");
}

#[test]
fn rusqlite_migration_from_folders_and_from_rust() {
    let (package, said) = import("rusqlite_migration", "rusqlite_migration/migrations");
    assert!(said.contains("01-create_friend/up.sql -> 001_create_friend.sql"), "{said}");
    assert_eq!(package.names("migrations")[2], "002_add_birthday.sql");
    let (package, said) = import("rusqlite_migration", "rusqlite_migration/src/migrations.rs");
    assert_snapshot!(said, @r"
    3 files of theirs
      migrations.rs:9 -> 001_who_we_know.sql
      migrations.rs:16 -> 002_alter_table_friend.sql
        its way back is set aside; write the next file instead
      migrations.rs:17 -> 003_car.sql
    their versions are kept; the tracking table is schema_migrations
    one schema: theirs and ours make the same 2 objects
    written: migrations, 4 files and migrations.lock
    to take over a database of theirs: cargo migrate baseline 003 --database FILE
    ");
    assert!(package.read("migrations/001_who_we_know.sql").contains("-- M::up(\"in a comment\")"));
}

#[test]
fn goose_by_its_sections() {
    let (package, said) = import("goose", "goose/migrations");
    assert_snapshot!(said, @r"
    2 files of theirs
      00001_create_users.sql -> 00001_create_users.sql
        its way back is set aside; write the next file instead
      00002_set_mode.sql -> 00002_set_mode.sql
        its way back is set aside; write the next file instead
        line 3 is left out: PRAGMA journal_mode = WAL: it has no effect in a transaction, or outlives it; set it when the program opens the database
        line 5 is left out: VACUUM: SQLite cannot do it in a transaction; run it after the migrations
      00003_seed.go is set aside: it is Go; write what it does as SQL first
    their versions are kept; the tracking table is schema_migrations
    one schema: theirs and ours make the same 2 objects
    written: migrations, 3 files and migrations.lock
    to take over a database of theirs: cargo migrate baseline 00002 --database FILE
    ");
    assert_snapshot!(package.read("migrations/00001_create_users.sql"), @r"
    BEGIN;
    CREATE TABLE users (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL -- as it is printed
    );

    CREATE TRIGGER no_nameless BEFORE INSERT ON users WHEN new.name = ''
    BEGIN
        SELECT RAISE(ABORT, 'a user needs a name');
    END;
    INSERT INTO schema_migrations (version, name) VALUES ('00001', 'create_users');
    COMMIT;
    ");
    assert!(!package.read("migrations/00002_set_mode.sql").contains("VACUUM"));
}

#[test]
fn what_stands_in_no_section_is_told() {
    let package = Package::empty();
    package.write("old/1_a.sql", "CREATE TABLE before (a);\n-- +goose Up\nCREATE TABLE a (b);\n");
    package.write("old/2_b.sql", "CREATE TABLE nowhere (a);\n");
    let said = package.succeeds(&["import", "--from", "goose", "old"]);
    assert_snapshot!(said, @r"
    2 files of theirs
      1_a.sql -> 001_a.sql
        what stands before its first section is left out, as their tool leaves it
      2_b.sql -> 002_b.sql
        what stands before its first section is left out, as their tool leaves it
        there is nothing left in it
    their versions are kept; the tracking table is schema_migrations
    one schema: theirs and ours make the same 1 object
    written: migrations, 3 files and migrations.lock
    to take over a database of theirs: cargo migrate baseline 002 --database FILE
    ");
}

#[test]
fn dbmate_by_its_sections_and_beside_its_table() {
    let (package, said) = import("dbmate", "dbmate/migrations");
    assert_snapshot!(said, @r"
    2 files of theirs
      20240102030405_create_users.sql -> 20240102030405_create_users.sql
        its way back is set aside; write the next file instead
      20240203040506_rebuild_users.sql -> 20240203040506_rebuild_users.sql
        its way back is set aside; write the next file instead
    their versions are kept; the tracking table is embedded_migrations
    one schema: theirs and ours make the same 1 object
    written: migrations, 3 files and migrations.lock
    to take over a database of theirs: cargo migrate baseline 20240203040506 --database FILE
    ");
    let names = package.names("migrations");
    assert!(names[0].ends_with("_create_embedded_migrations.sql"), "{names:?}");
    let rebuild = package.read(&format!("migrations/{}", names[2]));
    assert!(rebuild.starts_with("PRAGMA foreign_keys = OFF;\nBEGIN;\nCREATE TABLE new_users"), "{rebuild}");
}

#[test]
fn drizzle_by_its_journal() {
    let (package, said) = import("drizzle", "drizzle/migrations");
    assert_snapshot!(said, @r"
    2 files of theirs
      0000_cold_spirit.sql -> 001_cold_spirit.sql
      0001_wide_mongoose.sql -> 002_wide_mongoose.sql
    their versions are counted anew; the tracking table is schema_migrations
    one schema: theirs and ours make the same 1 object
    written: migrations, 3 files and migrations.lock
    to take over a database of theirs: cargo migrate baseline 002 --database FILE
    ");
    let text = package.read("migrations/002_wide_mongoose.sql");
    assert!(!text.contains("statement-breakpoint"), "{text}");
    assert!(
        text.contains("(`email`); -- as before\n")
            && text.starts_with("PRAGMA foreign_keys = OFF;\nBEGIN;\n"),
        "{text}"
    );
}

#[test]
fn plain_files_by_their_numbers() {
    let (package, said) = import("plain", "plain/migrations");
    assert_snapshot!(said, @r"
    3 files of theirs
      1-schema.sql -> 001_schema.sql
      2-Add Titles.sql -> 002_add_titles.sql
      10-search.sql -> 003_search.sql
      notes.txt is set aside: it is not an SQL file
    their versions are counted anew; the tracking table is schema_migrations
    one schema: theirs and ours make the same 2 objects
    written: migrations, 4 files and migrations.lock
    to take over a database of theirs: cargo migrate baseline 003 --database FILE
    ");
    assert_eq!(package.names("migrations")[1..4], ["001_schema.sql", "002_add_titles.sql", "003_search.sql"]);
    assert!(package.read("migrations/003_search.sql").contains("/* found by its words */\n"));
}

#[test]
fn line_breaks_and_versions_without_a_gap_are_kept() {
    let package = Package::empty();
    package.write("old/0001_a.sql", "\u{feff}-- a\r\nCREATE TABLE a (\r\n  b -- c\r\n)\r\n");
    package.write("old/0002_B b.sql", "CREATE TABLE d (e);");
    let said = package.succeeds(&["import", "--from", "plain", "old"]);
    assert!(said.contains("their versions are kept"), "{said}");
    assert_eq!(
        package.read("migrations/0001_a.sql"),
        "BEGIN;\r\n-- a\r\nCREATE TABLE a (\r\n  b -- c\r\n);\r\nINSERT INTO schema_migrations (version, name) VALUES ('0001', \
         'a');\r\nCOMMIT;\r\n"
    );
    assert_eq!(package.names("migrations")[0], "0000_create_schema_migrations.sql");
    assert!(package.path("migrations/0002_b_b.sql").exists());
    package.succeeds(&["check", "--locked"]);
}

#[test]
fn nothing_is_written_that_is_not_proven() {
    let package = Package::empty();
    package.write("old/1_a.sql", "CREATE TABLE a (b);");
    package.write("old/2_b.sql", "CREATE TABLE nope");
    let said = package.finds(&["import", "--from", "sqlx", "old"]);
    assert!(said.contains("[sql-error]") && said.ends_with("nothing is written\n"), "{said}");
    assert!(said.contains("migrations/002_b.sql"), "{said}");
    // Ours would run, and theirs does not.
    package.write("old/2_b.sql", "VACUUM; CREATE TABLE b (c);");
    let said = package.finds(&["import", "--from", "sqlx", "old"]);
    assert!(said.contains("2_b.sql: theirs does not run: cannot VACUUM from within a transaction"), "{said}");
    // What is left out makes a difference.
    package
        .write("old/2_b.sql", "-- no-transaction\nATTACH ':memory:' AS other; CREATE TABLE b (c); ROLLBACK;");
    package.finds(&["import", "--from", "sqlx", "old"]);
    package.write(
        "old/2_b.sql",
        "-- no-transaction\nBEGIN; CREATE TABLE gone (c); ROLLBACK; CREATE TABLE b (c);",
    );
    let said = package.finds(&["import", "--from", "sqlx", "old"]);
    assert!(said.contains("+CREATE TABLE gone (c);"), "{said}");
    assert!(!package.path("migrations").exists());
    let entries = fs::read_dir(package.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(!entries.into_iter().any(|name| name.starts_with('.')));
}

#[test]
fn an_import_needs_an_empty_folder_and_something_to_import() {
    let package = Package::with(&[]);
    package.write("old/readme.txt", "");
    assert!(package.fails(&["import", "--from", "plain", "old"]).contains("this folder is not empty"));
    fs::remove_dir_all(package.path("migrations")).unwrap();
    assert!(package.fails(&["import", "--from", "plain", "old"]).contains("there is no migration in it"));
    assert!(package.fails(&["import", "--from", "plain", "nowhere"]).contains("nowhere"));
    assert!(package.fails(&["import", "--from", "drizzle", "old"]).contains("_journal.json"));
    package.write("old/m.rs", "fn main() { M::up(make()) }");
    let said = package.fails(&["import", "--from", "rusqlite_migration", "old/m.rs"]);
    assert!(said.contains("m.rs:1: only a string and include_str!"), "{said}");
    // An empty one may be there.
    fs::create_dir(package.path("migrations")).unwrap();
    package.write("old/1_a.sql", "CREATE TABLE a (b);");
    package.succeeds(&["import", "--from", "sqlx", "old"]);
}

#[test]
fn functions_of_the_program_are_known_from_its_sources() {
    let package = Package::empty();
    package.embeds("\"db\", functions = [\"fold/1\"]");
    package.write("old/1_a.sql", "CREATE TABLE a (b TEXT); CREATE INDEX i ON a (fold(b));");
    package.succeeds(&["import", "--from", "sqlx", "old"]);
    assert_eq!(package.names("db").len(), 3);
}
