//! The protocols against real servers: sqld, and one to three nodes of rqlite.
//!
//! Every test needs the servers, and is ignored without them: `migrate-remote/tests/servers/install`, then
//! `cargo test -p embed-migrations-remote --features http --test real -- --ignored`.

mod histories;
mod lossy;
mod once;
mod plain;
mod proxy;
mod refused;
mod servers;
#[path = "../shared/sets.rs"]
mod sets;

use std::time::Duration;

use embed_migrations::{Migrations, Report};
use embed_migrations_remote::{Error, LibSql, Rqlite, Step};

/// A client of one of the engines.
#[derive(Clone)]
enum Client {
    LibSql(LibSql),
    Rqlite(Rqlite),
}

impl Client {
    fn run(&self, migrations: &Migrations) -> Result<Report, Error> {
        match self {
            Self::LibSql(client) => client.run(migrations),
            Self::Rqlite(client) => client.run(migrations),
        }
    }

    /// A run that hardly waits, so that a race which is lost is run again at once.
    fn hurry(&self, migrations: &Migrations) -> Report {
        let mut session = match self {
            Self::LibSql(client) => client.session(migrations),
            Self::Rqlite(client) => client.session(migrations),
        };
        // It counts the waits that it asks for, of which most are not kept.
        session = session.deadline(Duration::from_secs(3600));
        while let Some(step) = session.next().unwrap_or_else(|error| panic!("{error:?}")) {
            let result = match step {
                Step::Wait(time) => {
                    std::thread::sleep(time / 50);
                    Ok(())
                }
                Step::Request(request) => {
                    let (port, path) = servers::port_and_path(request.url());
                    let body = serde_json::from_slice(request.body()).expect("requests are JSON");
                    match servers::ask(port, "POST", &path, &body) {
                        Some((status, answer)) => session.receive(status, answer.to_string().as_bytes()),
                        None => session.lost("no answer"),
                    }
                }
            };
            result.unwrap_or_else(|error| panic!("{error:?}"));
        }
        session.report()
    }

    fn must_run(&self, migrations: &Migrations) -> Report {
        self.run(migrations).unwrap_or_else(|error| panic!("{error:?}"))
    }
}

/// Both engines, one server each, with its client.
fn both() -> [(Box<dyn servers::Asked>, Client, u16); 2] {
    let (sqld, rqlited) = (servers::Sqld::start(), servers::Rqlited::start());
    let libsql = Client::LibSql(LibSql::new(&sqld.url()));
    let rqlite = Client::Rqlite(Rqlite::new(&rqlited.url()));
    let (sqld_port, rqlite_port) = (sqld.port, rqlited.port);
    [(Box::new(sqld), libsql, sqld_port), (Box::new(rqlited), rqlite, rqlite_port)]
}
