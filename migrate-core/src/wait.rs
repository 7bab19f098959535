//! Waiting for other connections: a loop of our own around the few steps that may have to.

use std::thread;
use std::time::{Duration, Instant};

use rusqlite::ErrorCode;

/// How long a call may wait in all. Time spent working does not count.
pub(crate) struct Wait {
    limit: Duration,
    pub(crate) waited: Duration,
}

/// Short enough to follow a small migration closely, long enough to leave the processor to it.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

impl Wait {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit, waited: Duration::ZERO }
    }

    /// Repeats a step for as long as another connection is in its way.
    pub(crate) fn retry<T, E>(
        &mut self,
        is_busy: impl Fn(&E) -> bool,
        mut step: impl FnMut() -> Result<T, E>,
    ) -> Result<T, E> {
        let mut pause = FIRST_PAUSE;
        loop {
            let start = Instant::now();
            match step() {
                Err(error) if is_busy(&error) => {
                    // A busy handler of the application's may have waited inside of the step.
                    let left = self.limit.saturating_sub(self.waited + start.elapsed());
                    if left.is_zero() {
                        self.waited += start.elapsed();
                        return Err(error);
                    }
                    thread::sleep(pause.min(left));
                    self.waited += start.elapsed();
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                result => return result,
            }
        }
    }
}

/// Whether SQLite's answer is that another connection has to finish first.
pub(crate) fn is_busy(error: &rusqlite::Error) -> bool {
    let rusqlite::Error::SqliteFailure(error, _) = error else { return false };
    // A plain SQLITE_LOCKED is a conflict within one connection, and waiting would not end it.
    error.code == ErrorCode::DatabaseBusy || error.extended_code == rusqlite::ffi::SQLITE_LOCKED_SHAREDCACHE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_repeated_until_it_succeeds_or_time_is_up() {
        let mut attempts = 0;
        let result = Wait::new(Duration::from_secs(10)).retry(
            |_: &()| true,
            || {
                attempts += 1;
                if attempts < 4 { Err(()) } else { Ok(attempts) }
            },
        );
        assert_eq!(result, Ok(4));

        let mut wait = Wait::new(Duration::from_millis(20));
        assert_eq!(wait.retry(|()| true, || Err::<(), ()>(())), Err(()));
        assert!(wait.waited >= Duration::from_millis(20));
    }

    #[test]
    fn another_error_ends_the_wait() {
        let mut attempts = 0;
        let result = Wait::new(Duration::MAX).retry(
            |error: &bool| *error,
            || {
                attempts += 1;
                Err::<(), _>(attempts < 2)
            },
        );
        assert_eq!((result, attempts), (Err(false), 2));
    }
}
