//! Processes that start at once on one database: every one of them succeeds, and each migration is applied by
//! exactly one.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use crate::ladder::{self, Journal, LADDER, Start};
use crate::point;
use crate::process::Runner;
use crate::tally::{Tally, Watched};

/// What else is going on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meanwhile {
    Nothing,
    /// Somebody reads, and does not let go for a while: nobody can commit with a rollback journal.
    Reader,
    /// One migration takes longer than SQLite's usual busy timeout of five seconds, with the lock held.
    LongMigration,
}

const READS_FOR: Duration = Duration::from_millis(300);
const LONGER_THAN_USUAL: Duration = Duration::from_millis(5_500);

pub fn race(long: bool) -> ExitCode {
    let tally = Tally::new("race");
    let starts = [Start::fresh(), Start::half_way()];
    let rounds: &[(usize, usize)] =
        if long { &[(8, 400), (32, 100), (64, 20)] } else { &[(8, 50), (32, 20)] };
    for journal in [Journal::Delete, Journal::Wal] {
        for &(processes, rounds) in rounds {
            for round in 0..rounds {
                let start = if round % 4 == 3 { &starts[1] } else { &starts[0] };
                let meanwhile = if round % 5 == 4 { Meanwhile::Reader } else { Meanwhile::Nothing };
                once(&tally, start, journal, processes, meanwhile, round);
            }
        }
        once(&tally, &starts[1], journal, 8, Meanwhile::LongMigration, 0);
    }
    tally.finish(&[("rounds", 142), ("processes", 2_054)])
}

fn once(
    tally: &Tally,
    start: &Start,
    journal: Journal,
    processes: usize,
    meanwhile: Meanwhile,
    round: usize,
) {
    let kind = match meanwhile {
        Meanwhile::Nothing => "",
        Meanwhile::Reader => ", under a reader",
        Meanwhile::LongMigration => ", a long migration",
    };
    let name = format!("{}, {}, {processes} processes{kind}, round {round}", journal.name(), start.name);
    let _watched = Watched::new(name.clone());
    let mut violations = Vec::new();
    let folder = ladder::folder();
    let path = start.put(folder.path());
    // With a rollback journal every other race is for a file that is not there yet.
    if journal == Journal::Wal || round.is_multiple_of(2) {
        let conn = Connection::open(&path).expect("a connection");
        journal.set(&conn).expect("a journal mode");
        conn.execute_batch("PRAGMA user_version = 0").expect("a page");
    }
    compete(start, &path, processes, meanwhile, &mut violations);
    match point::database(start, &path, &mut violations) {
        Some(count) if count == LADDER.len() => {}
        other => violations.push(format!("I6: it ends with {other:?} applied")),
    }
    tally.count("rounds", 1);
    tally.count("processes", u64::try_from(processes).expect("it is small"));
    violations.into_iter().for_each(|violation| tally.violation(&name, violation));
}

fn compete(start: &Start, path: &Path, processes: usize, meanwhile: Meanwhile, violations: &mut Vec<String>) {
    let pause = (meanwhile == Meanwhile::LongMigration).then_some(LONGER_THAN_USUAL);
    let mut runners: Vec<Runner> = (0..processes).map(|_| Runner::new(path, None, pause)).collect();
    runners.iter_mut().for_each(Runner::ready);
    let reader = (meanwhile == Meanwhile::Reader).then(|| {
        let reader = Connection::open(path).expect("a connection");
        reader.execute_batch("BEGIN").expect("a transaction");
        let read = reader.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0));
        read.expect("it reads");
        reader
    });
    runners.iter_mut().for_each(Runner::go);
    if let Some(reader) = reader {
        thread::sleep(READS_FOR);
        reader.execute_batch("COMMIT").expect("it ends");
    }
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for runner in runners {
        let heard = runner.heard();
        if heard.done.is_none() || !heard.status.success() {
            violations.push(format!("a process fails ({}): {}", heard.status, heard.errors));
        }
        heard.applied.into_iter().for_each(|version| *times.entry(version).or_default() += 1);
    }
    let expected = LADDER.iter().skip(start.applied).map(|migration| (migration.version().to_owned(), 1));
    if times != expected.collect() {
        violations.push(format!("I2: how often each was applied: {times:?}"));
    }
}
