//! Counts points and violations, takes points side by side, and ends a process in which one of them hangs.

use std::collections::HashMap;
use std::fmt::Display;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

/// What one command has seen so far.
pub struct Tally {
    command: &'static str,
    start: Instant,
    counts: Mutex<Vec<(String, u64)>>,
    violations: Mutex<Vec<String>>,
}

static FIRST: AtomicBool = AtomicBool::new(false);

/// From here on the first violation ends the process, which then fails.
pub fn end_at_the_first() {
    FIRST.store(true, Ordering::Relaxed);
}

/// The violations that are shown; the rest is counted.
const SHOWN: usize = 10;

impl Tally {
    pub fn new(command: &'static str) -> Self {
        watch();
        Self { command, start: Instant::now(), counts: Mutex::default(), violations: Mutex::default() }
    }

    /// Adds to a figure, which is shown in the order of first use.
    pub fn count(&self, what: &str, more: u64) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.iter_mut().find(|(name, _)| name == what) {
            Some((_, count)) => *count += more,
            None => counts.push((what.to_owned(), more)),
        }
    }

    pub fn violation(&self, point: impl Display, what: impl Display) {
        let mut violations = self.violations.lock().unwrap_or_else(PoisonError::into_inner);
        violations.push(format!("{point}: {what}"));
        if FIRST.load(Ordering::Relaxed) {
            println!("{}: 1 violation\n  {point}: {what}", self.command);
            std::process::exit(1);
        }
    }

    /// Prints what was seen. Fails on one violation, and where a figure is below what it must be: a suite that
    /// looked at nothing has found nothing either.
    pub fn finish(self, at_least: &[(&str, u64)]) -> ExitCode {
        let counts = self.counts.into_inner().unwrap_or_else(PoisonError::into_inner);
        let violations = self.violations.into_inner().unwrap_or_else(PoisonError::into_inner);
        let figures: Vec<_> = counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
        println!(
            "{}: {}, {} violations, {:.1} s",
            self.command,
            figures.join(", "),
            violations.len(),
            self.start.elapsed().as_secs_f64()
        );
        for violation in violations.iter().take(SHOWN) {
            println!("  {violation}");
        }
        let mut failed = !violations.is_empty();
        for (what, least) in at_least {
            let count = counts.iter().find(|(name, _)| name == what).map_or(0, |(_, count)| *count);
            if count < *least {
                println!("  only {count} {what}, and {least} are asked for");
                failed = true;
            }
        }
        if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

/// Takes jobs side by side, one per processor.
pub fn side_by_side<T: Sync>(jobs: &[T], take: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    take(job);
                }
            });
        }
    });
}

static WATCHED: LazyLock<Mutex<HashMap<ThreadId, (String, Instant)>>> = LazyLock::new(Mutex::default);

/// Longer than any point takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A point that has to end.
pub struct Watched;

impl Watched {
    pub fn new(point: String) -> Self {
        let mut watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
        watched.insert(thread::current().id(), (point, Instant::now()));
        Self
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let mut watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
        watched.remove(&thread::current().id());
    }
}

fn watch() {
    thread::spawn(|| {
        loop {
            thread::sleep(Duration::from_secs(1));
            let watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((point, _)) = watched.values().find(|(_, start)| start.elapsed() > PATIENCE) {
                println!("{point}: it hangs");
                std::process::exit(1);
            }
        }
    });
}
