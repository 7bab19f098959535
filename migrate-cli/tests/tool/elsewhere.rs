//! `status` and `up` on databases of other machines: real servers on loopback.

use crate::package::Package;

#[path = "../../../migrate-remote/tests/real/servers.rs"]
#[allow(dead_code, reason = "the tests of the protocol use the rest")]
mod servers;

use servers::{Asked as _, Rqlited, Sqld};

const USERS: (&str, &str) =
    ("001_create_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);");
const BIO: (&str, &str) = ("002_add_bio.sql", "ALTER TABLE users ADD COLUMN bio TEXT;");

fn untimed(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", line.split(" (").next().unwrap_or(line))).collect()
}

/// Goes all the way on a server, which is given as arguments.
fn all_the_way(database: &[&str]) {
    let with = |command: &[&'static str]| -> Vec<String> {
        command.iter().copied().chain(database.iter().copied()).map(str::to_owned).collect()
    };
    let package = Package::with(&[USERS, BIO]);
    let run = |command: &[&'static str]| {
        let arguments = with(command);
        package.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let ran = run(&["status"]);
    assert!(ran.code == Some(3) && ran.out.contains("0 applied, 3 pending"), "{ran:?}");
    let ran = run(&["up", "--to", "001"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(
        untimed(&ran.out),
        "applied 000_create_schema_migrations.sql\napplied 001_create_users.sql\ndone: 2 applied\n"
    );
    assert_eq!(run(&["status"]).code, Some(3));
    assert_eq!(run(&["up"]).code, Some(0));
    assert_eq!(run(&["status"]).code, Some(0));

    // What it cannot run, and what no backup can be made of.
    package.migration("003_copy.sql", "CREATE TEMP TABLE copy (a);\nDROP TABLE copy;");
    let ran = run(&["up"]);
    assert!(ran.code == Some(1) && ran.err.contains("003_copy.sql:2:8"), "{ran:?}");
    assert_eq!(run(&["up", "--backup"]).code, Some(2));
}

#[test]
#[ignore = "needs the servers that migrate-remote/tests/servers/install gets"]
fn a_history_is_applied_to_libsql() {
    let sqld = Sqld::start();
    let url = format!("libsql://127.0.0.1:{}?tls=0", sqld.port);
    all_the_way(&["-d", &url]);
    assert_eq!(sqld.number("SELECT count(*) FROM schema_migrations"), 3);
    let package = Package::with(&[USERS]);
    let ran = package.run(&["status", "-d", &sqld.url(), "--engine", "libsql"]);
    assert_eq!(ran.code, Some(4), "the server has more than this: {ran:?}");
    assert!(package.fails(&["status", "-d", &sqld.url()]).contains("say which with --engine"));
}

#[test]
#[ignore = "needs the servers that migrate-remote/tests/servers/install gets"]
fn a_history_is_applied_to_rqlite() {
    let rqlited = Rqlited::start();
    all_the_way(&["-d", &format!("rqlite://127.0.0.1:{}", rqlited.port)]);
    assert_eq!(rqlited.number("SELECT count(*) FROM schema_migrations"), 3);
}

#[test]
fn a_server_that_does_not_answer_is_told_without_a_password() {
    let package = Package::with(&[USERS]);
    let said = package.fails(&["status", "-d", "rqlite://me:secret@127.0.0.1:1", "--lock-timeout", "0"]);
    assert!(!said.contains("secret"), "{said}");
    let said = package.fails(&["up", "-d", "mysql://me:secret@localhost/db"]);
    assert!(said.contains("mysql:// is not an address") && !said.contains("secret"), "{said}");
}
