//! Exactly once: many clients at the same moment, and a leader that dies in between.

use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use embed_migrations::Migrations;
use embed_migrations_remote::{LibSql, Rqlite};

use crate::Client;
use crate::servers::{Asked, Cluster, Sqld};
use crate::sets::{counting, counting_in};

const CLIENTS: usize = 8;
const FILES: usize = 40;

/// As many as on every change, or as the environment says.
fn rounds(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(usual)
}

/// Starts clients at the same moment, and gives how many files each has applied. Every second one is in a hurry: with the
/// usual waits, the first to get a file through is often through with all of them before another looks again.
fn race(clients: Vec<Client>, migrations: Migrations) -> Vec<usize> {
    let barrier = Arc::new(Barrier::new(clients.len()));
    let running: Vec<_> = clients
        .into_iter()
        .enumerate()
        .map(|(number, client)| {
            let barrier = Arc::clone(&barrier);
            std::thread::spawn(move || {
                barrier.wait();
                let report =
                    if number % 2 == 0 { client.hurry(&migrations) } else { client.must_run(&migrations) };
                report.applied().len()
            })
        })
        .collect();
    running.into_iter().map(|client| client.join().expect("no client has an error")).collect()
}

/// Whether more than one client had something to apply, without which a round shows little.
fn is_shared(applied: &[usize]) -> bool {
    applied.iter().filter(|&&files| files > 0).count() > 1
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn eight_clients_apply_each_file_once_on_sqld() {
    let sqld = Sqld::start();
    let start = Instant::now();
    let rounds = rounds("ROUNDS", 20);
    let mut shared = 0;
    for round in 0..rounds {
        let migrations = counting_in(&format!("r{round}_"), FILES);
        let clients = (0..CLIENTS).map(|_| Client::LibSql(LibSql::new(&sqld.url()))).collect();
        let applied = race(clients, migrations);
        assert_eq!(applied.iter().sum::<usize>(), FILES, "round {round}: {applied:?}");
        shared += usize::from(is_shared(&applied));
        assert_eq!(sqld.number(&format!("SELECT n FROM r{round}_counter")), 40);
        assert_eq!(sqld.number(&format!("SELECT count(*) FROM r{round}_history")), 40);
    }
    assert!(shared * 2 > rounds, "only {shared} rounds were races");
    println!(
        "sqld: {rounds} rounds, {CLIENTS} clients, {FILES} files, {shared} shared, {:.1} s",
        start.elapsed().as_secs_f64()
    );
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn eight_clients_apply_each_file_once_on_three_nodes_that_end_equal() {
    let cluster = Cluster::start();
    let start = Instant::now();
    let rounds = rounds("ROUNDS", 20);
    let mut shared = 0;
    for round in 0..rounds {
        let migrations = counting_in(&format!("r{round}_"), FILES);
        // By way of every node, so that most of them come by a follower.
        let urls = cluster.nodes.iter().map(|node| node.url()).cycle();
        let clients = urls.take(CLIENTS).map(|url| Client::Rqlite(Rqlite::new(&url))).collect();
        let applied = race(clients, migrations);
        assert_eq!(applied.iter().sum::<usize>(), FILES, "round {round}: {applied:?}");
        shared += usize::from(is_shared(&applied));
        assert_equal(&cluster, &format!("r{round}_"), FILES);
    }
    assert!(shared * 2 > rounds, "only {shared} rounds were races");
    println!(
        "rqlite: {rounds} rounds, {CLIENTS} clients, {FILES} files, {shared} shared, {:.1} s",
        start.elapsed().as_secs_f64()
    );
}

/// All nodes that run have each file once, with its effect, and the same times.
fn assert_equal(cluster: &Cluster, tag: &str, files: usize) {
    let rows = cluster.on_each(&format!(
        "SELECT h.version, h.name, h.applied_at, c.n, (SELECT count(*) FROM {tag}history) FROM {tag}history AS h, {tag}counter AS c ORDER BY 1"
    ));
    for node in &rows {
        assert_eq!(node.len(), files);
        assert!(node.iter().all(|row| row[3] == files && row[4] == files), "{node:?}");
    }
    assert!(rows.windows(2).all(|pair| pair[0] == pair[1]), "the nodes differ: {rows:?}");
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn a_leader_that_is_killed_at_any_moment_loses_and_doubles_nothing() {
    let start = Instant::now();
    let rounds = rounds("KILLS", 50);
    let mut cluster = Cluster::start();
    for round in 0..rounds {
        let tag = format!("k{round}_");
        let migrations = counting_in(&tag, FILES);
        let leader = cluster.leader();
        // The leader's own client would be told that nobody listens any more.
        let urls: Vec<_> =
            (0..3).filter(|&node| node != leader).map(|node| cluster.nodes[node].url()).collect();
        let clients = urls.iter().cycle().take(4).map(|url| Client::Rqlite(Rqlite::new(url))).collect();
        let running = std::thread::spawn(move || race(clients, migrations));
        // From before the first file to after the last, by no chance that could not be had again.
        std::thread::sleep(Duration::from_millis(u64::try_from(round * 37 % 450).expect("it fits")));
        cluster.nodes[leader].kill();
        let applied: usize = running.join().expect("no client has an error").into_iter().sum();
        // A client whose answer was lost counts a file that may have been another's.
        assert!(applied >= FILES, "{applied}");
        cluster.nodes[leader].up();
        assert_equal(&cluster, &tag, FILES);
    }
    println!("rqlite: {rounds} leaders killed, {:.1} s", start.elapsed().as_secs_f64());
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn a_client_that_goes_in_the_middle_leaves_a_beginning() {
    let migrations = counting(10);
    let sqld = Sqld::start();
    let rqlited = crate::servers::Rqlited::start();
    for (server, url, kind) in
        [(&sqld as &dyn Asked, sqld.url(), "libsql"), (&rqlited, rqlited.url(), "rqlite")]
    {
        // A session that sends and never hears, one step further each time.
        for steps in 0..12 {
            let mut session = match kind {
                "libsql" => LibSql::new(&url).session(&migrations),
                _ => Rqlite::new(&url).session(&migrations),
            };
            for step in 0..=steps {
                let Some(embed_migrations_remote::Step::Request(request)) =
                    session.next().unwrap_or_else(|error| panic!("{error:?}"))
                else {
                    break;
                };
                let (port, path) = crate::servers::port_and_path(request.url());
                let body = serde_json::from_slice(request.body()).expect("JSON");
                let (status, answer) = crate::servers::ask(port, "POST", &path, &body).expect("an answer");
                if step == steps {
                    break; // the client is gone, and has not heard it
                }
                session
                    .receive(status, answer.to_string().as_bytes())
                    .unwrap_or_else(|error| panic!("{error:?}"));
            }
            if server.number("SELECT count(*) FROM sqlite_master WHERE name = 'counter'") == 1 {
                let files = server.number("SELECT count(*) FROM schema_migrations");
                assert_eq!(server.number("SELECT n FROM counter"), files);
            }
        }
        assert_eq!(server.number("SELECT count(*) FROM schema_migrations"), 10);
    }
}
