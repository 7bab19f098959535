//! One migration, in the savepoint that it leaves open when it fails.

use std::borrow::Cow;
use std::ops::Range;

use rusqlite::{Connection, Statement};

use super::error::Cause;
use super::pass::Pass;
use super::step::{Call, name_of_a_savepoint};
use crate::live::foreign_keys::Violations;
use crate::live::locate::{is_generic, locate};
use crate::live::row::{self, Answer};
use crate::model::event::Event;
use crate::model::migration::Migration;
use crate::model::set::Migrations;
use crate::sql::token;

/// What stopped a migration, and where in its file.
pub(super) struct Failure {
    pub(super) range: Range<usize>,
    pub(super) statement: &'static str,
    pub(super) cause: Box<Cause>,
}

impl Failure {
    pub(super) fn at_commit(migration: &'static Migration, cause: Box<Cause>) -> Self {
        let (offset, statement) = migration.commit();
        Self::new(offset, statement, None, cause)
    }

    /// `offset` is where the statement begins in its file; `at` is the place in the statement, and its first
    /// token where there is none.
    fn new(offset: usize, statement: &'static str, at: Option<Range<usize>>, cause: Box<Cause>) -> Self {
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
    pub(super) fn new(conn: &'c Connection, for_steps: bool) -> Answer<Self> {
        let name = if for_steps { name_of_a_savepoint(conn)?.into() } else { "migrate".into() };
        let open = conn.prepare(&format!("SAVEPOINT {name}"))?;
        let release = conn.prepare(&format!("RELEASE {name}"))?;
        Ok(Self { name, open, release })
    }

    pub(super) fn roll_back_to(&self, conn: &Connection) -> Answer<()> {
        row::execute(conn, &format!("ROLLBACK TO {}", self.name))
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
        let migrations = self.migrations;
        let at_commit = |cause| Failure::at_commit(migration, cause);
        let sqlite = |source: Box<_>| at_commit(refused(migrations, *source));
        let violations_before = self.enter(migration, savepoint, violations).map_err(sqlite)?;
        self.run_statements(migration, savepoint)?;
        let wrong = match self.wrong(migration, before, closely).map_err(sqlite)? {
            None => self.violated(violations_before, violations).map_err(sqlite)?,
            wrong => wrong,
        };
        if let Some(cause) = wrong {
            return Err(at_commit(cause));
        }
        match savepoint.release.raw_execute() {
            // It is not there.
            Err(source) if is_generic(&source) => Err(at_commit(Cause::TransactionEnded.into())),
            released => released.map(drop).map_err(|source| sqlite(source.into())),
        }
    }

    /// Opens the savepoint. Gives the violations that were there before, where the migration may make more of them.
    fn enter(
        &self,
        migration: &Migration,
        savepoint: &mut Savepoint<'_>,
        violations: &mut Option<Violations>,
    ) -> Answer<Option<Violations>> {
        let before = match violations.take() {
            _ if migration.mode().settings.foreign_keys => None,
            Some(known) => Some(known),
            None => Some(Violations::read(self.conn)?),
        };
        savepoint.open.raw_execute()?;
        Ok(before)
    }

    fn run_statements(
        &mut self,
        migration: &'static Migration,
        savepoint: &Savepoint<'_>,
    ) -> Result<(), Failure> {
        let conn = self.conn;
        let mode = migration.mode();
        let statements = migration.statements();
        let of = statements.len();
        for (index, (offset, statement)) in statements.enumerate() {
            let call = if mode.calls_steps { self.called(statement) } else { None };
            let (at, failed) = match call {
                Some(Call::Nothing) => (None, Ok(())),
                Some(Call::Step(called)) => (None, self.call(called, savepoint)),
                None => match step(conn, statement) {
                    Ok(()) => (None, Ok(())),
                    Err(source) => (Some(locate(statement, &source)), Err(refused(self.migrations, *source))),
                },
            };
            let ended = || if conn.is_autocommit() { Err(Cause::TransactionEnded.into()) } else { Ok(()) };
            failed.and_then(|()| ended()).map_err(|cause| Failure::new(offset, statement, at, cause))?;
            self.tell(Event::Step { migration, statement: index + 1, of });
        }
        Ok(())
    }

    /// What is wrong with what a migration has left in the tracking table, or on it.
    fn wrong(&self, migration: &Migration, before: usize, closely: bool) -> Answer<Option<Box<Cause>>> {
        let conn = self.conn;
        if let Err(found) = self.history.recorded(conn, migration, before, closely)? {
            return Ok(Some(Cause::NotRecorded { found }.into()));
        }
        // All of the schema is searched for one, so not after every migration.
        if !migration.mode().leaves_trigger {
            return Ok(None);
        }
        Ok(self.history.trigger(conn)?.map(|name| Cause::Trigger { name }.into()))
    }

    /// A violation that a migration has added to those before it. If there is none: what the next one finds.
    fn violated(
        &self,
        before: Option<Violations>,
        after: &mut Option<Violations>,
    ) -> Answer<Option<Box<Cause>>> {
        let Some(before) = before else { return Ok(None) };
        let found = Violations::read(self.conn)?;
        let new = found.new_since(&before).next();
        if new.is_none() {
            *after = Some(found);
        }
        Ok(new.map(|violation| Cause::from(violation).into()))
    }
}

/// A statement that SQLite refused.
pub(super) fn refused(migrations: Migrations, source: rusqlite::Error) -> Box<Cause> {
    let rehearsed_with = migrations.set().rehearsed_with;
    let newer = rehearsed_with.filter(|version| rusqlite::version_number() < number(version));
    Cause::Sqlite { source, rehearsed_with: newer }.into()
}

/// Runs a statement to its last row: one step would run a SELECT only as far as its first.
fn step(conn: &Connection, statement: &str) -> Answer<()> {
    row::ask(conn, statement, &[], &mut |_| Ok(true))
}

/// A version of SQLite as the number that SQLite itself gives for it.
fn number(version: &str) -> i32 {
    version.split('.').fold(0, |number, part| number * 1000 + part.parse::<i32>().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_sqlite_are_numbers() {
        assert_eq!(number("3.54.1"), 3_054_001);
        assert_eq!(number(rusqlite::version()), rusqlite::version_number());
    }
}
