//! A backup under every fault: B1 nothing changes without one, B2 it is whole, and what was there before the first
//! migration, B3 a run that changes nothing leaves none, and no half of one.

use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use embed_migrations::{Backup, Error, Event, Reached};
use rusqlite::{Connection, OpenFlags};

use crate::ladder::{self, Journal, LADDER, Start, State};
use crate::point::{self, Fault, Place, settings};
use crate::process::Runner;
use crate::sweeps::{FileSystem, Memory, ONCE_OR_FOR_EVER};
use crate::tally::{Tally, Watched, side_by_side};
use crate::vfs::{self, How, Op};

/// What a sweep takes beyond the copy: there it removes the backup of a run that fails, and then is like any other.
const BEYOND: u64 = 60;

pub fn backup(long: bool, seed: u64) -> ExitCode {
    let tally = Tally::new("backup");
    let start = Start::half_way();
    damaged(&tally, &start);
    for journal in Journal::ALL {
        synced(&tally, &start, journal);
    }
    for journal in [Journal::Delete, Journal::Wal] {
        traffic(&tally, &start, journal, if long { 200 } else { 15 });
    }
    let mut jobs = Vec::new();
    for journal in [Journal::Delete, Journal::Wal] {
        for (kind, forever) in ONCE_OR_FOR_EVER {
            for how in [How::IoError, How::DiskFull] {
                jobs.push((Place::new(&start, journal), Some(how), kind, forever));
            }
            if long || (journal == Journal::Wal && !forever) {
                jobs.push((Place::new(&start, journal), None, kind, forever));
            }
        }
    }
    side_by_side(&jobs, |&(place, how, kind, forever)| {
        sweep(&tally, place, how, kind, forever, if long { u64::MAX } else { BEYOND });
    });
    let rounds: Vec<u64> = (0..if long { 1_000 } else { 40 }).collect();
    let takes = takes(&start);
    side_by_side(&rounds, |round| killed(&tally, &start, takes, seed.wrapping_add(*round)));
    tally.finish(&[("points", 1_600), ("backups looked at", 540), ("kills", 120), ("writers beside it", 30)])
}

/// Takes points until one lies beyond the end of the run, or far enough beyond the copy.
fn sweep(tally: &Tally, place: Place<'_>, how: Option<How>, kind: &str, forever: bool, beyond: u64) {
    let mut after_the_copy = 0;
    for at in 1.. {
        let name = format!("{}, {how:?} {kind}, {at}", place.name());
        let fault: Box<dyn Fault> = match how {
            Some(how) => Box::new(FileSystem(vfs::Fault { how, at, forever })),
            None => Box::new(Memory { at, forever }),
        };
        let _watched = Watched::new(name.clone());
        let mut violations = Vec::new();
        let (struck, copied) = inspect(tally, place, &*fault, &mut violations);
        violations.into_iter().for_each(|violation| tally.violation(&name, violation));
        after_the_copy += u64::from(copied);
        if !struck || after_the_copy > beyond {
            break;
        }
        tally.count("points", 1);
    }
}

/// Opens what the fault can reach.
fn reachable(path: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags_and_vfs(path, OpenFlags::default(), vfs::NAME)
}

/// Whether the fault has struck, and whether the copy had been made by the end.
fn inspect(tally: &Tally, place: Place<'_>, fault: &dyn Fault, violations: &mut Vec<String>) -> (bool, bool) {
    let folder = ladder::folder();
    let path = place.start.put(folder.path());
    let mut conn = place.open(&path).expect("a connection");
    place.prepare(&conn).expect("settings");
    let before = settings(&conn).expect("settings");
    let mut copied = false;
    fault.arm(&mut conn);
    let result = catch_unwind(AssertUnwindSafe(|| {
        LADDER
            .runner()
            .lock_timeout(fault.lock_timeout())
            .backup(Backup::beside_database().open_with(reachable))
            .on_event(|event| copied |= matches!(event, Event::BackedUp { .. }))
            .run(&mut conn)
    }));
    let struck = fault.disarm(&mut conn, !matches!(result, Ok(Ok(_))));
    let Ok(result) = result else {
        violations.push("I8: it panics".to_owned());
        return (struck, copied);
    };
    match settings(&conn) {
        Ok(after) if after == before => {}
        after => violations.push(format!("I4: {before:?} became {after:?}; {}", point::shown(&result))),
    }
    if let Some(count) = point::database(place.start, &path, violations) {
        let backups = look(tally, place.start, &path, violations);
        let unchanged = result.is_err() && count == place.start.applied;
        // Who cannot read the database cannot know that nothing has changed.
        let known =
            result.as_ref().err().and_then(Error::kept).is_some_and(|kept| kept.database != Reached::Unknown);
        match backups {
            0 if count > place.start.applied => {
                violations
                    .push(format!("B1: {count} are applied without a backup; {}", point::shown(&result)));
            }
            1.. if unchanged && known => {
                violations.push(format!(
                    "B3: nothing has changed, and a backup is left; {}",
                    point::shown(&result)
                ));
            }
            2.. => violations.push(format!("B3: there are {backups} backups")),
            _ => {}
        }
        if has_partial(&path) {
            violations.push(format!("B3: half a backup is left; {}", point::shown(&result)));
        }
    }
    if !struck && let Err(error) = &result {
        violations.push(format!("nothing was in the way: {error:?}"));
    }
    drop(conn);
    let again = Connection::open(&path)
        .map(|mut conn| LADDER.runner().backup(Backup::beside_database()).run(&mut conn));
    if !matches!(again, Ok(Ok(_))) {
        violations.push(format!("I6: a new connection cannot go on: {again:?}"));
    }
    (struck, copied)
}

/// The files beside a database whose names say that they are copies.
fn copies(path: &Path) -> Vec<PathBuf> {
    let folder = path.parent().expect("it is in a folder");
    let entries = fs::read_dir(folder).expect("it can be read").map(|entry| entry.expect("an entry").path());
    entries.filter(|path| path.to_string_lossy().contains(".backup")).collect()
}

fn has_partial(path: &Path) -> bool {
    copies(path).iter().any(|path| path.to_string_lossy().contains(".partial"))
}

/// Looks at every backup: how many there are.
fn look(tally: &Tally, start: &Start, path: &Path, violations: &mut Vec<String>) -> usize {
    let whole: Vec<_> =
        copies(path).into_iter().filter(|path| path.extension().is_some_and(|end| end == "backup")).collect();
    for path in &whole {
        tally.count("backups looked at", 1);
        match state_of(path) {
            Ok((integrity, ..)) if integrity != "ok" => violations.push(format!("B2: {integrity}")),
            Ok((_, Ok(count), state)) if start.with(count) == Some(&state) => {}
            Ok((_, count, state)) => {
                violations.push(format!("B2: it holds something else: {count:?}, {} lines", state.len()));
            }
            Err(error) => violations.push(format!("B2: it cannot be read: {error}")),
        }
    }
    whole.len()
}

type Looked = (String, Result<usize, String>, State);

fn state_of(path: &Path) -> rusqlite::Result<Looked> {
    let conn = Connection::open(path)?;
    let integrity = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    Ok((integrity, ladder::recorded(&conn), ladder::state(&conn)?))
}

/// Half of a page is nonsense: who checks the copy sees it.
fn damaged(tally: &Tally, start: &Start) {
    let folder = ladder::folder();
    let path = start.put(folder.path());
    let root: u32 = {
        let conn = Connection::open(&path).expect("a connection");
        conn.query_row("SELECT rootpage FROM sqlite_master WHERE name = 'books'", [], |row| row.get(0))
            .expect("a page")
    };
    let mut file = fs::OpenOptions::new().read(true).write(true).open(&path).expect("the file");
    let mut header = [0; 18];
    file.read_exact(&mut header).expect("a header");
    let page_size = u64::from(u16::from_be_bytes([header[16], header[17]]));
    file.seek(SeekFrom::Start(u64::from(root - 1) * page_size + 3)).expect("a place");
    file.write_all(&[0xff; 64]).expect("it is written");
    drop(file);
    let run = LADDER
        .runner()
        .backup(Backup::beside_database())
        .run(&mut Connection::open(&path).expect("a connection"));
    match run {
        Err(Error::Backup { .. }) if copies(&path).is_empty() => {}
        other => tally.violation("damaged", format!("B2: {other:?} with {:?}", copies(&path))),
    }
}

/// All that was written to the copy has reached the disk before anybody is told of it.
fn synced(tally: &Tally, start: &Start, journal: Journal) {
    vfs::register();
    let folder = ladder::folder();
    let path = start.put(folder.path());
    let place = Place::new(start, journal);
    let mut conn = place.open(&path).expect("a connection");
    place.prepare(&conn).expect("settings");
    vfs::record();
    let mut ops = None;
    LADDER
        .runner()
        .backup(Backup::beside_database().open_with(reachable))
        .on_event(|event| {
            if matches!(event, Event::BackedUp { .. }) {
                ops = Some(vfs::recorded());
            }
        })
        .run(&mut conn)
        .expect("nothing is in the way");
    let (mut unsynced, mut writes) = (false, 0);
    for op in ops.unwrap_or_default() {
        match op {
            Op::Write(path, ..) | Op::Truncate(path, _)
                if path.extension().is_some_and(|end| end == "partial") =>
            {
                unsynced = true;
                writes += 1;
            }
            Op::Sync(path) if path.extension().is_some_and(|end| end == "partial") => unsynced = false,
            _ => {}
        }
    }
    if unsynced || writes == 0 {
        tally.violation(place.name(), format!("B2: of {writes} writes, the last are not synced"));
    }
}

/// Somebody keeps writing: what is copied is what is there once nobody can.
fn traffic(tally: &Tally, start: &Start, journal: Journal, rounds: usize) {
    for _ in 0..rounds {
        let folder = ladder::folder();
        let path = start.put(folder.path());
        let mut conn = Connection::open(&path).expect("a connection");
        journal.set(&conn).expect("a journal mode");
        let writes = AtomicBool::new(false);
        let ends = AtomicBool::new(false);
        let mut violations = Vec::new();
        thread::scope(|scope| {
            scope.spawn(|| {
                let writer = Connection::open(&path).expect("a connection");
                writer.busy_timeout(Duration::from_secs(10)).expect("a timeout");
                while !ends.load(Ordering::Relaxed) {
                    let _ = writer.execute("INSERT INTO notes (text) VALUES ('one more')", []);
                    writes.store(true, Ordering::Relaxed);
                }
            });
            while !writes.load(Ordering::Relaxed) {
                thread::yield_now();
            }
            let run = LADDER
                .runner()
                .backup(Backup::beside_database())
                .on_event(|event| {
                    if let Event::BackedUp { path: copy, .. } = event {
                        let read = |path: &Path| Connection::open(path).and_then(|conn| ladder::state(&conn));
                        let (there, copied) =
                            (read(&path).expect("it reads"), read(&copy).expect("it reads"));
                        if there != copied {
                            violations.push(format!(
                                "B2: {} lines are copied of {}",
                                copied.len(),
                                there.len()
                            ));
                        }
                        tally.count("writers beside it", 1);
                    }
                })
                .run(&mut conn);
            ends.store(true, Ordering::Relaxed);
            if let Err(error) = run {
                tally.violation(journal.name(), format!("nothing was in the way: {error:?}"));
            }
        });
        violations.into_iter().for_each(|violation| tally.violation(journal.name(), violation));
    }
}

fn takes(start: &Start) -> Duration {
    let folder = ladder::folder();
    let mut runner = Runner::with_backup(&start.put(folder.path()));
    runner.ready();
    runner.go();
    runner.heard().done.expect("nothing is in the way")
}

/// SIGKILL at a random moment, again and again on one database.
fn killed(tally: &Tally, start: &Start, takes: Duration, seed: u64) {
    let name = format!("killed, seed {seed}");
    let _watched = Watched::new(name.clone());
    let mut violations = Vec::new();
    let mut chance = fastrand::Rng::with_seed(seed);
    let folder = ladder::folder();
    let path = start.put(folder.path());
    let journal = if chance.bool() { Journal::Wal } else { Journal::Delete };
    journal.set(&Connection::open(&path).expect("a connection")).expect("a journal mode");
    for _ in 0..3 {
        let mut runner = Runner::with_backup(&path);
        runner.ready();
        runner.go();
        thread::sleep(takes.mul_f64(chance.f64() * 1.2));
        runner.kill();
        tally.count("kills", 1);
        let _ = runner.heard();
        let Some(count) = point::database(start, &path, &mut violations) else { break };
        if look(tally, start, &path, &mut violations) == 0 && count > start.applied {
            violations.push(format!("B1: {count} are applied without a backup"));
        }
    }
    let pending = point::database(start, &path, &mut violations).is_some_and(|count| count < LADDER.len());
    let backup = || Backup::beside_database();
    match Connection::open(&path).map(|mut conn| LADDER.runner().backup(backup()).run(&mut conn)) {
        Ok(Ok(_)) => {}
        other => violations.push(format!("I6: it cannot go on: {other:?}")),
    }
    look(tally, start, &path, &mut violations);
    if pending && has_partial(&path) {
        violations.push("B3: half a backup is left of a process that was killed".to_owned());
    }
    violations.into_iter().for_each(|violation| tally.violation(&name, violation));
}
