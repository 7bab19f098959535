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
    /// The pending ones.
    pub(crate) pending: &'static [Migration],
    /// Whether some foreign key is checked as late as at COMMIT.
    pub(crate) schema_defers: bool,
}

/// Consecutive migrations that share a transaction, since they run with the same settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) settings: Settings,
    pub(crate) first: &'static Migration,
    pub(crate) migrations: &'static [Migration],
}

impl Plan {
    /// The plan for a database that lacks nothing.
    pub(crate) fn nothing(applied: usize, newer: Option<String>) -> Self {
        Self { applied, newer, pending: &[], schema_defers: false }
    }

    /// The plan for a database that has the first `applied` of the migrations that it is to have in the end, and no foreign
    /// key that is checked as late as at COMMIT.
    pub(crate) fn new(applied: usize, end: &'static [Migration]) -> Self {
        Self { pending: end.get(applied..).unwrap_or_default(), ..Self::nothing(applied, None) }
    }

    /// Whether what is to be done next would be less if the schema had deferred keys.
    pub(crate) fn depends_on_the_schema(&self) -> bool {
        together(self.pending, true) < together(self.pending, false)
    }

    /// What is to be done next.
    pub(crate) fn segment(&self) -> Option<Segment> {
        let (migrations, _) = self.pending.split_at_checked(together(self.pending, self.schema_defers))?;
        let [first, ..] = migrations else { return None };
        Some(Segment { settings: first.mode().settings, first, migrations })
    }

    /// What is to be done after that.
    pub(crate) fn rest(&self) -> &'static [Migration] {
        self.pending.get(together(self.pending, self.schema_defers)..).unwrap_or_default()
    }
}

/// How many of the pending migrations run in one transaction: those with the settings of
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
        let mut plan = Plan { schema_defers, ..Plan::new(applied, end) };
        assert_eq!(plan.pending.len(), end.len() - applied);
        let mut segments = Vec::new();
        while let Some(segment) = plan.segment() {
            assert_eq!(segment.migrations.first(), Some(segment.first));
            segments.push(segment.migrations.len());
            plan.pending = plan.rest();
        }
        segments
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
        assert_eq!(Plan::new(0, &ALL).rest(), &ALL[2..]);
        assert_eq!(Plan::new(3, &ALL).rest(), []);
    }

    #[test]
    fn deferred_keys_matter_where_files_would_share_a_transaction() {
        for (applied, end, matter) in
            [(0, 4, true), (0, 2, true), (0, 1, false), (1, 4, false), (2, 4, false), (4, 4, false)]
        {
            assert_eq!(Plan::new(applied, &ALL[..end]).depends_on_the_schema(), matter, "{applied} {end}");
        }
    }

    #[test]
    fn a_file_that_defers_stands_alone() {
        static MIXED: [Migration; 3] =
            [migration!("00_a.sql", ON), migration!("01_b.sql", DEFERS), migration!("02_c.sql", ON)];
        assert_eq!(segments(0, &MIXED, false), [1, 1, 1]);
        assert_eq!(segments(1, &MIXED, false), [1, 1]);
    }
}
