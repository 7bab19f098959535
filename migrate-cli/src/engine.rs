//! A database on another machine: the same migrations, over HTTP.

use std::time::Duration;

use clap::ValueEnum;
use embed_migrations_core::{Migrations, Status};
use embed_migrations_remote::{Error, LibSql, Object, Rqlite, Runner};

use crate::failure::{Failure, Outcome};
use crate::output;

/// What runs there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// sqld or Turso.
    Libsql,
    /// A cluster of rqlite, by one of its nodes.
    Rqlite,
}

/// An engine at a URL, which may hold a password and is never shown.
#[derive(Debug)]
pub(crate) enum Engine {
    LibSql(LibSql),
    Rqlite(Rqlite),
}

impl Engine {
    /// The engine that a URL names by its scheme, or that is named beside it. Absent where this is no such URL.
    pub(crate) fn find(url: &str, kind: Option<Kind>, token: Option<&str>) -> Option<Result<Self, Failure>> {
        let (scheme, _) = url.split_once("://")?;
        let kind = match (scheme, kind) {
            ("libsql", None | Some(Kind::Libsql)) => Kind::Libsql,
            ("rqlite" | "rqlites", None | Some(Kind::Rqlite)) => Kind::Rqlite,
            ("http" | "https", Some(kind)) => kind,
            ("http" | "https", None) => {
                let message =
                    "an http URL does not say what runs there; add --engine libsql or --engine rqlite";
                return Some(Err(Failure::new(message)));
            }
            ("libsql" | "rqlite" | "rqlites", Some(_)) => {
                return Some(Err(Failure::new(format!(
                    "{scheme}:// names another engine than --engine does"
                ))));
            }
            _ => return None,
        };
        Some(match (kind, token) {
            (Kind::Libsql, None) => Ok(Self::LibSql(LibSql::new(url))),
            (Kind::Libsql, Some(token)) => Ok(Self::LibSql(LibSql::new(url).token(token))),
            (Kind::Rqlite, None) => Ok(Self::Rqlite(Rqlite::new(url))),
            (Kind::Rqlite, Some(_)) => Err(Failure::new(
                "rqlite has no tokens; write user and password into the URL: rqlite://USER:PASSWORD@HOST:PORT",
            )),
        })
    }

    /// As the core calls it.
    pub(crate) fn kind(&self) -> embed_migrations_core::__build::Engine {
        match self {
            Self::LibSql(_) => embed_migrations_core::__build::Engine::LibSql,
            Self::Rqlite(_) => embed_migrations_core::__build::Engine::Rqlite,
        }
    }

    pub(crate) fn runner<'a>(&self, migrations: Migrations, deadline: Duration) -> Runner<'a> {
        let runner = match self {
            Self::LibSql(engine) => engine.runner(&migrations),
            Self::Rqlite(engine) => engine.runner(&migrations),
        };
        runner.deadline(deadline)
    }

    pub(crate) fn status(&self, migrations: Migrations, deadline: Duration) -> Result<Status, Outcome> {
        self.runner(migrations, deadline).status().map_err(|error| failed(&error))
    }

    /// How far the database is, and the statements that make its schema.
    pub(crate) fn schema(
        &self,
        migrations: Migrations,
        deadline: Duration,
    ) -> Result<(Status, Vec<Object>), Outcome> {
        self.runner(migrations, deadline).schema().map_err(|error| failed(&error))
    }
}

/// What a run or a look at the history ends in where it fails.
pub(crate) fn failed(error: &Error) -> Outcome {
    output::error(format!("{error:?}").trim_end());
    match error {
        Error::NewerDatabase { .. } | Error::Diverged { .. } | Error::UnusableTable { .. } => {
            Outcome::Elsewhere
        }
        Error::Failed { .. } => Outcome::Problems,
        _ => Outcome::Unusable,
    }
}
