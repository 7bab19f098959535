//! `status`, `up` and `verify` on engines on other machines: real servers, which `migrate-remote/tests/servers/install` installs.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;

use insta::assert_snapshot;

use crate::package::{Package, Ran};
use crate::servers::{Asked, Rqlited, Sqld};

const USERS: (&str, &str) = (
    "001_create_users.sql",
    "CREATE VIEW names AS SELECT name FROM users;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE VIRTUAL TABLE searches USING fts5 (name);
CREATE INDEX by_name ON users (name);
CREATE TRIGGER found AFTER INSERT ON users BEGIN INSERT INTO searches (name) VALUES (new.name); END;",
);
const BIO: (&str, &str) = ("002_add_bio.sql", "ALTER TABLE users ADD COLUMN bio TEXT;");

/// Everything from an empty database to a newer one, with the arguments that name the engine.
fn whole_life(server: &dyn Asked, database: &[&str]) {
    let package = Package::with(&[USERS, BIO]);
    let run = |arguments: &[&str]| -> Ran { package.run(&[arguments, database].concat()) };
    let status = run(&["status"]);
    assert_eq!(status.code, Some(3), "{status:?}");
    assert!(status.out.ends_with("0 applied, 3 pending\n"), "{status:?}");
    let up = run(&["up", "--to", "1"]);
    assert_eq!(up.code, Some(0), "{up:?}");
    assert!(up.out.ends_with("the database is as far as was asked: 2 applied\n"), "{up:?}");
    let up = run(&["up"]);
    assert!(up.out.starts_with("applied 002_add_bio.sql ("), "{up:?}");
    assert_eq!(run(&["status"]).code, Some(0));
    assert_eq!(server.number("SELECT count(*) FROM pragma_table_info('users') WHERE name = 'bio'"), 1);
    let verified = run(&["verify"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    server.execute(&["ALTER TABLE users ADD COLUMN nick TEXT", "CREATE INDEX by_hand ON users (name)"]);
    let drift = run(&["verify"]);
    assert_eq!(drift.code, Some(1), "{drift:?}");
    for difference in ["table users: column nick is in the database", "index by_hand"] {
        assert!(drift.out.contains(difference), "{drift:?}");
    }
    server.execute(&["ALTER TABLE users DROP COLUMN nick", "DROP INDEX by_hand"]);
    if !database.contains(&"libsql") {
        // Refused by sqld. The tables that a virtual one keeps for itself come before it then.
        server.execute(&["VACUUM"]);
        assert_eq!(run(&["verify"]).code, Some(0));
    }
    package.migration(
        "003_unique.sql",
        "-- migrate: allow(fails-with-duplicates): names differ\nCREATE UNIQUE INDEX one ON users (name);",
    );
    package.migration("004_temporary.sql", "CREATE TEMP TABLE copy (a);\nDROP TABLE copy;");
    let on = [&["check", "--on", database[1]], database.get(2..).unwrap_or_default()].concat();
    let checked = package.run(&on);
    assert_eq!(checked.code, Some(1), "{checked:?}");
    assert!(
        checked.out.contains("004_temporary.sql:2:8") && !checked.out.contains("003_unique"),
        "{checked:?}"
    );
    std::fs::remove_file(package.path("migrations/004_temporary.sql")).unwrap();
    assert_eq!(package.run(&on).code, Some(0));
    server.execute(&["INSERT INTO users (name) VALUES ('Ann'), ('Ann')"]);
    let failed = run(&["up"]);
    assert_eq!(failed.code, Some(1), "{failed:?}");
    assert!(failed.err.contains("003_unique.sql:3:") && failed.err.contains("UNIQUE"), "{failed:?}");
    for file in ["002_add_bio.sql", "003_unique.sql"] {
        std::fs::remove_file(package.path(&format!("migrations/{file}"))).unwrap();
    }
    for command in ["status", "up", "verify"] {
        let newer = run(&[command]);
        assert_eq!(newer.code, Some(4), "{newer:?}");
    }
}

#[test]
#[ignore = "needs the servers of migrate-remote/tests/servers/install"]
fn rqlite_by_its_scheme() {
    let server = Rqlited::start();
    let url = server.url().replace("http://", "rqlite://");
    whole_life(&server, &["--database", &url]);
}

#[test]
#[ignore = "needs the servers of migrate-remote/tests/servers/install"]
fn libsql_by_the_engine_that_is_named() {
    let server = Sqld::start();
    whole_life(&server, &["--database", &server.url(), "--engine", "libsql"]);
}

#[test]
#[ignore = "needs the servers of migrate-remote/tests/servers/install"]
fn what_libsql_keeps_for_an_index_of_vectors_is_no_difference() {
    let server = Sqld::start();
    let statements = [
        "CREATE TABLE vectors (id INTEGER PRIMARY KEY, e F32_BLOB(3));",
        "CREATE INDEX nearest ON vectors (libsql_vector_idx(e));",
    ];
    let package = Package::with(&[("001_vectors.sql", &statements.join("\n"))]);
    package.embeds("functions = [\"libsql_vector_idx/1\"]");
    let database = ["--database", &server.url(), "--engine", "libsql"];
    // The function is not known to be the engine's own, so `up` would refuse the file.
    let up = package.run(&[&["up", "--to", "0"], database.as_slice()].concat());
    assert_eq!(up.code, Some(0), "{up:?}");
    let record = "INSERT INTO schema_migrations (version, name) VALUES ('001', 'vectors')";
    server.execute(&[statements[0], statements[1], record]);
    let verified = package.run(&[&["verify"], database.as_slice()].concat());
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

/// A schema is a text that anybody may have written.
#[test]
fn nothing_that_a_server_answers_is_run() {
    let package = Package::with(&[USERS]);
    let written = package.path("written.db");
    let sql = format!("CREATE TABLE t (a); ATTACH '{}' AS x; CREATE TABLE x.mine (a)", written.display());
    let none = serde_json::json!({ "error": "no such table: schema_migrations" });
    let engine = serde_json::json!({ "values": [["3.45.0", 1_700_000_000_000_i64, 0, null, null, null]] });
    let schema = serde_json::json!({ "values": [["table", "t", "t", sql]] });
    let answer = serde_json::json!({ "results": [engine, none, schema, none] }).to_string();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("rqlite://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // To its end: closed with a part of it unread, the connection would be reset, and the answer lost.
        let mut request = String::new();
        let mut reader = BufReader::new(&stream);
        while !request.ends_with("\r\n\r\n") {
            assert!(reader.read_line(&mut request).unwrap() > 0);
        }
        let request = request.to_ascii_lowercase();
        let length = request.lines().find_map(|line| line.strip_prefix("content-length:")).unwrap_or("0");
        reader.read_exact(&mut vec![0; length.trim().parse().unwrap()]).unwrap();
        let length = answer.len();
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{answer}")
            .unwrap();
    });
    let drift = package.run(&["verify", "--database", &url]);
    server.join().unwrap();
    assert_eq!(drift.code, Some(1), "{drift:?}");
    assert!(drift.out.contains("table t is in the database"), "{drift:?}");
    assert!(!written.exists());
}

#[test]
fn a_url_has_to_say_what_runs_there_and_is_not_shown() {
    let package = Package::with(&[USERS]);
    let fails = |arguments: &[&str]| package.fails(&[&["status", "--lock-timeout", "1"], arguments].concat());
    assert_snapshot!(fails(&["-d", "http://user:secret@localhost:1"]), @"error: an http URL does not say what runs there; add --engine libsql or --engine rqlite");
    assert_snapshot!(fails(&["-d", "rqlite://user:secret@localhost:1", "--engine", "libsql"]), @"error: rqlite:// names another engine than --engine does");
    assert_snapshot!(fails(&["-d", "rqlite://localhost:1", "--token", "secret"]), @"error: rqlite has no tokens; write user and password into the URL: rqlite://USER:PASSWORD@HOST:PORT");
    assert_snapshot!(fails(&["-d", "postgres://user:secret@localhost/x"]), @"error: postgres is not a scheme that this command knows; name a file, as in app.db or sqlite:app.db");
    // Nobody listens there.
    for engine in ["libsql", "rqlite"] {
        let told = fails(&["-d", "http://user:secret@127.0.0.1:9", "--engine", engine]);
        assert!(!told.contains("secret"), "{told}");
    }
}
