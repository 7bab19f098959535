//! A step in Rust: called in a savepoint of its own within that of its file. That both can still be released is the
//! check that it has left the transaction alone; what it does to rows is its own affair.

use rusqlite::Connection;

use super::apply::{Savepoint, refused};
use super::error::Cause;
use super::pass::Pass;
use crate::live::locate::is_generic;
use crate::live::row::{self, Answer};
use crate::model::step::Step;
use crate::sql::step::called_by;

/// What a statement is to a file that calls steps.
pub(super) enum Call {
    Step(Step),
    /// A step that this run leaves out.
    Nothing,
}

/// A name that no step can know, and so cannot release, roll back to or hide by one of its own.
pub(super) fn name_of_a_savepoint(conn: &Connection) -> Answer<String> {
    row::value(conn, "SELECT 'migrate_' || lower(hex(randomblob(8)))")
}

impl Pass<'_, '_> {
    /// The step that a statement calls. Only the text of a file that calls some is looked at.
    pub(super) fn called(&self, statement: &str) -> Option<Call> {
        let name = called_by(statement)?;
        if self.without_steps {
            return Some(Call::Nothing);
        }
        // One that is not there was a compile error. Otherwise SQLite would say that there is no such function.
        let steps = self.migrations.set().steps;
        steps.iter().find(|step| step.name == name).copied().map(Call::Step)
    }

    /// Calls a step. A panic in it goes on to whoever has called the run, past the loan of the connection, which rolls
    /// back.
    pub(super) fn call(&self, step: Step, savepoint: &Savepoint<'_>) -> Result<(), Box<Cause>> {
        let conn = self.conn;
        let failed = |source| refused(self.migrations, source);
        let own = format!("{}_step", savepoint.name);
        // Prepared before, since what makes the step fail may also make this fail.
        let mut release = conn.prepare(&format!("RELEASE {own}")).map_err(failed)?;
        conn.execute_batch(&format!("SAVEPOINT {own}")).map_err(failed)?;
        let ran = (step.run)(conn);
        let released = release.raw_execute();
        match (ran, released) {
            (Ok(()), Ok(_)) => Ok(()),
            (Ok(()), Err(source)) if is_generic(&source) => Err(Cause::TransactionEnded.into()),
            (Ok(()), Err(source)) => Err(failed(source)),
            (Err(source), released) => {
                Err(Cause::Step { name: step.name, source, transaction_ended: released.is_err() }.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::model::migration::{Migration, Mode, made_of};
    use crate::model::set::{Migrations, Set};

    fn fails(_: &Connection) -> Result<(), Box<dyn Error + Send + Sync>> {
        Err("called".into())
    }

    #[test]
    fn a_run_can_leave_steps_out() {
        const SQL: &str = "BEGIN; CREATE TABLE t (version TEXT PRIMARY KEY, name TEXT); SELECT migrate_step('fails'); \
                           INSERT INTO t VALUES ('0', 'a'); COMMIT;";
        static ALL: [Migration; 1] =
            [made_of!("0_a.sql", 1, SQL, &[6, 60, 90, 123, 131, 131], Mode::USUAL.calls_steps())];
        static STEPS: [Step; 1] = [Step::new("fails", fails)];
        static SET: Set = Set::made(&ALL, "t").with_steps(&STEPS);
        let migrations = Migrations::__new(&SET);
        let mut conn = Connection::open_in_memory().expect("memory");
        let error = migrations.run(&mut conn).expect_err("the step is called");
        assert!(format!("{error:?}").contains("the step `fails` failed: called"), "{error:?}");
        migrations.runner().without_steps().run(&mut conn).expect("it is left out");
    }

    #[test]
    fn every_run_has_another_name() {
        let conn = Connection::open_in_memory().expect("memory");
        let names: Vec<_> = (0..3).map(|_| name_of_a_savepoint(&conn).expect("a name")).collect();
        assert!(names[0] != names[1] && names[1] != names[2] && names[0] != names[2], "{names:?}");
    }
}
