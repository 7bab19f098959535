//! How versions are numbered: which one comes first, which may follow, how they are padded, and where in a set a
//! version stands. The only place that knows.

use super::migration::Migration;
use super::timestamp;

/// The number of the file that creates the tracking table.
pub(crate) const FIRST: u64 = 0;

/// Versions run 0, 1, 2 … without a gap, each padded with zeros to the width of the first one. Where that has fourteen
/// digits, the versions after it are timestamps: moments in order, with gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Numbering {
    width: usize,
}

impl Numbering {
    /// The numbering of a history whose first file has this version.
    pub(crate) fn of(first_version: &str) -> Self {
        Self { width: first_version.len() }
    }

    /// A version as its digits stand in a file name.
    pub(crate) fn version(self, number: u64) -> String {
        format!("{number:0width$}", width = self.width)
    }

    /// Whether the versions after the first one are timestamps.
    pub(crate) fn is_timestamps(self) -> bool {
        self.width == timestamp::DIGITS
    }

    /// Whether a number can be a version at all.
    pub(crate) fn has(self, number: u64) -> bool {
        !self.is_timestamps() || number == FIRST || timestamp::is_real(number)
    }
}

#[cfg(feature = "check")]
impl Numbering {
    /// The numbering that is proposed where there is no file yet.
    pub(crate) const USUAL: Self = Self { width: 3 };

    /// The numbers that are missing between two files, the first and the last of them.
    pub(crate) fn gap(self, before: u64, after: u64) -> Option<(u64, u64)> {
        (!self.is_timestamps() && after > before + 1).then(|| (before + 1, after - 1))
    }

    /// Whether a file may come right after another, or be the first one.
    pub(crate) fn follows(self, before: Option<u64>, number: u64) -> bool {
        match before {
            None => number == FIRST,
            Some(before) if self.is_timestamps() => before < number,
            Some(before) => before.checked_add(1) == Some(number),
        }
    }

    /// The version to propose after the highest one.
    pub(crate) fn next(self, highest: Option<u64>) -> u64 {
        /// Any moment: which time it is, a message must not depend on.
        const FIRST_MOMENT: u64 = 20_260_101_000_000;
        match highest {
            None => FIRST,
            Some(FIRST) if self.is_timestamps() => FIRST_MOMENT,
            Some(highest) if self.is_timestamps() => timestamp::after(highest),
            Some(highest) => highest.saturating_add(1),
        }
    }

    /// The version of a file that is written at this moment, as the number of a timestamp.
    #[cfg(feature = "build")]
    pub(crate) fn next_at(self, highest: Option<u64>, now: u64) -> u64 {
        let next = self.next(highest);
        if self.is_timestamps() && highest.is_some() { next.max(now) } else { next }
    }

    /// The version to propose in place of a number that somebody wrote, if anything like it can be one.
    pub(crate) fn like(self, number: u64) -> Option<u64> {
        if self.has(number) {
            return Some(number);
        }
        let nearest = timestamp::nearest(number);
        // Fewer digits than a moment has are no moment long ago.
        (self.version(number).len() == self.width && self.version(number).starts_with(['1', '2']))
            .then_some(nearest)
    }
}

/// Where the migration of a version stands in a set, or else where it would.
pub(crate) fn position(migrations: &[Migration], number: u64) -> Result<usize, usize> {
    migrations.binary_search_by_key(&number, Migration::number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::migration::{Mode, made_of};

    #[test]
    fn a_position_is_looked_for_and_never_computed_from_the_number() {
        let set = [
            made_of!("00_a.sql", 2, "", &[], Mode::USUAL),
            made_of!("03_a.sql", 2, "", &[], Mode::USUAL),
            made_of!("20_a.sql", 2, "", &[], Mode::USUAL),
        ];
        for (number, at) in [(0, Ok(0)), (3, Ok(1)), (20, Ok(2)), (1, Err(1)), (21, Err(3))] {
            assert_eq!(position(&set, number), at, "{number}");
        }
    }

    #[cfg(feature = "check")]
    #[test]
    fn versions_run_without_a_gap() {
        let numbering = Numbering::of("000");
        assert_eq!((numbering.version(7), numbering.version(1000)), ("007".to_owned(), "1000".to_owned()));
        assert_eq!(numbering.gap(1, 2), None);
        assert_eq!(numbering.gap(1, 5), Some((2, 4)));
        assert!(numbering.follows(None, 0) && numbering.follows(Some(0), 1));
        assert!(!numbering.follows(None, 1) && !numbering.follows(Some(0), 2));
        assert!(!numbering.follows(Some(u64::MAX), 0));
        assert_eq!((numbering.next(None), numbering.next(Some(4))), (0, 5));
    }

    #[cfg(feature = "check")]
    #[test]
    fn fourteen_digits_are_timestamps() {
        let numbering = Numbering::of("00000000000000");
        assert!(numbering.is_timestamps() && !Numbering::of("0000000000000").is_timestamps());
        assert!(numbering.has(0) && numbering.has(20_260_101_120_000));
        assert!(!numbering.has(1) && !numbering.has(20_260_132_000_000));
        assert!(numbering.follows(Some(0), 20_260_101_000_000));
        assert!(numbering.follows(Some(20_251_231_235_959), 20_260_101_000_000));
        assert!(!numbering.follows(Some(20_260_101_000_000), 20_251_231_235_959));
        assert!(!numbering.follows(None, 20_260_101_000_000));
        assert_eq!(numbering.gap(0, 20_260_101_000_000), None);
        assert_eq!(numbering.next(Some(0)), 20_260_101_000_000);
        assert_eq!(numbering.next(Some(20_260_101_235_959)), 20_260_102_000_000);
        for (number, like) in
            [(20_260_230_000_000, Some(20_260_228_000_000)), (2_026, None), (0, Some(0)), (u64::MAX, None)]
        {
            assert_eq!(numbering.like(number), like, "{number}");
        }
    }
}
