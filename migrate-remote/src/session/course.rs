//! What follows from an answer, and from none.

use embed_migrations_core::__remote::{self as core, Engine, Stands, Statement};
use embed_migrations_core::{Kept, Reached};
use serde_json::Value;
use std::time::Duration;

use super::{Futile, Session, State, Want};
use crate::answer::Outcome;
use crate::attempt::{Attempt, Check, Needs, Role};
use crate::error::{Cause, EngineError, Error, Lost};
use crate::look::{self, Beside, Found, Looked, Unread};
use crate::patience::Patience;
use crate::{libsql, rqlite};

/// How long a session tries to read back what a failed run has left.
const GRACE: Duration = Duration::from_secs(3);

impl Session {
    /// Reads an answer that is JSON.
    pub(super) fn read(&mut self, want: Want, answer: &Value) -> Result<(), Error> {
        match want {
            Want::Look(beside) => match self.looked(&beside, answer) {
                Ok(looked) => self.go_on(looked),
                Err(Unread::Lost(lost)) => self.make_again(Want::Look(beside), lost),
                Err(Unread::Error(error)) => Err(error),
            },
            Want::Reread(error, patience) => match self.looked(&Beside::Nothing, answer) {
                Ok(looked) => self.fail(*error, Some(looked.stands.applied)),
                Err(Unread::Lost(lost)) => self.make_again(Want::Reread(error, patience), lost),
                Err(Unread::Error(_)) => self.fail(*error, None),
            },
            Want::Apply(attempt) => {
                let outcome = match self.engine {
                    Engine::Rqlite => rqlite::apply_answer(&attempt, answer),
                    Engine::LibSql => libsql::apply_answer(&attempt, answer),
                };
                self.ended(attempt, outcome)
            }
            Want::Locate(attempt, error) => {
                let found = libsql::locate_answer(answer);
                let (index, error) = found.map_or((None, error), |(index, error)| (Some(index), error));
                self.unsupported(&attempt, index, &error)
            }
        }
    }

    fn looked(&mut self, beside: &Beside, answer: &Value) -> Result<Looked, Unread> {
        let queries = look::queries(self.migrations, beside).len();
        let answers = match self.engine {
            Engine::Rqlite => rqlite::read_answer(answer, queries)?,
            Engine::LibSql => libsql::read_answer(answer, queries)?,
        };
        look::read(self.migrations, beside, answers)
    }

    /// Plans again from what was read.
    fn go_on(&mut self, looked: Looked) -> Result<(), Error> {
        let Looked { sqlite, time, stands: Stands { applied, newer }, beside } = looked;
        self.newer = newer;
        self.sqlite = sqlite;
        self.time = Some(time);
        if let Some(position) = self.unsure.take()
            && position < applied
            && let Some(migration) = self.end.get(position)
        {
            self.note_unsure(migration.file_name());
            self.tell_applied(position);
        }
        self.reached(applied);
        match beside {
            Found::Nothing => {}
            Found::Violations(violations) => self.violations = Some((applied, violations)),
            Found::Schema(objects) => self.schema = Some(objects),
            Found::Each(children) => {
                self.known = Some(applied);
                self.state = State::Next(Want::Look(Beside::Each(applied, children)));
                return Ok(());
            }
        }
        self.plan(applied)
    }

    /// Begins the deadline anew where the database has gone on. That it has what it had before is no progress, or a
    /// replica that is behind and one that is not could keep a session asking for ever.
    fn reached(&mut self, applied: usize) {
        if applied > self.most {
            self.most = applied;
            self.patience.moved();
        }
    }

    /// Goes on with a database that has the first `applied` migrations.
    fn plan(&mut self, applied: usize) -> Result<(), Error> {
        self.known = Some(applied);
        let pending = core::pending(applied, self.end).len();
        if self.total == 0 {
            self.total = pending;
        }
        self.total = self.total.min(self.applied.len() + pending);
        if self.only_looks || pending == 0 {
            self.state = State::Over;
            return Ok(());
        }
        self.review(applied)?;
        let Some(next) = self.end.get(applied) else { return Ok(()) };
        let counted =
            self.violations.as_ref().filter(|(at, _)| *at == applied).map(|(_, violations)| violations);
        if !core::foreign_keys(next) && counted.is_none() {
            self.state = State::Next(Want::Look(Beside::Violations(applied)));
            return Ok(());
        }
        let stamps = self.stamps.as_ref().and_then(|(from, stamps)| stamps.get(applied.checked_sub(*from)?));
        let attempt = Attempt::new(&Needs {
            engine: self.engine,
            end: self.end,
            position: applied,
            table: core::table(self.migrations),
            violations: counted,
            stamps: stamps.map(Vec::as_slice).unwrap_or_default(),
            time: &self.time.map(|time| time.text()).unwrap_or_default(),
            first: !self.sent,
        });
        if let Some(attempt) = attempt {
            self.state = State::Next(Want::Apply(Box::new(attempt)));
        }
        Ok(())
    }

    /// Looks once at all that is pending, before the first of it goes over.
    fn review(&mut self, applied: usize) -> Result<(), Error> {
        if self.stamps.as_ref().is_some_and(|(from, _)| *from <= applied) {
            return Ok(());
        }
        match core::review(self.engine, self.end, self.migrations, applied) {
            Ok(stamps) => {
                self.stamps = Some((applied, stamps));
                Ok(())
            }
            Err(refusal) => {
                let kept = Box::new(self.kept(Some(applied)));
                let Some(migration) = self.end.get(refusal.position) else { return Ok(()) };
                Err(Error::Unsupported {
                    migration,
                    place: core::place(migration.sql(), refusal.range),
                    statement: refusal.statement,
                    reason: refusal.reason,
                    kept,
                })
            }
        }
    }

    /// Takes what came of a file.
    fn ended(&mut self, attempt: Box<Attempt>, outcome: Outcome) -> Result<(), Error> {
        match outcome {
            Outcome::Applied { foreign_keys } => {
                // A file that wants them off has seen that they are.
                let keys_off = self.engine == Engine::Rqlite && !core::foreign_keys(attempt.migration);
                self.note_keys(if keys_off { Some(false) } else { foreign_keys });
                self.unsure = None;
                self.sent = true;
                self.tell_applied(attempt.position);
                self.reached(attempt.position + 1);
                self.plan(attempt.position + 1)
            }
            Outcome::Unclear(Lost::Engine { source }) if self.says_again(&attempt, &source) => {
                self.refused(attempt, Role::Commit, source)
            }
            Outcome::Unclear(lost) => self.make_again(Want::Apply(attempt), lost),
            Outcome::Unparsed(error) => {
                self.state = State::Next(Want::Locate(attempt, error));
                Ok(())
            }
            Outcome::Failed { index, error } => {
                let Some(role) = attempt.sent.get(index).map(|sent| sent.role) else {
                    return self.make_again(Want::Apply(attempt), Lost::Engine { source: error });
                };
                self.refused(attempt, role, error)
            }
        }
    }

    /// Whether the engine has said the same of a file's whole request again and again. rqlite says in the same way that
    /// it has no leader and that a COMMIT failed, of a foreign key that is checked there. It has a leader, though, where
    /// each time the history could be read in between.
    fn says_again(&mut self, attempt: &Attempt, error: &EngineError) -> bool {
        const OFTEN: u32 = 5;
        let times = match self.said.take() {
            Some((position, said, times)) if position == attempt.position && said == *error => times + 1,
            _ => 1,
        };
        self.said = Some((attempt.position, error.clone(), times));
        times >= OFTEN
    }

    /// The engine has said no to one of the statements that were sent, and kept nothing.
    fn refused(&mut self, attempt: Box<Attempt>, role: Role, error: EngineError) -> Result<(), Error> {
        let migration = attempt.migration;
        if is_busy(&error) || matches!(role, Role::Setting | Role::Begin) {
            return self.make_again(Want::Apply(attempt), Lost::Engine { source: error });
        }
        let kept = Box::new(self.kept(None));
        let statement = match role {
            Role::Statement(index) => core::statements(migration).into_iter().nth(index),
            _ => None,
        };
        let statement = statement.unwrap_or_else(|| core::commit(migration));
        let message = if matches!(role, Role::Statement(_)) { error.message.as_str() } else { "" };
        let place = core::place(migration.sql(), statement.place(message, libsql::offset(message)));
        if is_taken_away(&error) {
            return self.reread(Error::TransactionLost { migration, place, kept, source: Box::new(error) });
        }
        let cause = match role {
            Role::Guard => return self.raced(),
            Role::KeysOff => return self.reread(Error::ForeignKeysEnforced { migration, kept }),
            Role::Check(Check::Recorded | Check::Count) => Cause::NotRecorded,
            Role::Check(Check::Trigger) => Cause::Trigger,
            Role::Check(Check::ForeignKeys) => Cause::ForeignKeys,
            _ => Cause::Refused {
                source: error,
                sqlite: self.sqlite.clone(),
                rehearsed_with: core::rehearsed_with(self.migrations)
                    .filter(|version| *version != self.sqlite),
            },
        };
        let Statement { text: statement, .. } = statement;
        self.reread(Error::Failed { migration, place, statement, kept, source: Box::new(cause) })
    }

    /// Another process was faster, or what was read is old.
    fn raced(&mut self) -> Result<(), Error> {
        self.futile = Some(Futile::Raced);
        self.pause(Want::Look(Beside::Nothing))
    }

    /// Nobody knows what came of a request, so the history is read again. What the request was is forgotten, but for
    /// which file it was of.
    pub(super) fn make_again(&mut self, want: Want, lost: Lost) -> Result<(), Error> {
        let again = match want {
            Want::Apply(attempt) => {
                if !matches!(lost, Lost::Engine { .. }) {
                    self.said = None;
                }
                self.unsure = Some(attempt.position);
                Want::Look(Beside::Nothing)
            }
            Want::Reread(error, mut patience) => match patience.wait() {
                Some(wait) => {
                    self.state = State::Pause(wait, Want::Reread(error, patience));
                    return Ok(());
                }
                None => return self.fail(*error, None),
            },
            want => {
                self.said = None;
                want
            }
        };
        self.futile = Some(Futile::Lost(lost));
        self.pause(again)
    }

    fn pause(&mut self, want: Want) -> Result<(), Error> {
        let waited = self.patience.stalled();
        if let Some(wait) = self.patience.wait() {
            self.state = State::Pause(wait, want);
            return Ok(());
        }
        let kept = Box::new(self.kept(None));
        let next = self.known.and_then(|known| self.end.get(known));
        match (self.futile.take(), next) {
            (Some(Futile::Lost(lost)), _) => {
                let under_way = self.unsure.and_then(|unsure| self.end.get(unsure));
                let error = Error::NoAnswer { migration: under_way, waited, kept, source: Box::new(lost) };
                // Where a request may have done something, one more try is made to find out.
                if under_way.is_some() { self.reread(error) } else { Err(error) }
            }
            (_, Some(migration)) => {
                let table = core::table(self.migrations);
                self.reread(Error::HistoryMismatch { migration, table, waited, kept })
            }
            (_, None) => Ok(()),
        }
    }

    pub(super) fn too_large(&mut self, want: Want) -> Result<(), Error> {
        let bytes = self.request(&want).body().len();
        match want {
            Want::Apply(attempt) => {
                let kept = Box::new(self.kept(None));
                self.reread(Error::TooLarge { migration: attempt.migration, bytes, kept })
            }
            want => {
                let lost = Lost::Status { status: 413, answer: String::new() };
                self.make_again(want, lost)
            }
        }
    }

    /// A statement that libSQL cannot read. It may be one of a later file.
    fn unsupported(
        &mut self,
        attempt: &Attempt,
        index: Option<usize>,
        error: &EngineError,
    ) -> Result<(), Error> {
        let role = index.and_then(|index| attempt.sent.get(index)).map(|sent| sent.role);
        let (position, statement) = match role {
            Some(Role::Ahead { position, statement }) => (position, Some(statement)),
            Some(Role::Statement(statement)) => (attempt.position, Some(statement)),
            _ => (attempt.position, None),
        };
        let migration = self.end.get(position).unwrap_or(attempt.migration);
        let mut statements = core::statements(migration).into_iter();
        let statement = statement.and_then(|statement| statements.nth(statement));
        let statement = statement.unwrap_or_else(|| core::commit(migration));
        let place = core::place(migration.sql(), statement.place(&error.message, None));
        let reason = format!(
            "{} cannot read the statement: {}",
            self.engine.name(),
            self.server.redacted(&error.message)
        );
        let kept = Box::new(self.kept(None));
        self.reread(Error::Unsupported { migration, place, statement: statement.text, reason, kept })
    }

    /// Finds out what is there before the caller is told of a failure.
    fn reread(&mut self, error: Error) -> Result<(), Error> {
        self.state = State::Next(Want::Reread(Box::new(error), Patience::new(GRACE)));
        Ok(())
    }

    /// Tells of a failure, unless the migration is there by now: somebody else has applied it then.
    fn fail(&mut self, error: Error, applied: Option<usize>) -> Result<(), Error> {
        let failed = error.migration().and_then(|failed| self.end.iter().position(|one| one == failed));
        if let Some((failed, applied)) = failed.zip(applied)
            && failed < applied
            && !matches!(error, Error::Unsupported { .. })
        {
            if self.unsure.take() == Some(failed) {
                self.note_unsure(error.migration().map_or("", |migration| migration.file_name()));
                self.tell_applied(failed);
            }
            self.reached(applied);
            return self.plan(applied);
        }
        let kept = self.kept(applied);
        Err(error.with_kept(kept))
    }

    /// What this run has applied, and how far the database is where that is known.
    fn kept(&self, applied: Option<usize>) -> Kept {
        let all = core::all(self.migrations);
        let database = match applied {
            None => Reached::Unknown,
            Some(0) => Reached::Nothing,
            Some(applied) => all.get(applied - 1).map_or(Reached::Unknown, Reached::Migration),
        };
        core::kept(self.applied.clone(), database)
    }

    pub(super) fn tell_begun(&mut self, attempt: &Attempt) {
        if self.begun.is_some_and(|(position, _)| position == attempt.position) {
            return;
        }
        self.begun = Some((attempt.position, Duration::ZERO));
        let position = self.applied.len() + 1;
        self.events.push_back(core::started(attempt.migration, position, self.total));
    }

    fn tell_applied(&mut self, position: usize) {
        let Some(migration) = self.end.get(position) else { return };
        let begun = self.begun.take().filter(|(begun, _)| *begun == position);
        self.applied.push(migration);
        self.events
            .push_back(core::applied(migration, begun.map(|(_, elapsed)| elapsed).unwrap_or_default()));
    }

    fn note_unsure(&mut self, file_name: &str) {
        self.notes.push(format!(
            "{file_name} is applied, by this run or another: the answer to its request was lost"
        ));
    }

    fn note_keys(&mut self, enforced: Option<bool>) {
        const NOTE: &str = "the rqlite cluster does not enforce foreign keys; rqlited -fk would";
        if enforced == Some(false) && !self.notes.iter().any(|note| note == NOTE) {
            self.notes.push(NOTE.to_owned());
        }
    }
}

/// Another connection is writing, and this one has waited for it in vain.
fn is_busy(error: &EngineError) -> bool {
    let code = error.code.as_deref().unwrap_or_default();
    code.starts_with("SQLITE_BUSY") || code.starts_with("SQLITE_LOCKED") || code == "TRANSACTION_BUSY"
}

fn is_taken_away(error: &EngineError) -> bool {
    error.code.as_deref() == Some("TRANSACTION_TIMEOUT")
}
