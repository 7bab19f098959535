//! A run as a state machine: what to send next, and what follows from an answer. Does no I/O and asks no clock.
//!
//! It decides nothing about a history: that does the plan of the core, which a local run goes by as well. What it knows is
//! that an answer may be missing, and that the guard in each request makes it harmless to ask again.

mod course;

use std::collections::VecDeque;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use embed_migrations_core::__remote::{self as core, Engine, Stamp, Stands};
use embed_migrations_core::{Event, Migration, Migrations, Report, Status};
use serde_json::Value;

use crate::answer::unreadable;
use crate::attempt::{Attempt, Violations};
use crate::clock::Clock;
use crate::error::{EngineError, Error, Lost};
use crate::look::{self, Beside, Object};
use crate::patience::Patience;
use crate::request::{Request, Step};
use crate::server::Server;
use crate::{libsql, rqlite};

/// How long nothing may move unless [`Session::deadline`] says otherwise.
const DEADLINE: Duration = Duration::from_secs(60);

/// A run on an engine, without I/O: it says what to send, and is told what came back.
///
/// Made by [`LibSql::session`](crate::LibSql::session) and [`Rqlite::session`](crate::Rqlite::session). It works with any
/// HTTP client, blocking, async or in a browser:
///
/// ```
/// # use embed_migrations::{Migrations, embed_migrations};
/// # use embed_migrations_remote::{Error, Request, Rqlite, Step};
/// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
/// # struct Answer { status: u16, body: Vec<u8> }
/// # fn send(_: &Request) -> Result<Answer, std::io::Error> { Err(std::io::ErrorKind::ConnectionRefused.into()) }
/// # fn sleep(_: std::time::Duration) {}
/// # fn main() {
/// # let run = || -> Result<(), Error> {
/// let mut session = Rqlite::new("http://127.0.0.1:4001").session(&MIGRATIONS);
/// while let Some(step) = session.next()? {
///     match step {
///         Step::Wait(time) => sleep(time),
///         Step::Request(request) => match send(&request) {
///             Ok(answer) => session.receive(answer.status, &answer.body)?,
///             Err(error) => session.lost(error)?,
///         },
///     }
/// }
/// println!("{} migrations applied", session.report().applied().len());
/// # Ok(())
/// # };
/// # assert!(matches!(run(), Err(Error::NoAnswer { .. })));
/// # }
/// ```
#[must_use = "nothing is sent before `next`"]
pub struct Session {
    engine: Engine,
    server: Server,
    migrations: Migrations,
    target: Option<String>,
    only_looks: bool,
    /// What its first look is for, beside the history.
    first: Beside,
    schema: Option<Vec<Object>>,
    state: State,
    patience: Patience,
    /// What made the last try futile.
    futile: Option<Futile>,
    /// The migrations that the database is to have in the end.
    end: &'static [Migration],
    /// How many it has, as far as is known.
    known: Option<usize>,
    /// The most that it was ever known to have. A replica may say less again.
    most: usize,
    /// The newest version in a database that is newer and can be lived with.
    newer: Option<String>,
    /// As of that many, for a file that turns foreign keys off.
    violations: Option<(usize, Violations)>,
    /// The columns of each record to give a time, from a migration on.
    stamps: Option<(usize, Vec<Vec<Stamp>>)>,
    time: Option<Clock>,
    /// The version of the engine's SQLite.
    sqlite: String,
    /// The migration whose request got no answer.
    unsure: Option<usize>,
    /// The engine's own word on a whole request, the migration that it was about, and how often in a row it was said.
    said: Option<(usize, EngineError, u32)>,
    /// The migration that was begun last, and for how long that has been going on.
    begun: Option<(usize, Duration)>,
    /// Whether a file has gone over.
    sent: bool,
    total: usize,
    applied: Vec<&'static Migration>,
    notes: Vec<String>,
    events: VecDeque<Event>,
}

/// What the session waits for.
enum State {
    Begin,
    /// To be asked for the next step.
    Next(Want),
    Pause(Duration, Want),
    /// To be told what came back.
    Sent(Want),
    Over,
}

/// What a request is for.
enum Want {
    Look(Beside),
    Apply(Box<Attempt>),
    /// Which statement of a request it is that cannot be read.
    Locate(Box<Attempt>, EngineError),
    /// How far the database is after a failure, for whoever is told of it.
    Reread(Box<Error>, Patience),
}

/// Why a try has to be made again.
enum Futile {
    Lost(Lost),
    /// The guard found another history.
    Raced,
}

impl Session {
    pub(crate) fn new(engine: Engine, server: Server, migrations: Migrations) -> Self {
        Self {
            engine,
            server,
            migrations,
            target: None,
            only_looks: false,
            first: Beside::Nothing,
            schema: None,
            state: State::Begin,
            patience: Patience::new(DEADLINE),
            futile: None,
            end: &[],
            known: None,
            most: 0,
            newer: None,
            violations: None,
            stamps: None,
            time: None,
            sqlite: String::new(),
            unsure: None,
            said: None,
            begun: None,
            sent: false,
            total: 0,
            applied: Vec::new(),
            notes: Vec::new(),
            events: VecDeque::new(),
        }
    }

    /// Stops after this version, which is compared as a number. One at or below what is applied does nothing: there is no
    /// way back.
    pub fn target(mut self, version: impl Into<String>) -> Self {
        self.target = Some(version.into());
        self
    }

    /// How long nothing may move before the run is given up; 60 seconds unless set. Whatever is applied, by this run or
    /// another, begins it anew.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.patience = Patience::new(deadline);
        self
    }

    /// Reads how far the database is, for [`status`](Session::status), and changes nothing.
    pub fn only_looks(mut self) -> Self {
        self.only_looks = true;
        self
    }

    /// Reads the schema as well, for [`schema`](Session::schema), and changes nothing.
    pub fn reads_schema(mut self) -> Self {
        self.first = Beside::Schema;
        self.only_looks()
    }

    /// What to do next; none when there is nothing left to do. After a request, what came of it has to be told before
    /// the next call, or the same request comes again.
    ///
    /// # Errors
    ///
    /// [`Error::BadUrl`], [`Error::StaleBuild`] and [`Error::UnknownTarget`] by the first call. With an error the session
    /// is over.
    #[expect(clippy::should_implement_trait, reason = "an iterator gives no errors that end it")]
    pub fn next(&mut self) -> Result<Option<Step>, Error> {
        let want = match std::mem::replace(&mut self.state, State::Over) {
            State::Over => return Ok(None),
            State::Pause(time, want) => {
                self.state = State::Next(want);
                self.clocks_passed(time);
                return Ok(Some(Step::Wait(time)));
            }
            State::Begin => {
                self.begin()?;
                Want::Look(self.first.clone())
            }
            State::Next(want) | State::Sent(want) => want,
        };
        let request = self.request(&want);
        if let Want::Apply(attempt) = &want {
            self.tell_begun(attempt);
        }
        self.state = State::Sent(want);
        Ok(Some(Step::Request(request)))
    }

    fn begin(&mut self) -> Result<(), Error> {
        if let Some(reason) = self.server.problem() {
            return Err(Error::BadUrl { reason });
        }
        if let Some((file_name, folder)) = core::missing(self.migrations) {
            return Err(Error::StaleBuild { file_name, folder });
        }
        let target = self.target.as_deref();
        self.end = core::up_to(self.migrations, target).ok_or_else(|| Error::UnknownTarget {
            target: target.unwrap_or_default().to_owned(),
            latest: self.migrations.latest(),
        })?;
        Ok(())
    }

    fn request(&self, want: &Want) -> Request {
        let look = |beside: &Beside| {
            let queries = look::queries(self.migrations, beside);
            match self.engine {
                Engine::Rqlite => (rqlite::READ, rqlite::read_body(&queries)),
                Engine::LibSql => (libsql::PIPELINE, libsql::read_body(&queries)),
            }
        };
        let (path, body) = match (want, self.engine) {
            (Want::Look(beside), _) => look(beside),
            (Want::Reread(..), _) => look(&Beside::Nothing),
            (Want::Apply(attempt), Engine::Rqlite) => (rqlite::APPLY, rqlite::apply_body(attempt)),
            (Want::Apply(attempt), Engine::LibSql) => (libsql::PIPELINE, libsql::apply_body(attempt)),
            (Want::Locate(attempt, _), _) => (libsql::PIPELINE, libsql::locate_body(attempt)),
        };
        self.server.request(path, &body)
    }

    /// Tells the session that time has passed, as a request took it. Optional: a session that is not told counts only the
    /// waits that it asked for.
    pub fn passed(&mut self, time: Duration) {
        self.patience.passed(time);
        if let State::Sent(Want::Reread(_, patience)) = &mut self.state {
            patience.passed(time);
        }
        self.clocks_passed(time);
    }

    fn clocks_passed(&mut self, time: Duration) {
        if let Some(clock) = &mut self.time {
            clock.passed(time);
        }
        if let Some((_, elapsed)) = &mut self.begun {
            *elapsed += time;
        }
    }

    /// Takes an answer: its HTTP status, and its body.
    ///
    /// # Errors
    ///
    /// What ends the run; see [`Error`]. Before a migration that has failed is told of, the session asks how far the
    /// database is, so the error comes by a later call.
    pub fn receive(&mut self, status: u16, body: &[u8]) -> Result<(), Error> {
        let State::Sent(want) = std::mem::replace(&mut self.state, State::Over) else { return Ok(()) };
        let said = || self.server.redacted(&String::from_utf8_lossy(body.get(..1000).unwrap_or(body)));
        match status {
            200 => {}
            401 | 403 => return Err(Error::Unauthorized { status }),
            408 | 425 | 429 | 500.. => {
                let answer = said();
                return self.make_again(want, Lost::Status { status, answer });
            }
            413 => return self.too_large(want),
            _ => {
                let (engine, answer) = (self.engine.name(), said());
                return Err(Error::WrongServer { engine, status, answer });
            }
        }
        match serde_json::from_slice::<Value>(body) {
            Ok(answer) => self.read(want, &answer),
            Err(error) => self.make_again(want, unreadable(error.to_string())),
        }
    }

    /// Takes that there was no answer, and why: a connection that was refused or broken, or a timeout. Whatever the request
    /// has done, it is found out.
    ///
    /// # Errors
    ///
    /// [`Error::NoAnswer`] at the deadline.
    pub fn lost(&mut self, error: impl Into<Box<dyn StdError + Send + Sync>>) -> Result<(), Error> {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Sent(want) => self.make_again(want, Lost::Transport { source: error.into() }),
            other => {
                self.state = other;
                Ok(())
            }
        }
    }

    /// What has happened since the last call, in order.
    pub fn events(&mut self) -> impl Iterator<Item = Event> {
        self.events.drain(..)
    }

    /// What the run has done so far.
    #[must_use]
    pub fn report(&self) -> Report {
        core::report(self.applied.clone(), self.newer.clone(), self.notes.clone())
    }

    /// The schema, once that was read: tables, views, indexes and triggers, without those that SQLite or a virtual table keeps
    /// for itself.
    #[must_use]
    pub fn schema(&self) -> Option<&[Object]> {
        self.schema.as_deref()
    }

    /// How far the database is, once that was read.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        let stands = |applied| Stands { applied, newer: self.newer.clone() };
        self.known.map(|applied| core::status(self.migrations, stands(applied)))
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("engine", &self.engine)
            .field("migrations", &self.migrations)
            .field("target", &self.target)
            .field("known", &self.known)
            .finish_non_exhaustive()
    }
}
