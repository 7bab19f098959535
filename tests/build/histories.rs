//! Real histories of other projects: all embed, run, run again as a no-op, and end in the schema that the
//! projects' own files end in. They are not part of this repository, so the test is run where they are.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use embed_migrations_core::__build::{Args, Home, embed, embed_at};

use crate::crates::{self, Crate, names, package};

/// Beside this package, each with its `migrations/`, sometimes `mended/`, and the `schema.json` at the end.
const HISTORIES: &str = "../shared/histories";

/// Runs every history on a file, twice, and prints what it has seen. However a database came to its schema, it is the one
/// that the migrations make.
const PROGRAM: &str = r#"
use embed_migrations::{Migrations, rusqlite::Connection};
use std::process::{Command, Stdio};

fn check(name: &str, migrations: Migrations) {
    let path = |kind: &str| {
        std::env::args().nth(1).expect("a folder") + "/" + &name.replace('/', "-") + kind + ".db"
    };
    let mut conn = Connection::open(path("")).expect("it opens");
    let report = migrations.run(&mut conn).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    assert_eq!(report.applied().len(), migrations.len(), "{name}");
    let again = migrations.run(&mut conn).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    assert!(again.applied().is_empty(), "{name}");

    let mut verified = 0;
    let mut same = |how: &str, conn: &Connection| {
        migrations.verify(conn).unwrap_or_else(|error| panic!("{name}, {how}: {error:?}"));
        verified += 1;
    };
    same("run", &conn);
    conn.execute_batch("ANALYZE; VACUUM").unwrap_or_else(|error| panic!("{name}: {error}"));
    same("analyzed and vacuumed", &conn);
    fill_searches(&conn);
    same("searches full of rows", &conn);
    conn.close().expect("it closes");

    let mut conn = Connection::open(path("-stepwise")).expect("it opens");
    for migration in migrations {
        migrations.runner().target(migration.version()).run(&mut conn).expect("it runs");
        same(migration.version(), &conn);
    }
    fill_searches(&conn);
    conn.close().expect("it closes");

    // The modifier `subsec` is one of SQLite 3.42, and NULL before.
    let shell_can = shell_version() >= 42 || migrations.iter().all(|migration| !migration.sql().contains("subsec"));
    if shell_can {
        let shell = path("-shell");
        for migration in migrations {
            sqlite3(&shell, migration.sql().as_bytes());
        }
        same("the shell", &Connection::open(&shell).expect("it opens"));
    }

    // Not the one that was analyzed: this SQLite keeps statistics that the shell cannot.
    let dump = sqlite3(&path("-stepwise"), b".dump");
    sqlite3(&path("-restored"), &dump);
    same("restored from a dump", &Connection::open(path("-restored")).expect("it opens"));
    println!("{name}\t{}\t{verified}", migrations.len());
}

/// The second number of the shell's version, as in 3.40.1.
fn shell_version() -> u32 {
    let output = Command::new("sqlite3").arg("--version").output().expect("the shell is there");
    let version = String::from_utf8(output.stdout).expect("it is text");
    version.split('.').nth(1).and_then(|number| number.parse().ok()).expect("a version")
}

/// What the sqlite3 shell says when it is given this.
fn sqlite3(database: &str, input: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut shell = Command::new("sqlite3")
        .args(["-bail", database])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the shell is there");
    let mut stdin = shell.stdin.take().expect("it is piped");
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = shell.wait_with_output().expect("it ends");
    writer.join().expect("no panic").expect("it reads");
    assert!(output.status.success(), "{database}");
    output.stdout
}

/// Rows in every full-text search, so that its own tables change.
fn fill_searches(conn: &Connection) {
    let mut searches = conn
        .prepare("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts%'")
        .expect("it prepares");
    let names = searches.query_map([], |row| row.get::<_, String>(0)).expect("it runs");
    for name in names.collect::<Result<Vec<_>, _>>().expect("names") {
        let columns: i64 = conn
            .query_row("SELECT count(*) FROM pragma_table_info(?1)", [&name], |row| row.get(0))
            .expect("a count");
        let values = vec!["'word of the row ' || value"; columns as usize].join(", ");
        conn.execute_batch(&format!(
            "WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 2000)
             INSERT INTO \"{name}\" SELECT {values} FROM n;
             INSERT INTO \"{name}\" (\"{name}\") VALUES ('optimize');"
        ))
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}
"#;

#[test]
#[ignore = "needs the histories in ../shared/histories, and the sqlite3 shell"]
fn real_histories_embed_and_end_in_the_schema_of_their_projects() {
    let sets = sets();
    let program = Crate::new("histories", "embed-migrations");
    let mut main = PROGRAM.to_owned() + "fn main() {\n";
    for (name, folder) in &sets {
        crates::copy(folder, &program.path(name));
        // They have shipped: what they do to rows can no longer be mended, and must not break a build.
        let lock: String =
            names(folder, false).iter().map(|file| crates::lock_line(&folder.join(file))).collect();
        program.write(&format!("{name}/migrations.lock"), lock);
        writeln!(main, "    check({name:?}, embed_migrations::embed_migrations!({name:?}));")
            .expect("it is written");
    }
    program.write("src/main.rs", main + "}\n");
    let databases = tempfile::tempdir().expect("a folder");
    let printed = crates::succeeded(&program.cargo(&[
        "run",
        "--",
        databases.path().to_str().expect("the folder's name is UTF-8"),
    ]));
    print!("{printed}");
    assert_eq!(printed.lines().count(), sets.len());

    for (name, folder) in &sets {
        let database = databases.path().join(name.replace('/', "-") + ".db");
        let expected = folder.parent().expect("it is in a history").join("schema.json");
        assert_eq!(schema(&database), schema_of(&expected), "{name}");
    }
}

/// The name of each set of files, and its folder.
fn sets() -> Vec<(String, PathBuf)> {
    let histories = package().join(HISTORIES);
    assert!(histories.is_dir(), "there is no folder {HISTORIES} beside this package");
    let mut sets: Vec<(String, PathBuf)> = Vec::new();
    for history in names(&histories, true) {
        for set in ["migrations", "mended"] {
            let folder = histories.join(&history).join(set);
            if folder.is_dir() {
                sets.push((format!("{history}/{set}"), folder));
            }
        }
    }
    assert!(!sets.is_empty(), "{HISTORIES} holds no history");
    sets
}

/// Without a lock, so that every hazard of every file counts.
#[test]
#[ignore = "needs the histories in ../shared/histories"]
fn a_history_that_grows_is_judged_as_if_it_had_always_been_whole() {
    for (name, folder) in sets() {
        let files = names(&folder, false);
        for compatible in [false, true] {
            let args: Args = format!("compatible = {compatible}").parse().expect("they are arguments");
            let root = tempfile::tempdir().expect("a folder");
            let home = Home { folder: root.path().to_owned(), version: "1".to_owned() };
            let whole = tempfile::tempdir().expect("a folder");
            crates::copy(&folder, &whole.path().join("migrations"));
            let expected = format!("{:#?}", embed(whole.path(), &args));
            // Not all of them at each length, which would take as long as all of them squared.
            for share in [3, 5, 6] {
                let some = &files[..files.len() * share / 6];
                fs::create_dir_all(root.path().join("migrations")).expect("a folder");
                for file in some {
                    fs::copy(folder.join(file), root.path().join("migrations").join(file))
                        .expect("it is copied");
                }
                let with = format!("{:#?}", embed_at(root.path(), &args, Some(&home)));
                if some.len() == files.len() {
                    assert_eq!(with, expected, "{name}, compatible = {compatible}");
                }
            }
            // The newest file again, with what was kept of the files before it.
            let newest = root.path().join("migrations").join(files.last().expect("there are files"));
            let text = fs::read_to_string(&newest).expect("it is text");
            fs::write(&newest, text + "-- edited\n").expect("it is written");
            let said = [embed_at(root.path(), &args, Some(&home)), embed(root.path(), &args)];
            let [with, without] = said.map(|said| format!("{said:#?}"));
            assert_eq!(with, without, "{name}, compatible = {compatible}, edited");
        }
    }
}

type Schema = Vec<[Option<String>; 4]>;

fn schema(database: &Path) -> Schema {
    let conn = embed_migrations::rusqlite::Connection::open(database).expect("it opens");
    let mut statement = conn
        .prepare(
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name",
        )
        .expect("it prepares");
    let rows = statement.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]));
    rows.expect("it runs").collect::<Result<_, _>>().expect("it reads")
}

fn schema_of(file: &Path) -> Schema {
    let text = std::fs::read(file).expect("it can be read");
    serde_json::from_slice(&text).expect("rows of four")
}
