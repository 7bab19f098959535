//! How long a session goes on while nothing moves. Asks no clock: it counts the waits that it hands out, and what its
//! caller says has passed.

use std::time::Duration;

const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(crate) struct Patience {
    pub(crate) deadline: Duration,
    /// Since something has moved last.
    stalled: Duration,
    next: Duration,
}

impl Patience {
    pub(crate) fn new(deadline: Duration) -> Self {
        Self { deadline, stalled: Duration::ZERO, next: FIRST_WAIT }
    }

    /// How long to wait before the next try. None at the deadline.
    pub(crate) fn wait(&mut self) -> Option<Duration> {
        let left = self.deadline.checked_sub(self.stalled).filter(|left| !left.is_zero())?;
        let wait = self.next.min(left);
        self.next = (self.next * 2).min(LONGEST_WAIT);
        self.stalled += wait;
        Some(wait)
    }

    pub(crate) fn passed(&mut self, time: Duration) {
        self.stalled = self.stalled.saturating_add(time);
    }

    pub(crate) fn moved(&mut self) {
        *self = Self::new(self.deadline);
    }

    pub(crate) fn stalled(&self) -> Duration {
        self.stalled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(patience: &mut Patience, times: usize) -> Vec<u128> {
        (0..times).map_while(|_| patience.wait().map(|wait| wait.as_millis())).collect()
    }

    #[test]
    fn waits_double_up_to_a_second_until_the_deadline() {
        let mut patience = Patience::new(Duration::from_millis(2500));
        assert_eq!(ms(&mut patience, 99), [50, 100, 200, 400, 800, 950]);
        assert_eq!(patience.stalled(), Duration::from_millis(2500));
        patience.moved();
        patience.passed(Duration::from_secs(2));
        assert_eq!(ms(&mut patience, 99), [50, 100, 200, 150]);
        assert_eq!(ms(&mut Patience::new(Duration::from_secs(9)), 7), [50, 100, 200, 400, 800, 1000, 1000]);
        assert_eq!(Patience::new(Duration::ZERO).wait(), None);
    }
}
