//! Databases on other machines: libSQL and rqlite, by the client that a program itself would use. Passwords and tokens come
//! from the environment or stand in the URL, and are never shown.

use std::time::Duration;

use clap::ValueEnum;
use embed_migrations_core::Migrations;
use embed_migrations_remote::{Error, LibSql, Rqlite, Runner};

use crate::failure::{Failure, Outcome};
use crate::output;

/// What speaks at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// sqld, Turso.
    Libsql,
    /// rqlited.
    Rqlite,
}

/// A database on another machine.
#[derive(Debug)]
pub(crate) enum Remote {
    LibSql(LibSql),
    Rqlite(Rqlite),
}

const TOKEN: &str = "DATABASE_AUTH_TOKEN";
const USER: &str = "DATABASE_USER";
const PASSWORD: &str = "DATABASE_PASSWORD";

impl Remote {
    /// Reads a URL. Absent where it is none.
    pub(crate) fn of(url: &str, engine: Option<Engine>) -> Result<Option<Self>, Failure> {
        let Some((scheme, _)) = url.split_once("://") else { return Ok(None) };
        let of_scheme = match scheme.to_ascii_lowercase().as_str() {
            "libsql" => Some(Engine::Libsql),
            "rqlite" | "rqlites" => Some(Engine::Rqlite),
            "http" | "https" => None,
            _ => return Ok(None),
        };
        let engine = engine.or(of_scheme).ok_or_else(|| {
            Failure::new(format!(
                "{scheme}:// may be libSQL or rqlite; say which with --engine libsql or --engine rqlite"
            ))
        })?;
        Ok(Some(match engine {
            Engine::Libsql => {
                let server = LibSql::new(url);
                Self::LibSql(if let Ok(token) = std::env::var(TOKEN) { server.token(&token) } else { server })
            }
            Engine::Rqlite => {
                let server = Rqlite::new(url);
                let password = std::env::var(PASSWORD).unwrap_or_default();
                let user = std::env::var(USER);
                Self::Rqlite(if let Ok(user) = user { server.basic(&user, &password) } else { server })
            }
        }))
    }

    /// A run there. It gives up where nothing has moved for so long.
    pub(crate) fn runner<'a>(&self, migrations: &Migrations, deadline: Duration) -> Runner<'a> {
        let runner = match self {
            Self::LibSql(server) => server.runner(migrations),
            Self::Rqlite(server) => server.runner(migrations),
        };
        runner.deadline(deadline)
    }
}

/// What a run or a look at the history ends in where it fails.
pub(crate) fn failed(error: &Error) -> Outcome {
    output::error(format!("{error:?}").trim_end());
    match error {
        Error::NewerDatabase { .. } | Error::Diverged { .. } | Error::UnusableTable { .. } => {
            Outcome::Elsewhere
        }
        Error::Failed { .. } | Error::Unsupported { .. } | Error::ForeignKeysEnforced { .. } => {
            Outcome::Problems
        }
        _ => Outcome::Unusable,
    }
}
