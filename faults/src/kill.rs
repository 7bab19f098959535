//! SIGKILL at random moments, several times in a row on one database; of one process, and of eight that race.

use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::ladder::{self, Journal, LADDER, Start};
use crate::point;
use crate::process::Runner;
use crate::tally::{Tally, Watched, side_by_side};

/// A database that processes are killed on.
struct Victim<'a> {
    start: &'a Start,
    journal: Journal,
    racing: usize,
    /// What a run takes that nobody kills: to be killed after it says nothing.
    takes: Duration,
    seed: u64,
}

pub fn kill(long: bool, seed: u64) -> ExitCode {
    let tally = Tally::new("kill");
    let starts = [Start::fresh(), Start::half_way()];
    let (alone, raced) = if long { (3_000, 400) } else { (240, 16) };
    let takes = takes(&starts[0]);
    let mut victims = Vec::new();
    for index in 0..alone + raced {
        let racing = if index < alone { 1 } else { 8 };
        victims.push(Victim {
            start: if index % 2 == 0 { &starts[0] } else { &starts[1] },
            journal: Journal::ALL[index / 2 % 4],
            racing,
            takes: takes * if racing == 1 { 1 } else { 3 },
            seed: seed.wrapping_add(u64::try_from(index).expect("it is small")),
        });
    }
    side_by_side(&victims, |victim| victim.suffer(&tally));
    tally.finish(&[("kills", 650), ("of them before its end", 150)])
}

fn takes(start: &Start) -> Duration {
    let folder = ladder::folder();
    let mut runner = Runner::new(&start.put(folder.path()), None, None);
    runner.ready();
    runner.go();
    runner.heard().done.expect("nothing is in the way")
}

impl Victim<'_> {
    fn name(&self) -> String {
        let Self { start, journal, racing, seed, .. } = self;
        format!("{}, {}, {racing} processes, seed {seed}", journal.name(), start.name)
    }

    fn suffer(&self, tally: &Tally) {
        let name = self.name();
        let _watched = Watched::new(name.clone());
        let mut violations = Vec::new();
        let mut chance = fastrand::Rng::with_seed(self.seed);
        let folder = ladder::folder();
        let path = self.start.put(folder.path());
        self.set_mode(&path);
        let mut least = self.start.applied;
        for _ in 0..chance.usize(3..6) {
            self.round(&path, &mut least, &mut chance, tally, &mut violations);
            // Sometimes nobody looks between two kills, so that the next process finds what the last one left.
            if chance.bool()
                && let Some(count) = point::database(self.start, &path, &mut violations)
            {
                if count < least {
                    violations.push(format!("I3: {least} were acknowledged, and {count} are there"));
                }
                if count > self.start.applied && count < LADDER.len() {
                    tally.count("looks at a part of the ladder", 1);
                }
                if count == LADDER.len() {
                    break;
                }
            }
        }
        match Connection::open(&path).map(|mut conn| LADDER.run(&mut conn)) {
            Ok(Ok(_)) => {}
            other => violations.push(format!("I6: it cannot go on: {other:?}")),
        }
        match point::database(self.start, &path, &mut violations) {
            Some(count) if count == LADDER.len() => {}
            other => violations.push(format!("I6: it ends with {other:?} applied")),
        }
        tally.count("databases", 1);
        violations.into_iter().for_each(|violation| tally.violation(&name, violation));
    }

    /// The file remembers WAL; the others are each connection's own.
    fn set_mode(&self, path: &Path) {
        if self.journal == Journal::Wal {
            self.journal.set(&Connection::open(path).expect("a connection")).expect("a journal mode");
        }
    }

    fn round(
        &self,
        path: &Path,
        least: &mut usize,
        chance: &mut fastrand::Rng,
        tally: &Tally,
        violations: &mut Vec<String>,
    ) {
        let journal =
            Some(self.journal).filter(|journal| matches!(journal, Journal::Truncate | Journal::Persist));
        let mut runners: Vec<Runner> = (0..self.racing).map(|_| Runner::new(path, journal, None)).collect();
        runners.iter_mut().for_each(Runner::ready);
        let start = Instant::now();
        runners.iter_mut().for_each(Runner::go);
        let mut killed = vec![false; runners.len()];
        for (runner, killed) in runners.iter_mut().zip(&mut killed) {
            if self.racing > 1 && chance.u8(..4) == 0 {
                continue;
            }
            let until = self.takes.mul_f64(chance.f64() * 1.2);
            thread::sleep(until.saturating_sub(start.elapsed()));
            runner.kill();
            *killed = true;
            tally.count("kills", 1);
        }
        for (runner, killed) in runners.into_iter().zip(killed) {
            let heard = runner.heard();
            let last = heard.applied.iter().filter_map(|version| version.parse::<usize>().ok()).max();
            *least = (*least).max(last.map_or(0, |last| last + 1));
            match heard.done {
                Some(_) => {}
                None if killed => tally.count("of them before its end", 1),
                None => violations.push(format!("I6: a process ends ({})", heard.status)),
            }
            // A killed one may have had an error to tell before.
            if !heard.errors.is_empty() {
                violations.push(format!("I6: a process fails ({}): {}", heard.status, heard.errors));
            }
        }
    }
}
