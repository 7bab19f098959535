//! Real histories of other projects: what an engine can take ends in the schema that a local run makes, and what it cannot
//! take is refused by a rule, before anything is touched.

use std::fs;
use std::path::{Path, PathBuf};

use embed_migrations::Migrations;
use embed_migrations::rusqlite::Connection;
use embed_migrations_remote::Error;
use serde_json::{Value, json};

use crate::both;
use crate::sets::set;

const SCHEMA: &str = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master \
     WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'libsql\\_%' ESCAPE '\\' ORDER BY type, name";

fn histories() -> Vec<(String, Migrations)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/histories");
    assert!(root.is_dir(), "there is no folder {}", root.display());
    let names = |folder: &Path| -> Vec<PathBuf> {
        let mut paths: Vec<_> =
            fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
        paths.sort();
        paths
    };
    let mut sets = Vec::new();
    for project in names(&root) {
        for kind in ["migrations", "mended"] {
            let folder = project.join(kind);
            if folder.is_dir() {
                let files: Vec<_> = names(&folder)
                    .into_iter()
                    .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
                    .map(|path| {
                        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                        (name, fs::read_to_string(&path).expect("UTF-8"))
                    })
                    .collect();
                let name = project.file_name().expect("a name").to_string_lossy().into_owned();
                sets.push((format!("{name}/{kind}"), set(&files)));
            }
        }
    }
    assert!(!sets.is_empty(), "{} holds no history", root.display());
    sets
}

fn local(migrations: &Migrations) -> Vec<Vec<Value>> {
    let mut conn = Connection::open_in_memory().expect("memory");
    migrations.run(&mut conn).unwrap_or_else(|error| panic!("{error:?}"));
    let mut statement = conn.prepare(SCHEMA).expect("it prepares");
    let rows = statement.query_map([], |row| {
        (0..4).map(|column| row.get::<_, String>(column).map(|text| json!(text))).collect()
    });
    rows.expect("it runs").collect::<Result<_, _>>().expect("texts")
}

#[test]
#[ignore = "needs the servers of tests/servers/install, and the histories in ../shared/histories"]
fn real_histories_end_in_the_schema_of_a_local_run_or_are_refused_before_it() {
    let (mut taken, mut refused) = (0, 0);
    for (name, migrations) in histories() {
        let expected = local(&migrations);
        for (server, client, _) in both() {
            let engine = if matches!(client, crate::Client::LibSql(_)) { "libSQL" } else { "rqlite" };
            match client.run(&migrations) {
                Ok(report) => {
                    assert_eq!(report.applied().len(), migrations.len(), "{name} on {engine}");
                    assert_eq!(server.query(SCHEMA), expected, "{name} on {engine}");
                    assert!(client.must_run(&migrations).applied().is_empty(), "{name} on {engine}");
                    taken += 1;
                    println!("{engine}: {name}: {} files", migrations.len());
                }
                Err(error @ Error::Unsupported { .. }) => {
                    assert_eq!(server.query(SCHEMA), Vec::<Vec<Value>>::new(), "{name} on {engine}");
                    refused += 1;
                    println!("{engine}: {name}: refused: {error}");
                }
                // Strings in double quotes, which it had to mend; libSQL knows them only as names.
                Err(error @ Error::Failed { .. })
                    if engine == "libSQL" && name == "pingvin-share/migrations" =>
                {
                    assert_eq!(
                        error.migration().map(|migration| migration.version()),
                        Some("009"),
                        "{error:?}"
                    );
                    assert_eq!(server.number("SELECT count(*) FROM schema_migrations"), 9);
                    refused += 1;
                    println!("{engine}: {name}: {error}");
                }
                Err(error) => panic!("{name} on {engine}: {error:?}"),
            }
        }
    }
    println!("{taken} runs, {refused} refused");
    assert!(taken > refused);
}
