//! Which database is meant, and how it is opened. The file itself is never opened by anything but SQLite, which would
//! lose its locks.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use embed_migrations_core::__build::Project;
use embed_migrations_core::{Error, Migrations, Verifier};
use rusqlite::{Connection, OpenFlags};

use crate::engine::{Engine, Kind};
use crate::failure::{Failure, Outcome};
use crate::output;

/// The options of every command that looks at a database.
#[derive(Debug, Args)]
pub(crate) struct Database {
    /// The database: a file, also as sqlite:PATH or file:PATH, or libsql://…, rqlite://…, or http(s)://… with --engine.
    #[arg(short, long, env = "DATABASE_URL", hide_env_values = true, value_name = "DATABASE")]
    database: String,

    /// What runs at an http URL.
    #[arg(long, value_enum)]
    engine: Option<Kind>,

    /// A token for libSQL.
    #[arg(long, env = "DATABASE_TOKEN", hide_env_values = true)]
    token: Option<String>,

    /// How many seconds to wait for other programs that have the database locked, or for an answer.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    lock_timeout: u64,
}

/// The options of a command that compares the schema of a database file.
#[derive(Debug, Args)]
pub(crate) struct Compared {
    #[command(flatten)]
    pub(crate) database: Database,

    /// A table or view that no migration makes, and that is to be left out, with its indexes and triggers.
    #[arg(long, value_name = "TABLE")]
    ignoring: Vec<String>,
}

impl Compared {
    /// A comparison that leaves out these tables, and `others`, which other tools have in the database.
    pub(crate) fn verifier<'p>(
        &self,
        migrations: Migrations,
        project: &'p Project,
        others: &[&str],
    ) -> Verifier<'p> {
        let ignored: Vec<_> =
            self.ignoring.iter().map(String::as_str).chain(others.iter().copied()).collect();
        let verifier = migrations.verifier().ignoring(&ignored).setup(|conn| project.register(conn));
        verifier.lock_timeout(self.database.lock_timeout())
    }
}

impl Database {
    pub(crate) fn lock_timeout(&self) -> Duration {
        Duration::from_secs(self.lock_timeout)
    }

    /// Where the file is, for a command that is about one.
    pub(crate) fn file(&self) -> Result<PathBuf, Failure> {
        match self.place()? {
            Place::File(path) => Ok(path),
            Place::Engine(_) => Err(Failure::new(
                "this command needs a database file; only status, up and verify know others",
            )),
        }
    }

    /// Where it is.
    pub(crate) fn place(&self) -> Result<Place, Failure> {
        match Engine::find(&self.database, self.engine, self.token.as_deref()) {
            Some(engine) => engine.map(Place::Engine),
            None => path(&self.database).map(Place::File),
        }
    }
}

/// Where a database is.
pub(crate) enum Place {
    File(PathBuf),
    Engine(Engine),
}

/// The path in what a person or DATABASE_URL names.
pub(crate) fn path(database: &str) -> Result<PathBuf, Failure> {
    let path = match database.split_once(':') {
        // Other tools write what SQLite is to do with the file behind a `?`. Left as it is, a URI would be a path to some of
        // what opens it, and to SQLite another one.
        Some(("sqlite" | "file", rest)) => {
            let is_uri = database.starts_with("file:") || rest.starts_with("file:");
            let rest = rest.strip_prefix("file:").unwrap_or(rest);
            let (path, options) = rest.split_once('?').unwrap_or((rest, ""));
            if is_uri && (path.contains(['%', '#']) || path.starts_with("//localhost/")) {
                return Err(Failure::new(format!(
                    "{database}: name the file by its path, as in app.db or sqlite:app.db"
                )));
            }
            if options.split('&').any(|option| option == "mode=memory") {
                ""
            } else {
                path.strip_prefix("//").unwrap_or(path)
            }
        }
        Some((scheme, rest)) if rest.starts_with("//") => {
            return Err(Failure::new(format!(
                "{scheme} is not a scheme that this command knows; name a file, as in app.db or sqlite:app.db"
            )));
        }
        _ => database,
    };
    if path.is_empty() || path.contains(":memory:") {
        return Err(Failure::new(format!("{database}: there is no file in this; name one, as in app.db")));
    }
    Ok(PathBuf::from(path))
}

/// A connection that only reads. Absent where there is no such file, and none is made.
pub(crate) fn read(path: &Path) -> Result<Option<Connection>, Failure> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::file(path, error)),
        Ok(metadata) if metadata.is_dir() => {
            Err(Failure::file(path, "this is a folder; name the database file in it"))
        }
        Ok(_) => {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            Connection::open_with_flags(path, flags).map(Some).map_err(|error| Failure::file(path, error))
        }
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
