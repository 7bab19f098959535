//! `foreign-key-violation`: rows that violate a foreign key after a file that turns foreign keys off.

use rusqlite::Connection;

use super::File;
use crate::live::foreign_keys::Violations;
use crate::live::schema::{self, key};
use crate::model::rule::Rule;

#[derive(Default)]
pub(super) struct NewViolations {
    /// Before the file, where it turns foreign keys off.
    before: Option<Violations>,
}

impl NewViolations {
    pub(super) fn begun(&mut self, file: &File<'_>, conn: &Connection) -> rusqlite::Result<()> {
        if !file.foreign_keys_on() {
            self.before = Some(Violations::read(conn).map_err(|error| *error)?);
        }
        Ok(())
    }

    pub(super) fn committing(&mut self, file: &mut File<'_>, conn: &Connection) -> rusqlite::Result<()> {
        let Some(before) = self.before.take() else { return Ok(()) };
        let after = Violations::read(conn).map_err(|error| *error)?;
        let roots = schema::roots(conn)?;
        for violation in after.new_since(&before) {
            // A parent that is gone is reported as what it is.
            if file.is_covered() && roots.contains_key(&key(&violation.parent)) {
                file.faults.add_hazard(
                    file.commit(),
                    Rule::ForeignKeyViolation,
                    format!(
                        "once there are rows, the file {violation}; the runner would refuse it before this COMMIT"
                    ),
                );
            }
        }
        Ok(())
    }
}
