//! A run with the blocking client: what a program calls that wants no more than its migrations applied.

use std::fmt;
use std::time::Duration;

use embed_migrations_core::__remote::{self as core, Stands};
use embed_migrations_core::{Event, Migrations, Report, Status};

use crate::engine::{LibSql, Rqlite};
use crate::error::Error;
use crate::http;
use crate::look::Object;
use crate::session::Session;

/// How long a request may take, and how long nothing may move, unless [`Runner::deadline`] says otherwise.
const DEADLINE: Duration = Duration::from_secs(60);

macro_rules! runs {
    ($engine:ident) => {
        impl $engine {
            /// Applies what the database lacks, and does nothing the second time.
            ///
            /// # Errors
            ///
            /// See [`Runner::run`].
            pub fn run(&self, migrations: &Migrations) -> Result<Report, Error> {
                self.runner(migrations).run()
            }

            /// How far the database is. Writes nothing.
            ///
            /// # Errors
            ///
            /// See [`Runner::status`].
            pub fn status(&self, migrations: &Migrations) -> Result<Status, Error> {
                self.runner(migrations).status()
            }

            /// A run with options.
            pub fn runner<'a>(&self, migrations: &Migrations) -> Runner<'a> {
                let engine = self.clone();
                let migrations = *migrations;
                Runner {
                    migrations,
                    session: Box::new(move || engine.session(&migrations)),
                    on_event: None,
                    target: None,
                    deadline: DEADLINE,
                }
            }
        }
    };
}

runs!(LibSql);
runs!(Rqlite);

type Listener<'a> = Option<Box<dyn FnMut(Event) + 'a>>;

/// A run on an engine with options, made by [`LibSql::runner`] or [`Rqlite::runner`].
#[must_use = "nothing happens before `run`"]
pub struct Runner<'a> {
    migrations: Migrations,
    session: Box<dyn Fn() -> Session>,
    on_event: Listener<'a>,
    target: Option<String>,
    deadline: Duration,
}

impl fmt::Debug for Runner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner")
            .field("target", &self.target)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

impl<'a> Runner<'a> {
    /// Is told of every migration that starts and that is applied.
    pub fn on_event(mut self, on_event: impl FnMut(Event) + 'a) -> Self {
        self.on_event = Some(Box::new(on_event));
        self
    }

    /// Stops after this version, which is compared as a number. One at or below what is applied does nothing: there is no
    /// way back.
    pub fn target(mut self, version: impl Into<String>) -> Self {
        self.target = Some(version.into());
        self
    }

    /// How long nothing may move before the run is given up, and how long one request may take; 60 seconds unless set.
    /// Whatever is applied, by this run or another, begins it anew. A migration that takes longer needs a longer one.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Applies what the database lacks.
    ///
    /// # Errors
    ///
    /// - [`Error::BadUrl`], [`Error::StaleBuild`], [`Error::UnknownTarget`]: nothing was sent.
    /// - [`Error::NewerDatabase`], [`Error::Diverged`], [`Error::UnusableTable`]: the history is not this program's, or
    ///   not the beginning of it.
    /// - [`Error::Unsupported`], [`Error::ForeignKeysEnforced`], [`Error::TooLarge`]: a migration cannot run on this engine.
    /// - [`Error::Failed`], [`Error::TransactionLost`]: a migration failed, and nothing of it is kept; those before it stay.
    /// - [`Error::HistoryMismatch`], [`Error::NoAnswer`]: nothing moved up to the deadline.
    /// - [`Error::Unauthorized`], [`Error::WrongServer`]: the server wants something else, or is another one.
    pub fn run(&mut self) -> Result<Report, Error> {
        let mut session = (self.session)().deadline(self.deadline);
        if let Some(target) = &self.target {
            session = session.target(target);
        }
        let timeout = self.timeout();
        let on_event = &mut self.on_event;
        http::carry_out(&mut session, timeout, |session| {
            for event in session.events() {
                if let Some(on_event) = on_event {
                    on_event(event);
                }
            }
        })?;
        Ok(session.report())
    }

    /// How far the database is. Writes nothing.
    ///
    /// # Errors
    ///
    /// As [`run`](Runner::run), up to where it would begin to change something.
    pub fn status(&self) -> Result<Status, Error> {
        let mut session = (self.session)().deadline(self.deadline).only_looks();
        http::carry_out(&mut session, self.timeout(), |_| {})?;
        Ok(self.reached(&session))
    }

    /// How far the database is, and its schema: tables, views, indexes and triggers, without those that SQLite or a virtual
    /// table keeps for itself. Writes nothing.
    ///
    /// # Errors
    ///
    /// As [`status`](Runner::status).
    pub fn schema(&self) -> Result<(Status, Vec<Object>), Error> {
        let mut session = (self.session)().deadline(self.deadline).reads_schema();
        http::carry_out(&mut session, self.timeout(), |_| {})?;
        let objects = session.schema().unwrap_or_default().to_owned();
        Ok((self.reached(&session), objects))
    }

    /// A session that ends without an error has read it.
    fn reached(&self, session: &Session) -> Status {
        let none = || core::status(self.migrations, Stands { applied: 0, newer: None });
        session.status().unwrap_or_else(none)
    }

    /// With no time at all to wait, a request still needs some.
    fn timeout(&self) -> Duration {
        self.deadline.max(Duration::from_secs(5))
    }
}
