//! How errors are worded: `Display` in one line, `Debug` as the whole story. A chain printer shows each line once, so what
//! an engine answered is the `source()` of an error, and never part of its `Display`.

use std::error::Error as _;
use std::fmt;

use embed_migrations_core::__remote::is_hidden;

use crate::error::{Cause, EngineError, Error, Lost};

/// The longest text of somebody else's that is shown whole, in characters.
const LONGEST: usize = 300;

/// Somebody else's text on one line and of bounded length. It comes from a server or a database, and may hold newlines,
/// what moves a terminal's cursor, or a million bytes.
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (count, character) in self.0.trim().chars().enumerate() {
            if count == LONGEST {
                return write!(f, "… ({} bytes)", self.0.len());
            }
            if is_hidden(character) {
                write!(f, "{}", character.escape_default())?;
            } else {
                write!(f, "{character}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadUrl { reason } => {
                write!(f, "the engine's URL cannot be used: {reason}")
            }
            Self::StaleBuild { file_name, folder } => write!(
                f,
                "{file_name} is in {folder}, but not in this build; rebuild, and add \
                 println!(\"cargo::rerun-if-changed={folder}\"); to build.rs so that new files are noticed"
            ),
            Self::UnknownTarget { target, latest } => write!(
                f,
                "the target `{}` is not a version of this program; the last one is {} ({})",
                Shown(target),
                latest.version(),
                latest.file_name()
            ),
            Self::NewerDatabase { database, binary } => write!(
                f,
                "the database is at version {}, but this program ends at {} ({}); a newer release has migrated it and is \
                 needed to use it",
                Shown(database),
                binary.version(),
                binary.file_name()
            ),
            Self::Diverged { table, divergence } => write!(f, "{table} {}", Shown(&divergence.to_string())),
            Self::UnusableTable { table, reason } => {
                write!(f, "the tracking table {table} {}", Shown(reason))
            }
            Self::Unsupported { migration, place, reason, kept, .. } => {
                write!(
                    f,
                    "{}:{}:{}: {}; {kept}",
                    migration.file_name(),
                    place.line,
                    place.column,
                    Shown(reason)
                )
            }
            Self::ForeignKeysEnforced { migration, kept } => write!(
                f,
                "{} turns foreign keys off, but this rqlite cluster enforces them for every statement; start its nodes \
                 without -fk for this migration; {kept}",
                migration.file_name()
            ),
            Self::Failed { migration, place, kept, .. } => write!(
                f,
                "{}:{}:{}: the migration failed; {kept}",
                migration.file_name(),
                place.line,
                place.column
            ),
            Self::TransactionLost { migration, place, kept, .. } => write!(
                f,
                "{}:{}:{}: the engine ended the transaction before the migration was done; nothing of it is kept, and it \
                 may need to be several files; {kept}",
                migration.file_name(),
                place.line,
                place.column
            ),
            Self::HistoryMismatch { migration, table, waited, kept } => write!(
                f,
                "{} could not be begun for {:.1} s: {table} does not hold what it was read as, and no other process has \
                 changed it; {kept}",
                migration.file_name(),
                waited.as_secs_f64()
            ),
            Self::NoAnswer { migration, waited, kept, .. } => {
                write!(f, "no answer for {:.1} s ", waited.as_secs_f64())?;
                match migration {
                    Some(migration) => write!(f, "while applying {}", migration.file_name())?,
                    None => f.write_str("while reading which migrations are applied")?,
                }
                write!(f, "; {kept}")
            }
            Self::Unauthorized { status } => {
                write!(f, "the engine answered {status}: it needs another user, password or token")
            }
            Self::TooLarge { migration, bytes, kept } => write!(
                f,
                "{} makes a request of {bytes} bytes, which is more than the engine takes; cut the file in several; {kept}",
                migration.file_name()
            ),
            Self::WrongServer { engine, status, answer } => {
                write!(f, "the server does not answer as {engine} does: {status} {}", Shown(answer))
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        if let Self::Failed { place, .. }
        | Self::Unsupported { place, .. }
        | Self::TransactionLost { place, .. } = self
        {
            write!(f, "\n{place}")?;
        }
        if let Self::Failed { statement, .. } | Self::Unsupported { statement, .. } = self
            && !statement.is_empty()
        {
            write!(f, "\n  statement: {}", shortened(statement))?;
        }
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, "\n  cause: {}", Shown(&error.to_string()))?;
            cause = error.source();
        }
        if let Some(kept) = self.kept() {
            let names: Vec<_> = kept.applied.iter().map(|migration| migration.file_name()).collect();
            let names = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
            write!(f, "\n  applied by this run and kept: {names}")?;
        }
        Ok(())
    }
}

/// A statement as it fits into a message.
fn shortened(statement: &str) -> String {
    const LONGEST: usize = 500;
    match statement.char_indices().nth(LONGEST) {
        Some((end, _)) => {
            format!("{} … ({} bytes)", statement.get(..end).unwrap_or_default(), statement.len())
        }
        None => statement.to_owned(),
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { sqlite, rehearsed_with: Some(version), .. } => write!(
                f,
                "the engine refused the statement; its SQLite is {}, and the migrations were rehearsed with {version}",
                Shown(sqlite)
            ),
            Self::Refused { .. } => f.write_str("the engine refused the statement"),
            Self::NotRecorded => f.write_str(
                "a migration must add exactly one row, its own, to the tracking table, and this one did not",
            ),
            Self::Trigger => f.write_str(
                "it leaves a trigger on the tracking table, where it would run on the record of every later migration",
            ),
            Self::ForeignKeys => {
                f.write_str("with foreign keys off, it adds rows that reference missing ones")
            }
        }
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{} [{}]", Shown(&self.message), Shown(code)),
            None => write!(f, "{}", Shown(&self.message)),
        }
    }
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport { .. } => f.write_str("the request got no answer"),
            Self::Status { status, answer } if answer.is_empty() => write!(f, "the server answered {status}"),
            Self::Status { status, answer } => write!(f, "the server answered {status}: {}", Shown(answer)),
            Self::Unreadable { reason } => write!(f, "the answer cannot be read: {}", Shown(reason)),
            Self::Engine { .. } => f.write_str("the engine could not carry the request out"),
        }
    }
}
