//! What is lost between a client and a server: requests, answers, parts of both. Afterwards every file is there once.

use std::time::Duration;

use crate::both;
use crate::proxy::{Does, Proxy};
use crate::sets::history;

fn files(tag: usize) -> embed_migrations::Migrations {
    // A table of its own for each round, so that one server does for all.
    let count = format!("UPDATE counter{tag} SET n = n + 1;");
    let create =
        format!("CREATE TABLE counter{tag} (n INTEGER) STRICT; INSERT INTO counter{tag} VALUES (2);");
    let off = format!("OFF {count}");
    crate::sets::history_in(&format!("history{tag}"), &[&create, &count, &off, &count])
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn answers_and_requests_are_cut_at_every_97th_byte() {
    let mut tag = 0;
    for (server, client, port) in both() {
        let plain = Proxy::start(port, |_| Does::Nothing);
        plain.client(&client).must_run(&files(tag));
        let answers = plain.seen();
        assert_eq!(answers.len(), 7, "one to read, one for the violations, and one per file");
        let mut cuts = 0;
        for (number, &length) in answers.iter().enumerate() {
            for bytes in (0..length).step_by(97) {
                for does in [Does::CutsAnswer(bytes), Does::CutsRequest(bytes)] {
                    // A part of a request stays with the server for two seconds, so fewer of these.
                    if matches!(does, Does::CutsRequest(_)) && bytes % 485 != 0 {
                        continue;
                    }
                    tag += 1;
                    cuts += 1;
                    let proxy = Proxy::start(port, move |at| if at == number { does } else { Does::Nothing });
                    proxy.client(&client).must_run(&files(tag));
                    let count = server.number(&format!("SELECT n FROM counter{tag}"));
                    let rows = server.number(&format!("SELECT count(*) FROM history{tag}"));
                    assert_eq!((count, rows), (5, 5), "request {number}: {does:?}");
                }
            }
        }
        println!("{cuts} cuts");
        assert!(cuts > 20);
    }
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn requests_and_answers_are_dropped_doubled_and_delayed() {
    let mut tag = 10_000;
    for (server, client, port) in both() {
        for number in 0..7 {
            for does in [
                Does::DropsRequest,
                Does::DropsAnswer,
                Does::Doubles { second: false },
                Does::Doubles { second: true },
                Does::Delays(Duration::from_millis(300)),
            ] {
                tag += 1;
                let proxy = Proxy::start(port, move |at| if at == number { does } else { Does::Nothing });
                let through = proxy.client(&client);
                // A second client comes along while the first one's request is late.
                let other = std::thread::spawn({
                    let client = client.clone();
                    let migrations = files(tag);
                    move || client.must_run(&migrations)
                });
                through.must_run(&files(tag));
                other.join().expect("it had no error");
                let count = server.number(&format!("SELECT n FROM counter{tag}"));
                let rows = server.number(&format!("SELECT count(*) FROM history{tag}"));
                assert_eq!((count, rows), (5, 5), "request {number}: {does:?}");
            }
        }
    }
}

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn a_server_that_is_killed_and_comes_back_is_waited_for() {
    let migrations = history(&[
        "CREATE TABLE counter (n INTEGER); INSERT INTO counter VALUES (2);",
        "UPDATE counter SET n = n + 1;",
    ]);
    let mut sqld = crate::servers::Sqld::start();
    let client = embed_migrations_remote::LibSql::new(&sqld.url());
    client.runner(&migrations).target("001").run().unwrap_or_else(|error| panic!("{error:?}"));
    let running = std::thread::spawn({
        let client = client.clone();
        // It finds nobody for a while.
        move || client.run(&migrations)
    });
    sqld.restart();
    running.join().expect("no panic").unwrap_or_else(|error| panic!("{error:?}"));
    assert_eq!(crate::servers::Asked::number(&sqld, "SELECT n FROM counter"), 3);
}
