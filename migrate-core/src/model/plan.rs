//! What the rows of a tracking table mean for the embedded set: how far the database is, what is to be done next,
//! or why nothing can be. Whoever carries a plan out decides nothing.

use super::divergence::{Divergence, Mismatch};
use super::migration::{Migration, Settings};
use super::name;
use super::numbering::{self, Numbering};
use super::set::Migrations;

/// How far a database is, while the rows of its tracking table are read, in any order.
pub(crate) struct Progress {
    migrations: &'static [Migration],
    /// The first migrations, as many as are all recorded.
    applied: usize,
    /// Which ones were recorded after a gap, which later rows may still close; empty where none was.
    after_gap: Vec<bool>,
    /// The highest version beyond the embedded ones.
    newer: Option<(u64, String)>,
}

impl Progress {
    pub(crate) fn new(migrations: Migrations) -> Self {
        Self { migrations: migrations.as_slice(), applied: 0, after_gap: Vec::new(), newer: None }
    }

    /// Enters a row if it is for the migration after the last one, as nearly every row is: they come in the
    /// order in which they were added.
    pub(crate) fn enter_next(&mut self, version: &[u8], name: &[u8]) -> bool {
        let is_next = self.migrations.get(self.applied).is_some_and(|next| next.is(version, name));
        if is_next {
            self.close_gap();
        }
        is_next
    }

    /// The next one is recorded, and with it may be those that were waiting for it.
    fn close_gap(&mut self) {
        self.applied += 1;
        while self.after_gap.get(self.applied).is_some_and(|&recorded| recorded) {
            self.applied += 1;
        }
    }

    /// Enters a row.
    pub(crate) fn enter(&mut self, version: &str, name: &str) -> Result<(), Divergence> {
        let unknown = || Divergence::Unknown { version: version.to_owned(), name: name.to_owned() };
        let Some(number) = name::number(version) else { return Err(unknown()) };
        let migrations = self.migrations;
        let position = match numbering::position(migrations, number) {
            Ok(position) => position,
            Err(after) if after == migrations.len() => {
                let numbering = Numbering::of(migrations.first().map_or("", Migration::version));
                if version != numbering.version(number) || !numbering.has(number) {
                    return Err(unknown());
                }
                self.newer = self.newer.take().max(Some((number, version.to_owned())));
                return Ok(());
            }
            Err(_) => return Err(unknown()),
        };
        let Some(migration) = migrations.get(position).filter(|migration| migration.version() == version)
        else {
            return Err(unknown());
        };
        if migration.name() != name {
            return Err(Divergence::Renamed { migration, name: name.to_owned() });
        }
        if position == self.applied {
            self.close_gap();
            return Ok(());
        }
        self.after_gap.resize(migrations.len(), false);
        match self.after_gap.get_mut(position) {
            Some(recorded) if position > self.applied && !*recorded => {
                *recorded = true;
                Ok(())
            }
            _ => Err(Divergence::Repeated { migration }),
        }
    }

    /// How many migrations are applied: all of the first ones.
    pub(crate) fn finish(self) -> Result<usize, Mismatch> {
        if let Some((_, version)) = self.newer {
            return Err(Mismatch::Newer { version, whole: self.applied == self.migrations.len() });
        }
        let mut pending = self.migrations.iter().zip(self.after_gap).skip(self.applied);
        let missing = pending.next().map(|(missing, _)| missing);
        let later = pending.find_map(|(later, recorded)| recorded.then_some(later));
        match missing.zip(later) {
            Some((missing, later)) => Err(Mismatch::Diverged(Divergence::Hole { missing, later })),
            None => Ok(self.applied),
        }
    }
}

/// How far a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// How many of the embedded migrations are applied.
    pub(crate) applied: usize,
    /// The newest version in the database, where a newer build has migrated it in a way that this one can live with.
    pub(crate) newer: Option<String>,
}

impl Standing {
    /// What a history comes to, where the set is compatible and `floor` is what the database says of itself: the position
    /// of the last file that builds before it can not live with.
    pub(crate) fn with_floor(
        mismatch: Mismatch,
        migrations: Migrations,
        floor: i64,
    ) -> Result<Self, Mismatch> {
        let newest = migrations.len().saturating_sub(1);
        let tolerated = usize::try_from(floor).is_ok_and(|floor| 1 <= floor && floor <= newest);
        match mismatch {
            Mismatch::Newer { version, whole: true } if tolerated => {
                Ok(Self { applied: migrations.len(), newer: Some(version) })
            }
            other => Err(other),
        }
    }
}

/// What is to be done with a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// How many migrations are applied.
    pub(crate) applied: usize,
    /// The newest version in the database, where it is a newer one that this build can live with.
    pub(crate) newer: Option<String>,
    /// The pending ones, cut into transactions.
    pub(crate) segments: Vec<Segment>,
}

/// Consecutive migrations that share a transaction, since they run with the same settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) settings: Settings,
    /// At least one.
    pub(crate) migrations: &'static [Migration],
}

impl Plan {
    /// The plan for a database that lacks nothing.
    pub(crate) fn nothing(applied: usize, newer: Option<String>) -> Self {
        Self { applied, newer, segments: Vec::new() }
    }

    /// The plan for a database that has the first `applied` of the migrations that it is to have in the end. In one
    /// whose `schema_defers`, some foreign key is checked as late as at COMMIT.
    pub(crate) fn new(applied: usize, end: &'static [Migration], schema_defers: bool) -> Self {
        let mut segments = Vec::new();
        let mut pending = end.get(applied..).unwrap_or_default();
        while let Some(first) = pending.first() {
            let count = together(pending, schema_defers);
            let migrations = pending.get(..count).unwrap_or_default();
            segments.push(Segment { settings: first.mode().settings, migrations });
            pending = pending.get(count..).unwrap_or_default();
        }
        Self { segments, ..Self::nothing(applied, None) }
    }

    /// Takes the first segment out, as it is carried out next.
    pub(crate) fn take_first(&mut self) -> Option<Segment> {
        let mut segments = std::mem::take(&mut self.segments).into_iter();
        let first = segments.next()?;
        self.applied += first.migrations.len();
        self.segments = segments.collect();
        Some(first)
    }

    /// The first migration that cannot share the transaction of those before it.
    pub(crate) fn second_transaction(&self) -> Option<&'static Migration> {
        self.segments.get(1).and_then(|segment| segment.migrations.first())
    }

    /// How many migrations are pending.
    pub(crate) fn pending(&self) -> usize {
        self.segments.iter().map(|segment| segment.migrations.len()).sum()
    }
}

/// How many of the pending migrations, of which there is one, run in one transaction: those with the settings of
/// the first. One that defers foreign keys stands alone, since a deferred violation shows only at COMMIT, and then
/// the whole transaction is lost.
fn together(pending: &[Migration], schema_defers: bool) -> usize {
    let Some((first, rest)) = pending.split_first() else { return 0 };
    let first = first.mode();
    // With foreign keys off, no violation is put off until COMMIT.
    if first.defers || (schema_defers && first.settings.foreign_keys) {
        return 1;
    }
    1 + rest
        .iter()
        .map(Migration::mode)
        .take_while(|next| next.settings == first.settings && !next.defers)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::migration::{Mode, made_of};
    use crate::model::set::Set;

    const ON: Mode = Mode::USUAL;
    const OFF: Mode = Mode::USUAL.foreign_keys_off();
    const DEFERS: Mode = Mode::USUAL.defers();

    macro_rules! migration {
        ($file_name:literal, $mode:expr) => {
            made_of!($file_name, 2, "", &[], $mode)
        };
    }

    static ALL: [Migration; 4] = [
        migration!("00_zero.sql", ON),
        migration!("01_one.sql", ON),
        migration!("02_two.sql", OFF),
        migration!("03_three.sql", OFF),
    ];
    static SET: Set = Set::made(&ALL, "t");

    fn applied(rows: &[(&str, &str)]) -> Result<usize, String> {
        let mut progress = Progress::new(Migrations::__new(&SET));
        for (version, name) in rows {
            progress.enter(version, name).map_err(|divergence| divergence.to_string())?;
        }
        progress.finish().map_err(|mismatch| format!("{mismatch:?}"))
    }

    #[test]
    fn the_first_migrations_are_applied_whatever_the_order_of_rows() {
        assert_eq!(applied(&[]), Ok(0));
        assert_eq!(applied(&[("01", "one"), ("00", "zero")]), Ok(2));
        assert_eq!(applied(&[("03", "three"), ("00", "zero"), ("02", "two"), ("01", "one")]), Ok(4));
    }

    #[test]
    fn a_row_for_the_next_migration_is_entered_by_one_look() {
        let mut progress = Progress::new(Migrations::__new(&SET));
        for (version, name, is_next) in
            [("01", "one", false), ("00", "nil", false), ("00", "zero", true), ("00", "zero", false)]
        {
            assert_eq!(progress.enter_next(version.as_bytes(), name.as_bytes()), is_next, "{version} {name}");
        }
        // It may close a gap.
        progress.enter("02", "two").expect("it is ours");
        assert!(progress.enter_next(b"01", b"one") && !progress.enter_next(b"02", b"two"));
        assert_eq!(progress.applied, 3);
    }

    #[test]
    fn a_history_that_is_not_ours_is_told_apart() {
        for (rows, told) in [
            (vec![("01", "one")], "00_zero.sql"),
            (vec![("00", "zero"), ("03", "three")], "01_one.sql"),
            (vec![("00", "nil")], "nil"),
            (vec![("0", "zero")], "`0`"),
            (vec![("x", "zero")], "`x`"),
            (vec![("00", "zero"), ("00", "zero")], "twice"),
            (vec![("00", "zero"), ("02", "two"), ("02", "two")], "twice"),
            (vec![("02", "two"), ("00", "zero"), ("01", "one"), ("02", "two")], "twice"),
            (vec![("00", "zero"), ("04", "four"), ("12", "twelve")], "12"),
            (vec![("0004", "four")], "`0004`"),
        ] {
            let message = applied(&rows).expect_err("it differs");
            assert!(message.contains(told), "{rows:?}: {message}");
        }
    }

    #[test]
    fn timestamps_are_ordered_as_numbers_and_stored_as_fourteen_digits() {
        static ALL: [Migration; 3] = [
            made_of!("00000000000000_zero.sql", 14, "", &[], ON),
            made_of!("09991231235959_old.sql", 14, "", &[], ON),
            made_of!("20260101000000_new.sql", 14, "", &[], ON),
        ];
        static SET: Set = Set::made(&ALL, "t");
        let applied = |rows: &[(&str, &str)]| {
            let mut progress = Progress::new(Migrations::__new(&SET));
            for (version, name) in rows {
                progress.enter(version, name).map_err(|divergence| divergence.to_string())?;
            }
            progress.finish().map_err(|mismatch| format!("{mismatch:?}"))
        };
        let (zero, old, new) =
            (("00000000000000", "zero"), ("09991231235959", "old"), ("20260101000000", "new"));
        assert_eq!(applied(&[new, zero, old]), Ok(3));
        for (rows, told) in [
            (vec![zero, new], "09991231235959_old.sql"),
            (vec![zero, ("999", "old")], "`999`"),
            (vec![zero, ("20250101000000", "late")], "`20250101000000`"),
            (vec![zero, ("20260230000000", "no_day")], "`20260230000000`"),
            (
                vec![zero, old, new, ("20260101000001", "next")],
                "Newer { version: \"20260101000001\", whole: true }",
            ),
            (vec![zero, ("20270101000000", "next")], "Newer { version: \"20270101000000\", whole: false }"),
        ] {
            let message = applied(&rows).expect_err("it differs");
            assert!(message.contains(told), "{rows:?}: {message}");
        }
    }

    /// How many migrations each transaction of a plan has.
    fn segments(applied: usize, end: &'static [Migration], schema_defers: bool) -> Vec<usize> {
        let plan = Plan::new(applied, end, schema_defers);
        assert_eq!(plan.pending(), end.len() - applied);
        plan.segments.iter().map(|segment| segment.migrations.len()).collect()
    }

    #[test]
    fn a_newer_database_is_tolerated_from_its_floor_on() {
        let newer = |whole| Mismatch::Newer { version: "07".to_owned(), whole };
        let migrations = Migrations::__new(&SET);
        for (floor, whole, tolerated) in [
            (1, true, true),
            (3, true, true),
            (4, true, false),
            (0, true, false),
            (-1, true, false),
            (3, false, false),
        ] {
            let standing = Standing::with_floor(newer(whole), migrations, floor);
            assert_eq!(standing.is_ok(), tolerated, "{floor} {whole}");
        }
    }

    #[test]
    fn files_with_the_same_settings_share_a_transaction() {
        assert_eq!(segments(4, &ALL, false), []);
        assert_eq!(segments(0, &ALL, false), [2, 2]);
        assert_eq!(segments(2, &ALL, false), [2]);
        assert_eq!(segments(0, &ALL, true), [1, 1, 2]);
        assert_eq!(segments(2, &ALL, true), [2]);
        let plan = Plan::new(0, &ALL, false);
        assert_eq!(plan.second_transaction(), ALL.get(2));
        assert_eq!(Plan::new(3, &ALL, false).second_transaction(), None);
    }

    #[test]
    fn a_file_that_defers_stands_alone() {
        static MIXED: [Migration; 3] =
            [migration!("00_a.sql", ON), migration!("01_b.sql", DEFERS), migration!("02_c.sql", ON)];
        assert_eq!(segments(0, &MIXED, false), [1, 1, 1]);
        assert_eq!(segments(1, &MIXED, false), [1, 1]);
    }
}
