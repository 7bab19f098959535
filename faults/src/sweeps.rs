//! Faults that come one call later in each point, until the run ends before it.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::trace::{TraceEvent, TraceEventCodes};

use crate::heap;
use crate::ladder::{self, Journal, LADDER, OF_THE_STEP, Start};
use crate::point::{self, Fault, Place};
use crate::tally::{Tally, side_by_side};
use crate::vfs::{self, How};

/// Takes every point of one kind at one place.
pub(crate) fn sweep<F: Fault>(tally: &Tally, place: Place<'_>, kind: &str, fault: impl Fn(u64) -> F) {
    let mut at = 1;
    while point::take(tally, place, &format!("{}, {kind}, {at}", place.name()), &fault(at)) {
        at += 1;
    }
    tally.count("points", at - 1);
}

/// Both starts, each with all journals. Foreign keys are off before the run at every other place.
fn places<'a>(starts: &'a [Start], journals: &[Journal]) -> Vec<Place<'a>> {
    let places = starts.iter().flat_map(|start| journals.iter().map(|&journal| Place::new(start, journal)));
    let places = places.enumerate();
    places.map(|(index, place)| Place { foreign_keys: index % 2 == 0, ..place }).collect()
}

pub(crate) const ONCE_OR_FOR_EVER: [(&str, bool); 2] = [("once", false), ("for ever", true)];

pub(crate) struct FileSystem(pub(crate) vfs::Fault);

impl Fault for FileSystem {
    fn arm(&self, _: &mut Connection) {
        vfs::fail(self.0);
    }

    fn disarm(&self, _: &mut Connection, _: bool) -> bool {
        vfs::stop_failing()
    }

    fn lock_timeout(&self) -> Duration {
        // Somebody who never lets go is waited for in vain.
        if self.0.how == How::Busy && self.0.forever {
            Duration::from_millis(3)
        } else {
            Duration::from_secs(10)
        }
    }
}

pub fn io(long: bool) -> ExitCode {
    let tally = Tally::new("io");
    let starts = [Start::fresh(), Start::half_way()];
    let mut jobs = Vec::new();
    for place in places(&starts, &Journal::ALL) {
        let sizes: &[u32] = if long { &[512, 4096, 65536] } else { &[4096] };
        for &page_size in sizes {
            for how in [How::IoError, How::DiskFull] {
                for (kind, forever) in ONCE_OR_FOR_EVER {
                    // On every change: a new database finds the disk full once.
                    if long || how == How::IoError || (place.start.applied == 0 && !forever) {
                        jobs.push((Place { page_size, ..place }, how, kind, forever));
                    }
                }
            }
        }
    }
    side_by_side(&jobs, |&(place, how, kind, forever)| {
        let kind = format!("{} byte pages, {how:?} {kind}", place.page_size);
        sweep(&tally, place, &kind, |at| FileSystem(vfs::Fault { how, at, forever }));
    });
    tally.finish(&[("points", 7_950)])
}

pub fn busy(long: bool) -> ExitCode {
    let tally = Tally::new("busy");
    let starts = [Start::fresh(), Start::half_way()];
    let jobs: Vec<_> = places(&starts, &Journal::ALL)
        .into_iter()
        .flat_map(|place| ONCE_OR_FOR_EVER.map(|(kind, forever)| (place, kind, forever)))
        // One who never lets go is waited for, so those points take long.
        .filter(|(place, _, forever)| long || !forever || place.start.applied > 0)
        .collect();
    side_by_side(&jobs, |&(place, kind, forever)| {
        sweep(&tally, place, kind, |at| FileSystem(vfs::Fault { how: How::Busy, at, forever }));
    });
    tally.finish(&[("points", 268)])
}

pub(crate) struct Memory {
    pub(crate) at: u64,
    pub(crate) forever: bool,
}

impl Fault for Memory {
    fn arm(&self, _: &mut Connection) {
        heap::fail(self.at, self.forever);
    }

    fn disarm(&self, _: &mut Connection, _: bool) -> bool {
        heap::stop_failing()
    }
}

pub fn memory(long: bool) -> ExitCode {
    let tally = Tally::new("memory");
    let starts = [Start::half_way(), Start::fresh()];
    let journals: &[Journal] = if long { &Journal::ALL } else { &[Journal::Delete, Journal::Wal] };
    let starts = if long { &starts[..] } else { &starts[..1] };
    let jobs: Vec<_> = places(starts, journals)
        .into_iter()
        .flat_map(|place| ONCE_OR_FOR_EVER.map(|(kind, forever)| (place, kind, forever)))
        .collect();
    side_by_side(&jobs, |&(place, kind, forever)| {
        sweep(&tally, place, kind, |at| Memory { at, forever });
    });
    tally.finish(&[("points", 16_110)])
}

/// Interrupts the run at one of SQLite's looks at its progress handler, and lets it be after that.
struct Interrupt {
    at: u64,
    /// Instructions between two looks.
    every: i32,
    looks: Arc<AtomicU64>,
}

impl Fault for Interrupt {
    fn arm(&self, conn: &mut Connection) {
        let (at, looks) = (self.at, Arc::clone(&self.looks));
        conn.progress_handler(self.every, Some(move || looks.fetch_add(1, Ordering::Relaxed) + 1 == at))
            .expect("a handler");
    }

    fn disarm(&self, conn: &mut Connection, _: bool) -> bool {
        conn.progress_handler(0, None::<fn() -> bool>).expect("no handler");
        self.looks.load(Ordering::Relaxed) >= self.at
    }
}

pub fn interrupt(long: bool) -> ExitCode {
    let tally = Tally::new("interrupt");
    let starts = [Start::half_way()];
    let every = if long { 1 } else { 20 };
    side_by_side(&places(&starts, &[Journal::Delete, Journal::Wal]), |&place| {
        sweep(&tally, place, "interrupted", |at| Interrupt { at, every, looks: Arc::default() });
    });
    tally.finish(&[("points", 2_299)])
}

/// Lets the database grow by so many pages less one.
struct Full {
    at: u64,
}

/// SQLite's own limit on pages.
const NO_LIMIT: i64 = 0xffff_fffe;

fn limit(conn: &Connection, pages: i64) {
    let sql = format!("PRAGMA max_page_count = {pages}");
    let set: i64 = conn.query_row(&sql, [], |row| row.get(0)).expect("a limit");
    assert_eq!(set, pages, "the limit is taken");
}

impl Fault for Full {
    fn arm(&self, conn: &mut Connection) {
        let pages: i64 = conn.query_row("PRAGMA page_count", [], |row| row.get(0)).expect("a count");
        limit(conn, pages.max(1) + i64::try_from(self.at).expect("it is small") - 1);
    }

    fn disarm(&self, conn: &mut Connection, failed: bool) -> bool {
        limit(conn, NO_LIMIT);
        failed
    }
}

pub fn full(_long: bool) -> ExitCode {
    let tally = Tally::new("full");
    let starts = [Start::fresh(), Start::half_way()];
    let mut jobs = places(&starts, &Journal::ALL);
    for place in &mut jobs {
        place.page_size = 512;
    }
    side_by_side(&jobs, |&place| sweep(&tally, place, "full", |at| Full { at }));
    tally.finish(&[("points", 686)])
}

/// What the authorizer answers to one of its questions, or to all from there on.
pub(crate) struct Denied {
    at: u64,
    forever: bool,
    answer: Authorization,
    questions: Arc<AtomicU64>,
}

impl Denied {
    pub(crate) fn new(at: u64, forever: bool, answer: Authorization) -> Self {
        Self { at, forever, answer, questions: Arc::default() }
    }

    /// To ignore is to leave a statement out without an error. Only where a run looks whether it has had its effect
    /// can it answer for that: its settings, and the record.
    fn is_asked(answer: Authorization, action: AuthAction<'_>) -> bool {
        match action {
            _ if answer == Authorization::Deny => true,
            AuthAction::Pragma { pragma_name, pragma_value } => {
                matches!(pragma_name, "foreign_keys" | "legacy_alter_table") && pragma_value.is_some()
            }
            AuthAction::Insert { table_name } => table_name == "schema_migrations",
            _ => false,
        }
    }
}

impl Fault for Denied {
    fn arm(&self, conn: &mut Connection) {
        let Self { at, forever, answer, .. } = *self;
        let questions = Arc::clone(&self.questions);
        let authorizer = move |context: AuthContext<'_>| {
            if !Self::is_asked(answer, context.action) {
                return Authorization::Allow;
            }
            let question = questions.fetch_add(1, Ordering::Relaxed) + 1;
            // For ever, but for the way back: no program could end its transaction where ROLLBACK is denied.
            let ends =
                matches!(context.action, AuthAction::Transaction { .. } | AuthAction::Savepoint { .. });
            if question == at || (forever && question > at && !ends) { answer } else { Authorization::Allow }
        };
        conn.authorizer(Some(authorizer)).expect("an authorizer");
    }

    fn disarm(&self, conn: &mut Connection, _: bool) -> bool {
        conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>).expect("no authorizer");
        self.questions.load(Ordering::Relaxed) >= self.at
    }
}

pub fn denied(long: bool) -> ExitCode {
    let tally = Tally::new("denied");
    let starts = [Start::half_way(), Start::fresh()];
    let starts = if long { &starts[..] } else { &starts[..1] };
    let mut jobs = Vec::new();
    for place in places(starts, &[Journal::Delete]) {
        for (kind, forever) in ONCE_OR_FOR_EVER {
            jobs.push((place, format!("denied {kind}"), forever, Authorization::Deny));
            jobs.push((place, format!("ignored {kind}"), forever, Authorization::Ignore));
        }
    }
    side_by_side(&jobs, |(place, kind, forever, answer)| {
        sweep(&tally, *place, kind, |at| Denied::new(at, *forever, *answer));
    });
    tally.finish(&[("points", 1_440)])
}

/// No fault at all: every statement of a run stands where it has to, in its own savepoint of a transaction that
/// took the write lock first.
pub fn frames(_long: bool) -> ExitCode {
    let tally = Tally::new("frames");
    let starts = [Start::fresh(), Start::half_way()];
    side_by_side(&places(&starts, &Journal::ALL), |place| {
        let folder = ladder::folder();
        let mut conn = Connection::open(place.start.put(folder.path())).expect("a connection");
        place.journal.set(&conn).expect("a journal mode");
        let frame = Arc::new(Mutex::new(Frame::default()));
        let seen = Arc::clone(&frame);
        let trace = move |event: TraceEvent| {
            if let TraceEvent::Stmt(_, sql) = event {
                seen.lock().expect("no panic").enter(sql);
            }
        };
        conn.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(trace)).expect("a trace");
        if let Err(error) = LADDER.run(&mut conn) {
            tally.violation(place.name(), format!("nothing was in the way: {error:?}"));
        }
        drop(conn);
        let frame = frame.lock().expect("no panic");
        tally.count("statements", frame.statements);
        frame.violations.iter().for_each(|violation| tally.violation(place.name(), violation));
    });
    tally.finish(&[("statements", 886)])
}

/// Where a run is, by what it has asked SQLite.
#[derive(Default)]
struct Frame {
    writes: bool,
    reads: bool,
    savepoints: usize,
    statements: u64,
    violations: Vec<String>,
}

impl Frame {
    fn enter(&mut self, sql: &str) {
        let stands = match sql {
            "BEGIN" => !std::mem::replace(&mut self.reads, true) && !self.writes,
            "BEGIN IMMEDIATE" => !std::mem::replace(&mut self.writes, true) && !self.reads,
            "COMMIT" | "ROLLBACK" => {
                let stands = (self.reads || self.writes) && self.savepoints == 0;
                (self.reads, self.writes, self.savepoints) = (false, false, 0);
                stands
            }
            // A step has one of its own in that of its file.
            _ if sql.starts_with("SAVEPOINT migrate") => {
                self.savepoints += 1;
                self.writes && self.savepoints == 1 + usize::from(sql.ends_with("_step"))
            }
            _ if sql.starts_with("RELEASE migrate") => {
                self.savepoints = self.savepoints.saturating_sub(1);
                self.writes && self.savepoints == usize::from(sql.ends_with("_step"))
            }
            _ if OF_THE_STEP.contains(&sql) => {
                self.statements += 1;
                self.writes && self.savepoints == 2
            }
            _ if sql.starts_with("PRAGMA foreign_keys") || sql.starts_with("PRAGMA legacy") => !self.writes,
            // What triggers and FTS5 do is not the run's own.
            _ if LADDER.iter().any(|migration| migration.sql().contains(sql.trim())) => {
                self.statements += 1;
                self.writes && self.savepoints == 1
            }
            _ => true,
        };
        if !stands {
            self.violations.push(format!(
                "`{sql}` with {} savepoints, {} write transaction",
                self.savepoints,
                if self.writes { "in a" } else { "in no" }
            ));
        }
    }
}
