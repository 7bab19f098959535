//! Real histories of other projects: all embed, run, run again as a no-op, and end in the schema that the
//! projects' own files end in. They are not part of this repository, so the test is run where they are.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::crates::{self, Crate, names, package};

/// Beside this package, each with its `migrations/`, sometimes `mended/`, and the `schema.json` at the end.
const HISTORIES: &str = "../shared/histories";

/// Runs every history on a file, twice, and prints what it has seen.
const PROGRAM: &str = r#"
use embed_migrations::{Migrations, rusqlite::Connection};

fn check(name: &str, migrations: Migrations) {
    let path = std::env::args().nth(1).expect("a folder") + "/" + &name.replace('/', "-") + ".db";
    let mut conn = Connection::open(path).expect("it opens");
    let report = migrations.run(&mut conn).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    assert_eq!(report.applied().len(), migrations.len(), "{name}");
    let again = migrations.run(&mut conn).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    assert!(again.applied().is_empty(), "{name}");
    println!("{name}\t{}", migrations.len());
}
"#;

#[test]
#[ignore = "needs the histories in ../shared/histories"]
fn real_histories_embed_and_end_in_the_schema_of_their_projects() {
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
