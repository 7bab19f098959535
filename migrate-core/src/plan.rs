//! What a database's history means for the embedded set: how far it is, what to do next, or why not. Pure.

use crate::error::{Divergence, Error};
use crate::migration::{Migration, Migrations};
use crate::name;

/// Holds the rows of a tracking table, in any order, against the embedded set.
pub(crate) struct Ledger {
    migrations: Migrations,
    recorded: Vec<bool>,
    /// The migration that the next row is likely for.
    next: usize,
    /// The highest version beyond the embedded ones.
    newer: Option<(u64, String)>,
}

impl Ledger {
    pub(crate) fn new(migrations: Migrations) -> Self {
        Self { migrations, recorded: vec![false; migrations.len()], next: 0, newer: None }
    }

    /// Enters a row if it is for the migration after the last one, as nearly every row is: they come in the
    /// order in which they were added.
    pub(crate) fn enter_next(&mut self, version: &[u8], name: &[u8]) -> bool {
        match self.migrations.as_slice().get(self.next).zip(self.recorded.get_mut(self.next)) {
            Some((expected, recorded)) if !*recorded && expected.is(version, name) => {
                *recorded = true;
                self.next += 1;
                true
            }
            _ => false,
        }
    }

    /// Enters a row.
    pub(crate) fn enter(&mut self, version: &str, name: &str) -> Result<(), Error> {
        let diverged = |divergence| Err(Error::Diverged { table: self.migrations.set().table, divergence });
        let unknown = || Divergence::Unknown { version: version.to_owned(), name: name.to_owned() };
        let Some(number) = name::number(version) else { return diverged(unknown()) };
        let embedded = usize::try_from(number).ok().and_then(|index| {
            Some((index, self.migrations.as_slice().get(index)?, self.recorded.get_mut(index)?))
        });
        let Some((index, migration, recorded)) = embedded else {
            let width = self.migrations.iter().next().map_or(0, |first| first.version().len());
            if version != name::padded(number, width) {
                return diverged(unknown());
            }
            if self.newer.as_ref().is_none_or(|(highest, _)| *highest < number) {
                self.newer = Some((number, version.to_owned()));
            }
            return Ok(());
        };
        if migration.version() != version {
            return diverged(unknown());
        }
        if migration.name() != name {
            return diverged(Divergence::Renamed { migration, name: name.to_owned() });
        }
        if std::mem::replace(recorded, true) {
            return diverged(Divergence::Repeated { migration });
        }
        self.next = index + 1;
        Ok(())
    }

    /// How many migrations are applied: all of the first ones.
    pub(crate) fn applied(self) -> Result<usize, Error> {
        if let Some((_, database)) = self.newer {
            return Err(Error::NewerDatabase { database, binary: self.migrations.latest() });
        }
        let applied = self.recorded.iter().take_while(|&&recorded| recorded).count();
        let after_hole = self.recorded.iter().skip(applied).position(|&recorded| recorded);
        let migrations = self.migrations.as_slice();
        match after_hole
            .and_then(|skipped| Some((migrations.get(applied)?, migrations.get(applied + skipped)?)))
        {
            Some((missing, later)) => Err(Error::Diverged {
                table: self.migrations.set().table,
                divergence: Divergence::Hole { missing, later },
            }),
            None => Ok(applied),
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
    use crate::migration::Set;

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
