//! What a program does around a run, under the same faults: opening a path, and giving a history to a database that has
//! none.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use crate::ladder::{self, Journal, LADDER, Start};
use crate::point::{self, Fault, Place, settings};
use crate::sweeps::{Denied, FileSystem, Memory, ONCE_OR_FOR_EVER};
use crate::tally::{Tally, Watched, side_by_side};
use crate::vfs::{self, How};

/// A sweep over one kind of fault.
#[derive(Clone, Copy)]
enum Kind {
    File(How),
    Memory,
    Denied,
}

impl Kind {
    fn at(self, at: u64, forever: bool) -> Box<dyn Fault> {
        match self {
            Self::File(how) => Box::new(FileSystem(vfs::Fault { how, at, forever })),
            Self::Memory => Box::new(Memory { at, forever }),
            Self::Denied => Box::new(Denied::new(at, forever, rusqlite::hooks::Authorization::Deny)),
        }
    }

    fn name(self) -> String {
        match self {
            Self::File(how) => format!("{how:?}"),
            Self::Memory => "no memory".to_owned(),
            Self::Denied => "denied".to_owned(),
        }
    }
}

type Inspect = fn(Place<'_>, &dyn Fault, &mut Vec<String>) -> bool;

fn sweep(tally: &Tally, place: Place<'_>, kind: Kind, forever: bool, inspect: Inspect) {
    for at in 1.. {
        let often = if forever { "for ever" } else { "once" };
        let name = format!("{}, {} {often}, {at}", place.name(), kind.name());
        let _watched = Watched::new(name.clone());
        let mut violations = Vec::new();
        let struck = inspect(place, &*kind.at(at, forever), &mut violations);
        violations.into_iter().for_each(|violation| tally.violation(&name, violation));
        if !struck {
            break;
        }
        tally.count("points", 1);
    }
}

// ---- baseline

/// The newest version that a database half-way has.
const HALF_WAY: &str = "002";

/// A database that is half-way, and has no history.
fn by_hand() -> Start {
    let start = Start::half_way();
    let folder = ladder::folder();
    let path = start.put(folder.path());
    let conn = Connection::open(&path).expect("a connection");
    conn.execute_batch("DROP TABLE schema_migrations").expect("it runs");
    conn.close().map_err(|(_, error)| error).expect("it closes");
    Start { name: "made by hand".to_owned(), files: ladder::taken(&path, &[""]), ..start }
}

pub fn baseline(long: bool) -> ExitCode {
    let tally = Tally::new("baseline");
    let start = by_hand();
    let mut jobs = Vec::new();
    for journal in [Journal::Delete, Journal::Wal] {
        for (_, forever) in ONCE_OR_FOR_EVER {
            jobs.push((Place::new(&start, journal), Kind::File(How::IoError), forever));
            jobs.push((Place::new(&start, journal), Kind::File(How::DiskFull), forever));
            if long || (journal == Journal::Delete && !forever) {
                jobs.push((Place::new(&start, journal), Kind::Memory, forever));
                jobs.push((Place::new(&start, journal), Kind::Denied, forever));
            }
        }
    }
    side_by_side(&jobs, |&(place, kind, forever)| sweep(&tally, place, kind, forever, inspect_baseline));
    for journal in [Journal::Delete, Journal::Wal] {
        for _ in 0..if long { 300 } else { 30 } {
            at_once(&tally, &start, journal);
        }
    }
    tally.finish(&[("points", 940), ("at once", 60)])
}

fn inspect_baseline(place: Place<'_>, fault: &dyn Fault, violations: &mut Vec<String>) -> bool {
    let folder = ladder::folder();
    let path = place.start.put(folder.path());
    let mut conn = place.open(&path).expect("a connection");
    place.prepare(&conn).expect("settings");
    let before = settings(&conn).expect("settings");
    fault.arm(&mut conn);
    let result = catch_unwind(AssertUnwindSafe(|| LADDER.baseline(&mut conn, HALF_WAY)));
    let struck = fault.disarm(&mut conn, !matches!(result, Ok(Ok(()))));
    let Ok(result) = result else {
        violations.push("I8: it panics".to_owned());
        return struck;
    };
    match settings(&conn) {
        Ok(after) if after == before => {}
        after => violations.push(format!("I4: {before:?} became {after:?}; {}", point::shown(&result))),
    }
    drop(conn);
    let recorded =
        Connection::open(&path).map_err(|error| error.to_string()).and_then(|conn| ladder::recorded(&conn));
    let whole = place.start.applied;
    match (&result, recorded) {
        (Ok(()), Ok(count)) if count == whole => {}
        // What failed at COMMIT may be there all the same.
        (Err(_), Ok(count)) if count == 0 || count == whole => {}
        (_, recorded) => violations.push(format!("I2: it records {recorded:?}; {}", point::shown(&result))),
    }
    if !struck && let Err(error) = &result {
        violations.push(format!("nothing was in the way: {error:?}"));
    }
    let again = Connection::open(&path).map(|mut conn| LADDER.baseline(&mut conn, HALF_WAY));
    if !matches!(again, Ok(Ok(()))) {
        violations.push(format!("I6: it cannot be done again: {again:?}"));
    }
    if let Some(count) = point::database(place.start, &path, violations)
        && count != whole
    {
        violations.push(format!("I6: it ends with {count} recorded"));
    }
    struck
}

/// Threads with a connection each: all succeed, and there is one history.
fn at_once(tally: &Tally, start: &Start, journal: Journal) {
    let folder = ladder::folder();
    let path = start.put(folder.path());
    let open = || {
        let conn = Connection::open(&path).expect("a connection");
        conn.busy_timeout(Duration::from_secs(10)).expect("a timeout");
        journal.set(&conn).expect("a journal mode");
        conn
    };
    // The file remembers WAL, and the switch to it would fail beside others.
    drop(open());
    let mut connections: Vec<_> = (0..8).map(|_| open()).collect();
    thread::scope(|scope| {
        for conn in &mut connections {
            scope.spawn(move || {
                if let Err(error) = LADDER.baseline(conn, HALF_WAY) {
                    tally.violation(format!("{}, at once", journal.name()), format!("{error:?}"));
                }
            });
        }
    });
    drop(connections);
    let mut violations = Vec::new();
    point::database(start, &path, &mut violations);
    violations.into_iter().for_each(|violation| tally.violation(journal.name(), violation));
    tally.count("at once", 1);
}

// ---- open

pub fn open(long: bool) -> ExitCode {
    let tally = Tally::new("open");
    let starts = [Start::fresh(), Start::half_way()];
    let mut jobs = Vec::new();
    for start in &starts {
        for journal in [Journal::Delete, Journal::Wal] {
            for (_, forever) in ONCE_OR_FOR_EVER {
                jobs.push((Place::new(start, journal), Kind::File(How::IoError), forever));
                if long || !forever {
                    jobs.push((Place::new(start, journal), Kind::File(How::Busy), forever));
                }
            }
        }
    }
    side_by_side(&jobs, |&(place, kind, forever)| sweep(&tally, place, kind, forever, inspect_open));
    for round in 0..if long { 400 } else { 40 } {
        open_at_once(&tally, &starts[round % 2]);
    }
    tally.finish(&[("points", 3_900), ("at once", 40)])
}

fn inspect_open(place: Place<'_>, fault: &dyn Fault, violations: &mut Vec<String>) -> bool {
    let folder = ladder::folder();
    let path = place.start.put(folder.path());
    {
        let conn = place.open(&path).expect("a connection");
        if place.start.applied > 0 {
            place.prepare(&conn).expect("settings");
        }
    }
    let uri = format!("file:{}?vfs={}", path.display(), vfs::NAME);
    // What a fault is told of is not the one that is opened: these strike the thread.
    let mut bystander = Connection::open_in_memory().expect("a connection");
    fault.arm(&mut bystander);
    let result = catch_unwind(AssertUnwindSafe(|| {
        let small =
            |conn: &Connection| conn.execute_batch("PRAGMA cache_size = 8; PRAGMA wal_autocheckpoint = 24");
        LADDER.runner().lock_timeout(fault.lock_timeout()).open_with(uri, small)
    }));
    let struck = fault.disarm(&mut bystander, !matches!(result, Ok(Ok(_))));
    let Ok(result) = result else {
        violations.push("I8: it panics".to_owned());
        return struck;
    };
    if let Ok((conn, _)) = &result {
        match ready(conn) {
            // To an error on the way to WAL, SQLite may answer with the mode that stays, as where WAL is not possible.
            Ok((mode, true)) if (mode == "wal" || struck) && conn.is_autocommit() => {}
            other => violations.push(format!("I4: it is not ready: {other:?}")),
        }
    }
    let opened = result.is_ok();
    if !struck && let Err(error) = &result {
        violations.push(format!("nothing was in the way: {error:?}"));
    }
    drop(result);
    match point::database(place.start, &path, violations) {
        Some(count) if opened && count != LADDER.len() => {
            violations.push(format!("I2: it opens with {count} applied"))
        }
        _ => {}
    }
    match LADDER.open(&path).map(|conn| ready(&conn)) {
        Ok(Ok((mode, true))) if mode == "wal" => {}
        other => violations.push(format!("I6: it cannot be opened: {other:?}")),
    }
    struck
}

/// Threads that open one file: all of them have it in the end.
fn open_at_once(tally: &Tally, start: &Start) {
    let folder = ladder::folder();
    let path = start.put(folder.path());
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| match LADDER.open(&path).map(|conn| ready(&conn)) {
                Ok(Ok((mode, true))) if mode == "wal" => {}
                other => tally.violation(format!("{}, at once", start.name), format!("{other:?}")),
            });
        }
    });
    let mut violations = Vec::new();
    point::database(start, &path, &mut violations);
    violations.into_iter().for_each(|violation| tally.violation(&start.name, violation));
    tally.count("at once", 1);
}

/// The journal mode, and whether foreign keys are on.
fn ready(conn: &Connection) -> rusqlite::Result<(String, bool)> {
    conn.query_row("SELECT * FROM pragma_journal_mode, pragma_foreign_keys", [], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}
