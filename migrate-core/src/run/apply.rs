//! One migration, in the savepoint that it leaves open when it fails.

use std::borrow::Cow;
use std::ops::Range;

use rusqlite::{Connection, Statement};

use super::error::Cause;
use super::pass::Pass;
use super::step::{Call, name_of_a_savepoint};
use crate::live::foreign_keys::Violations;
use crate::live::locate::{is_generic, locate};
use crate::model::event::Event;
use crate::model::migration::Migration;
use crate::model::set::Migrations;
use crate::sql::token;

/// What stopped a migration, and where in its file.
pub(super) struct Failure {
    pub(super) range: Range<usize>,
    pub(super) statement: &'static str,
    pub(super) cause: Cause,
}

impl Failure {
    pub(super) fn at_commit(migration: &'static Migration, cause: Cause) -> Self {
        let (offset, statement) = migration.commit();
        Self::new(offset, statement, None, cause)
    }

    /// `offset` is where the statement begins in its file; `at` is the place in the statement, and its first
    /// token where there is none.
    fn new(offset: usize, statement: &'static str, at: Option<Range<usize>>, cause: Cause) -> Self {
        let first = token::significant(statement).next().map_or(0..0, |token| token.range());
        let text = statement.get(first.start..).unwrap_or_default();
        let at = at.unwrap_or(first);
        Self { range: offset + at.start..offset + at.end, statement: text, cause }
    }
}

/// What a migration stands in, so that it alone can be rolled back. Prepared once, since every migration needs it.
pub(super) struct Savepoint<'c> {
    pub(super) name: Cow<'static, str>,
    open: Statement<'c>,
    release: Statement<'c>,
}

impl<'c> Savepoint<'c> {
    /// One for migrations that may call steps in Rust has a name that those cannot know.
    pub(super) fn new(conn: &'c Connection, for_steps: bool) -> rusqlite::Result<Self> {
        let name = if for_steps { name_of_a_savepoint().into() } else { "migrate".into() };
        let open = conn.prepare(&format!("SAVEPOINT {name}"))?;
        let release = conn.prepare(&format!("RELEASE {name}"))?;
        Ok(Self { name, open, release })
    }

    pub(super) fn roll_back_to(&self, conn: &Connection) -> rusqlite::Result<()> {
        conn.execute_batch(&format!("ROLLBACK TO {}", self.name))
    }
}

impl Pass<'_, '_> {
    /// Runs a migration. `before` is how many rows the tracking table has, `violations` what the file before it in
    /// the same transaction has left, if that was counted, and `closely` whether nobody else looks at its record.
    pub(super) fn apply(
        &mut self,
        migration: &'static Migration,
        before: usize,
        savepoint: &mut Savepoint<'_>,
        violations: &mut Option<Violations>,
        closely: bool,
    ) -> Result<(), Failure> {
        let conn = self.conn;
        let at_commit = |cause| Failure::at_commit(migration, cause);
        let migrations = self.migrations;
        let sqlite = |source| at_commit(refused(migrations, source));
        let mode = migration.mode();
        let violations_before = match violations.take() {
            _ if mode.settings.foreign_keys => None,
            Some(known) => Some(known),
            None => Some(Violations::read(conn).map_err(sqlite)?),
        };
        savepoint.open.raw_execute().map_err(sqlite)?;
        let statements = migration.statements();
        let of = statements.len();
        for (index, (offset, statement)) in statements.enumerate() {
            match self.called(migration, statement) {
                Some(Call::Nothing) => {}
                Some(Call::Step(called)) => self
                    .call(called, savepoint)
                    .map_err(|cause| Failure::new(offset, statement, None, cause))?,
                None => {
                    if let Err(source) = step(conn, statement) {
                        let at = locate(statement, &source);
                        return Err(Failure::new(offset, statement, Some(at), refused(migrations, source)));
                    }
                }
            }
            if conn.is_autocommit() {
                return Err(Failure::new(offset, statement, None, Cause::TransactionEnded));
            }
            self.tell(Event::Step { migration, statement: index + 1, of });
        }
        if let Err(found) = self.history.recorded(conn, migration, before, closely).map_err(sqlite)? {
            return Err(at_commit(Cause::NotRecorded { found }));
        }
        // All of the schema is searched for one, so not after every migration.
        if mode.leaves_trigger
            && let Some(name) = self.history.trigger(conn).map_err(sqlite)?
        {
            return Err(at_commit(Cause::Trigger { name }));
        }
        if let Some(before) = violations_before {
            let after = Violations::read(conn).map_err(sqlite)?;
            if let Some(violation) = after.new_since(&before).next() {
                return Err(at_commit(violation.into()));
            }
            *violations = Some(after);
        }
        match savepoint.release.raw_execute() {
            // It is not there.
            Err(source) if is_generic(&source) => Err(at_commit(Cause::TransactionEnded)),
            released => released.map(drop).map_err(sqlite),
        }
    }
}

/// A statement that SQLite refused.
pub(super) fn refused(migrations: Migrations, source: rusqlite::Error) -> Cause {
    let rehearsed_with = migrations.set().rehearsed_with;
    let newer = rehearsed_with.filter(|version| is_older(rusqlite::version(), version));
    Cause::Sqlite { source, rehearsed_with: newer }
}

/// Runs a statement to its last row: one step would run a SELECT only as far as its first.
fn step(conn: &Connection, statement: &str) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(statement)?;
    let mut rows = statement.raw_query();
    while rows.next()?.is_some() {}
    Ok(())
}

/// Whether SQLite version `a` is older than `b`.
fn is_older(a: &str, b: &str) -> bool {
    let parts =
        |version: &str| -> Vec<u32> { version.split('.').map_while(|part| part.parse().ok()).collect() };
    parts(a) < parts(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_sqlite_are_numbers() {
        assert!(is_older("3.9.2", "3.54.1"));
        assert!(!is_older("3.54.1", "3.54.1"));
        assert!(is_older("3.54", "3.54.1"));
    }
}
