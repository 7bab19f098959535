//! The time of a record. It comes from the engine, with the history, so that no clock is asked where there may be none,
//! and goes on by what the caller says has passed.

use std::time::Duration;

/// Milliseconds since 1970, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clock(i64);

impl Clock {
    pub(crate) fn new(milliseconds: i64) -> Self {
        Self(milliseconds)
    }

    pub(crate) fn passed(&mut self, time: Duration) {
        self.0 = self.0.saturating_add(i64::try_from(time.as_millis()).unwrap_or(i64::MAX));
    }

    /// Such as `2026-11-25 08:30:00.123`, which SQLite takes for a time.
    pub(crate) fn text(self) -> String {
        // A year beyond four digits is no time to SQLite.
        let at = self.0.clamp(0, 253_402_300_799_999);
        let (days, rest) = (at.div_euclid(86_400_000), at.rem_euclid(86_400_000));
        let (year, month, day) = civil(days);
        let (seconds, milliseconds) = (rest / 1000, rest % 1000);
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!("{year:04}-{month:02}-{day:02} {hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}")
    }
}

/// Days since 1970 as year, month and day, by Howard Hinnant's `civil_from_days`.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_sqlite_reads_it() {
        for (milliseconds, text) in [
            (0, "1970-01-01 00:00:00.000"),
            (951_826_154_007, "2000-02-29 12:09:14.007"),
            (1_764_030_000_123, "2025-11-25 00:20:00.123"),
            (-1, "1970-01-01 00:00:00.000"),
            (i64::MAX, "9999-12-31 23:59:59.999"),
        ] {
            assert_eq!(Clock::new(milliseconds).text(), text);
        }
        let mut clock = Clock::new(1_764_030_000_123);
        clock.passed(Duration::from_millis(59_900));
        assert_eq!(clock.text(), "2025-11-25 00:21:00.023");
    }
}
