//! Which PRAGMAs may stand in a file, and where: most are ignored in a transaction, or outlive its rollback.

use std::ops::Range;

use super::fault::Faults;
use super::transaction::{Side, outside};
use crate::model::migration::Mode;
use crate::model::rule::Rule;
use crate::sql::verb::Pragma;

/// What the PRAGMAs of a file come to, while they are read in order.
pub(super) struct Pragmas {
    pub(super) mode: Mode,
    /// The last `PRAGMA foreign_keys = OFF` that no ON has followed.
    left_off: Option<Range<usize>>,
}

impl Pragmas {
    pub(super) fn new() -> Self {
        Self { mode: Mode::USUAL, left_off: None }
    }

    /// Takes a PRAGMA on this side of the transaction.
    pub(super) fn take(&mut self, pragma: &Pragma, side: Side, faults: &mut Faults) {
        let place = pragma.place.clone();
        let inside = side == Side::Inside;
        match (pragma.name.as_str(), pragma.switch()) {
            ("foreign_key_check", _) => faults.add(
                place,
                Rule::IneffectivePragma,
                "its rows are thrown away, so it never fails; remove it: a file that turns foreign keys off is checked \
                 before its COMMIT anyway",
            ),
            ("foreign_keys", _) if inside => faults.add(
                place,
                Rule::IneffectivePragma,
                "SQLite ignores this inside a transaction; write PRAGMA foreign_keys = OFF before BEGIN and PRAGMA \
                 foreign_keys = ON after COMMIT",
            ),
            ("foreign_keys", Some(on)) => {
                if side == Side::Before {
                    self.mode.settings.foreign_keys = on;
                }
                self.left_off = (!on).then_some(place);
            }
            ("legacy_alter_table", Some(on)) if !inside => {
                if side == Side::Before {
                    self.mode.settings.legacy_alter_table = on;
                }
            }
            ("foreign_keys" | "legacy_alter_table", None) if !inside => faults.add(
                place,
                Rule::OutsideTransaction,
                format!("PRAGMA {} can only be set to ON or OFF here", pragma.name),
            ),
            ("legacy_alter_table", _) => faults.add(
                place,
                Rule::ForbiddenStatement,
                "it would outlive a rollback; write PRAGMA legacy_alter_table = ON before BEGIN",
            ),
            (name, _) if self.may_stand(pragma) => {
                if inside {
                    self.mode.defers |= name == "defer_foreign_keys";
                } else {
                    faults.add(place, Rule::OutsideTransaction, outside(side));
                }
            }
            ("defer_foreign_keys", Some(false)) => faults.add(
                place,
                Rule::ForbiddenStatement,
                "it forgives the violations so far; remove it: COMMIT turns deferring off anyway",
            ),
            (name, _) => faults.add(
                place,
                Rule::ForbiddenStatement,
                format!(
                    "a migration may not contain PRAGMA {name}: it does nothing in a transaction, or outlives its \
                     rollback; only user_version, application_id, optimize and defer_foreign_keys = ON are accepted"
                ),
            ),
        }
    }

    /// Whether a transaction may hold this one.
    fn may_stand(&self, pragma: &Pragma) -> bool {
        match (pragma.name.as_str(), pragma.switch()) {
            ("user_version" | "application_id" | "optimize", _) | ("defer_foreign_keys", Some(true)) => true,
            // Forgives the violations so far; with foreign keys off there are none to forgive.
            ("defer_foreign_keys", Some(false)) => !self.mode.settings.foreign_keys,
            _ => false,
        }
    }

    /// What is wrong once the whole file is read.
    pub(super) fn end(&self, faults: &mut Faults) {
        if let Some(place) = &self.left_off {
            faults.add(
                place.clone(),
                Rule::OutsideTransaction,
                "foreign keys are turned off and never on again for whoever runs the file by hand; write PRAGMA \
                 foreign_keys = ON; after COMMIT",
            );
        }
    }
}
