//! The only place that asks for the time, and only where something waits or somebody listens.
//!
//! In a browser the standard library has no clock, and a thread cannot sleep.

use std::time::Duration;

#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
use std::time::Instant;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
use web_time::Instant;

/// A moment from which time is measured.
#[derive(Clone, Copy)]
pub(super) struct Moment(Instant);

impl Moment {
    pub(super) fn now() -> Self {
        Self(Instant::now())
    }

    pub(super) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// Whether a thread can wait for other connections at all.
pub(super) const CAN_SLEEP: bool = cfg!(not(all(target_arch = "wasm32", target_os = "unknown")));

/// Waits, where [`CAN_SLEEP`].
pub(super) fn sleep(duration: Duration) {
    if CAN_SLEEP {
        std::thread::sleep(duration);
    }
}
