//! Waiting for other connections: a loop of our own around the few steps that may have to.

use std::cell::Cell;
use std::time::Duration;

use rusqlite::ErrorCode;

use super::clock::{self, Moment};
use super::trace;

/// How long a call may wait in all. Time spent working does not count.
pub(crate) struct Wait {
    limit: Duration,
    /// Shared, since every step of a call draws on the same time.
    waited: Cell<Duration>,
}

/// Short enough to follow a small migration closely, long enough to leave the processor to it.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// What telling what was kept may wait for when no time is left: a commit of another connection takes less.
const GRACE: Duration = Duration::from_millis(200);

impl Wait {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit, waited: Cell::new(Duration::ZERO) }
    }

    /// How long this call has waited so far.
    pub(crate) fn waited(&self) -> Duration {
        self.waited.get()
    }

    /// What is left, or a moment where nothing is: for a step that only makes an error clearer.
    pub(crate) fn grace(&self) -> Self {
        Self::new(self.limit.saturating_sub(self.waited()).max(GRACE))
    }

    /// Repeats a step for as long as another connection is in its way. The first attempt is not timed, as it is
    /// nearly always the only one.
    pub(crate) fn retry<T, E: Busy>(&self, mut step: impl FnMut() -> Result<T, E>) -> Result<T, E> {
        let mut attempts = Attempts { wait: self, before: self.waited(), pause: FIRST_PAUSE, last: None };
        loop {
            let result = step();
            if !attempts.again(result.as_ref().is_err_and(Busy::is_busy)) {
                return result;
            }
        }
    }
}

/// The attempts at one step.
struct Attempts<'w> {
    wait: &'w Wait,
    /// How long the call had waited before the first one.
    before: Duration,
    /// Before the next one.
    pause: Duration,
    /// When the last pause began, and how long it was.
    last: Option<(Moment, Duration)>,
}

impl Attempts<'_> {
    /// Pauses before another attempt, if there is to be one.
    fn again(&mut self, is_busy: bool) -> bool {
        let waited = &self.wait.waited;
        if let Some((start, pause)) = self.last.take() {
            // A busy handler of the application's may wait inside of the step. Time spent in a step that is not in
            // anybody's way is work.
            waited.set(waited.get() + if is_busy { start.elapsed() } else { pause });
        }
        let left = self.wait.limit.saturating_sub(waited.get());
        if !is_busy || left.is_zero() || !clock::CAN_SLEEP {
            trace::waited(waited.get().saturating_sub(self.before));
            return false;
        }
        let pause = self.pause.min(left);
        self.last = Some((Moment::now(), pause));
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        clock::sleep(pause);
        true
    }
}

/// An error that may say that another connection has to finish first.
pub(crate) trait Busy {
    fn is_busy(&self) -> bool;
}

impl<E: Busy> Busy for Box<E> {
    fn is_busy(&self) -> bool {
        E::is_busy(self)
    }
}

impl Busy for rusqlite::Error {
    fn is_busy(&self) -> bool {
        let Self::SqliteFailure(error, _) = self else { return false };
        // A plain SQLITE_LOCKED is a conflict within one connection, and waiting would not end it.
        error.code == ErrorCode::DatabaseBusy
            || error.extended_code == rusqlite::ffi::SQLITE_LOCKED_SHAREDCACHE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Busy for bool {
        fn is_busy(&self) -> bool {
            *self
        }
    }

    #[test]
    fn a_step_is_repeated_until_it_succeeds_or_time_is_up() {
        let mut attempts = 0;
        let result = Wait::new(Duration::from_secs(10)).retry(|| {
            attempts += 1;
            if attempts < 4 { Err(true) } else { Ok(attempts) }
        });
        assert_eq!(result, Ok(4));

        let wait = Wait::new(Duration::from_millis(20));
        assert_eq!(wait.retry(|| Err::<(), _>(true)), Err(true));
        assert!(wait.waited() >= Duration::from_millis(20));
        assert!(wait.grace().limit >= GRACE);
    }

    #[test]
    fn the_processor_is_left_to_whoever_is_waited_for() {
        let mut attempts = 0;
        let result = Wait::new(LONGEST_PAUSE * 4).retry(|| {
            attempts += 1;
            Err::<(), _>(true)
        });
        // 1, 2, 4, 8, 16, 32, 50, 50 ms, and what is left; fewer on a machine that sleeps longer.
        assert!(result.is_err() && (2..=10).contains(&attempts), "{attempts}");
    }

    #[test]
    fn another_error_ends_the_wait() {
        let mut attempts = 0;
        let result = Wait::new(Duration::MAX).retry(|| {
            attempts += 1;
            Err::<(), _>(attempts < 2)
        });
        assert_eq!((result, attempts), (Err(false), 2));
    }
}
