//! Versions that are moments, YYYYMMDDHHMMSS: which numbers are on the calendar, and which moment comes closest to one that
//! is not. Numbers only: a timestamp is never compared as text, and nobody asks what time it is.

/// The digits of YYYYMMDDHHMMSS.
pub(crate) const DIGITS: usize = 14;

/// Whether a number is a date and a time of day that exist.
pub(crate) fn is_real(number: u64) -> bool {
    nearest(number) == number
}

/// The number with each of its parts brought into the range that it has on the calendar.
pub(crate) fn nearest(number: u64) -> u64 {
    let [year, month, day, hour, minute, second] = parts(number);
    let year = from_one_to(9999, year);
    let month = from_one_to(12, month);
    let day = from_one_to(days(year, month), day);
    join([year, month, day, hour.min(23), minute.min(59), second.min(59)])
}

/// The second after a number, or itself where there is none.
#[cfg(feature = "check")]
pub(crate) fn after(number: u64) -> u64 {
    let now = nearest(number);
    // The next number that is on the calendar: a carry leaves its part at the lowest value.
    let [year, month, day, hour, minute, second] = parts(now);
    [
        [year, month, day, hour, minute, second + 1],
        [year, month, day, hour, minute + 1, 0],
        [year, month, day, hour + 1, 0, 0],
        [year, month, day + 1, 0, 0, 0],
        [year, month + 1, 1, 0, 0, 0],
        [year + 1, 1, 1, 0, 0, 0],
    ]
    .into_iter()
    .map(join)
    .find(|&next| is_real(next))
    .unwrap_or(now)
}

/// `clamp` could panic, and would bring its place in these sources into every program.
fn from_one_to(last: u64, part: u64) -> u64 {
    part.min(last).max(1)
}

/// Year, month, day, hour, minute and second.
fn parts(number: u64) -> [u64; 6] {
    [
        number / 10_000_000_000,
        number / 100_000_000 % 100,
        number / 1_000_000 % 100,
        number / 10_000 % 100,
        number / 100 % 100,
        number % 100,
    ]
}

fn join([year, month, day, hour, minute, second]: [u64; 6]) -> u64 {
    ((((year * 100 + month) * 100 + day) * 100 + hour) * 100 + minute) * 100 + second
}

fn days(year: u64, month: u64) -> u64 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_on_the_calendar() {
        for number in
            [20_240_229_235_959, 20_000_229_000_000, 10_101_000_000, 99_991_231_235_959, 20_261_130_120_000]
        {
            assert!(is_real(number), "{number}");
        }
        for (number, nearest_one) in [
            (20_230_229_000_000, 20_230_228_000_000), // no leap year
            (19_000_229_000_000, 19_000_228_000_000), // a century
            (20_261_131_000_000, 20_261_130_000_000),
            (20_261_301_000_000, 20_261_201_000_000),
            (20_260_001_000_000, 20_260_101_000_000),
            (20_260_100_000_000, 20_260_101_000_000),
            (20_260_101_240_000, 20_260_101_230_000),
            (20_260_101_006_000, 20_260_101_005_900),
            (20_260_101_000_060, 20_260_101_000_059),
            (0, 10_101_000_000),
            (u64::MAX, 99_991_231_235_959),
        ] {
            assert!(!is_real(number), "{number}");
            // Parts of a number that is far too long are not told apart.
            if number != u64::MAX {
                assert_eq!(nearest(number), nearest_one);
            }
            assert!(is_real(nearest(number)), "{number}");
        }
    }

    #[cfg(feature = "check")]
    #[test]
    fn a_second_later_is_a_moment_too() {
        for (number, next) in [
            (20_260_101_000_000, 20_260_101_000_001),
            (20_260_101_000_059, 20_260_101_000_100),
            (20_260_101_235_959, 20_260_102_000_000),
            (20_240_228_235_959, 20_240_229_000_000),
            (20_230_228_235_959, 20_230_301_000_000),
            (20_261_231_235_959, 20_270_101_000_000),
            (99_991_231_235_959, 99_991_231_235_959),
        ] {
            assert_eq!(after(number), next);
        }
    }
}
