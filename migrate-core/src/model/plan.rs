//! What a database's history means for the embedded set: how far it is, what to do next, or why not. Pure.

use std::collections::BTreeSet;

use crate::model::migration::{Migration, Migrations};
use crate::model::name;
use crate::run::error::{Divergence, Error};

/// Holds the rows of a tracking table, in any order, against the embedded set.
pub(crate) struct Ledger {
    migrations: Migrations,
    /// The first migrations, as many as are all recorded.
    applied: usize,
    /// Those recorded after a gap, which later rows may still close.
    after_gap: BTreeSet<usize>,
    /// The highest version beyond the embedded ones.
    newer: Option<(u64, String)>,
}

impl Ledger {
    pub(crate) fn new(migrations: Migrations) -> Self {
        Self { migrations, applied: 0, after_gap: BTreeSet::new(), newer: None }
    }

    /// Enters a row if it is for the migration after the last one, as nearly every row is: they come in the
    /// order in which they were added.
    pub(crate) fn enter_next(&mut self, version: &[u8], name: &[u8]) -> bool {
        let next = self.migrations.as_slice().get(self.applied);
        let is_next = self.after_gap.is_empty() && next.is_some_and(|next| next.is(version, name));
        self.applied += usize::from(is_next);
        is_next
    }

    /// Enters a row.
    pub(crate) fn enter(&mut self, version: &str, name: &str) -> Result<(), Error> {
        let diverged = |divergence| Err(Error::Diverged { table: self.migrations.set().table, divergence });
        let unknown = || Divergence::Unknown { version: version.to_owned(), name: name.to_owned() };
        let Some(number) = name::number(version) else { return diverged(unknown()) };
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        let Some(migration) = self.migrations.as_slice().get(index) else {
            let width = self.migrations.iter().next().map_or(0, |first| first.version().len());
            if version != name::padded(number, width) {
                return diverged(unknown());
            }
            self.newer = self.newer.take().max(Some((number, version.to_owned())));
            return Ok(());
        };
        if migration.version() != version {
            return diverged(unknown());
        }
        if migration.name() != name {
            return diverged(Divergence::Renamed { migration, name: name.to_owned() });
        }
        if index < self.applied || !self.after_gap.insert(index) {
            return diverged(Divergence::Repeated { migration });
        }
        while self.after_gap.remove(&self.applied) {
            self.applied += 1;
        }
        Ok(())
    }

    /// How many migrations are applied: all of the first ones.
    pub(crate) fn applied(self) -> Result<usize, Error> {
        if let Some((_, database)) = self.newer {
            return Err(Error::NewerDatabase { database, binary: self.migrations.latest() });
        }
        let migrations = self.migrations.as_slice();
        let later = self.after_gap.first().and_then(|&later| migrations.get(later));
        match migrations.get(self.applied).zip(later) {
            Some((missing, later)) => Err(Error::Diverged {
                table: self.migrations.set().table,
                divergence: Divergence::Hole { missing, later },
            }),
            None => Ok(self.applied),
        }
    }
}

/// How many of the pending migrations run in one transaction: those with the settings of the first. One
/// that defers foreign keys stands alone, since a deferred violation shows only at COMMIT, and then the
/// whole transaction is lost.
pub(crate) fn segment(pending: &[Migration], schema_defers: bool) -> usize {
    let Some((first, rest)) = pending.split_first() else { return 0 };
    // With foreign keys off, no violation is put off until COMMIT.
    if first.defers() || (schema_defers && first.settings().foreign_keys) {
        return 1;
    }
    1 + rest.iter().take_while(|next| next.settings() == first.settings() && !next.defers()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::migration::Set;

    const ON: [bool; 3] = [true, false, false];
    const OFF: [bool; 3] = [false, false, false];
    const DEFERS: [bool; 3] = [true, false, true];

    const fn migration(file_name: &'static str, flags: [bool; 3]) -> Migration {
        Migration::__new(file_name, 2, "", &[], flags)
    }

    static ALL: [Migration; 4] = [
        migration("00_zero.sql", ON),
        migration("01_one.sql", ON),
        migration("02_two.sql", OFF),
        migration("03_three.sql", OFF),
    ];
    static SET: Set = Set { migrations: &ALL, table: "t", rehearsed_with: None, folder: None };

    fn applied(rows: &[(&str, &str)]) -> Result<usize, String> {
        let mut ledger = Ledger::new(Migrations::__new(&SET));
        for (version, name) in rows {
            ledger.enter(version, name).map_err(|error| error.to_string())?;
        }
        ledger.applied().map_err(|error| error.to_string())
    }

    #[test]
    fn the_first_migrations_are_applied_whatever_the_order_of_rows() {
        assert_eq!(applied(&[]), Ok(0));
        assert_eq!(applied(&[("01", "one"), ("00", "zero")]), Ok(2));
        assert_eq!(applied(&[("03", "three"), ("00", "zero"), ("02", "two"), ("01", "one")]), Ok(4));
    }

    #[test]
    fn a_row_for_the_next_migration_is_entered_by_one_look() {
        let mut ledger = Ledger::new(Migrations::__new(&SET));
        for (version, name, is_next) in
            [("01", "one", false), ("00", "nil", false), ("00", "zero", true), ("00", "zero", false)]
        {
            assert_eq!(ledger.enter_next(version.as_bytes(), name.as_bytes()), is_next, "{version} {name}");
        }
        // With a later one already there, it may be the row that closes the gap, or the same row again.
        ledger.enter("02", "two").expect("it is ours");
        assert!(!ledger.enter_next(b"01", b"one"));
        assert_eq!(ledger.applied, 1);
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
            (vec![("00", "zero"), ("04", "four"), ("12", "twelve")], "12"),
            (vec![("0004", "four")], "`0004`"),
        ] {
            let message = applied(&rows).expect_err("it differs");
            assert!(message.contains(told), "{rows:?}: {message}");
        }
    }

    #[test]
    fn files_with_the_same_settings_share_a_transaction() {
        assert_eq!(segment(&[], false), 0);
        assert_eq!(segment(&ALL, false), 2);
        assert_eq!(segment(&ALL[2..], false), 2);
        assert_eq!(segment(&ALL, true), 1);
        assert_eq!(segment(&ALL[2..], true), 2);
    }

    #[test]
    fn a_file_that_defers_stands_alone() {
        let mixed = [migration("00_a.sql", ON), migration("01_b.sql", DEFERS), migration("02_c.sql", ON)];
        assert_eq!(segment(&mixed, false), 1);
        assert_eq!(segment(&mixed[1..], false), 1);
    }
}
