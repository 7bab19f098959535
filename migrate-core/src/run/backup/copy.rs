//! Copies a database as it is, by SQLite's backup API: VACUUM INTO would lose the WAL mode, and cannot run in the
//! transaction that keeps other connections from writing.
//!
//! A connection that holds the write lock never gets a page of its own backup, so a second one reads, or, where no second
//! one can, the first copies before it takes the lock.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{self, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags, ffi};

use super::names::{self, Names};
use super::{Backup, failed};
use crate::live::locate::failure;
use crate::live::row::get;
use crate::run::error::Error;
use crate::run::wait::{Busy, Wait};

/// Who reads the database while it is copied.
pub(super) enum Source {
    /// Another connection, under the lock of the run.
    Other,
    /// The run's own connection, before it takes the lock: the copy that was made, and what `PRAGMA data_version` said
    /// before.
    Itself(Option<(Copied, i64)>),
}

/// What a second connection waits for under the lock of the run, where only its own process can be in the way.
const MOMENT: Duration = Duration::from_millis(100);

impl Source {
    /// Who is tried first.
    pub(super) fn first(conn: &Connection) -> rusqlite::Result<Self> {
        let locking: String = conn.query_row("PRAGMA main.locking_mode", [], |row| get(row, 0))?;
        Ok(if locking == "exclusive" { Self::Itself(None) } else { Self::Other })
    }

    /// Whether the run's own connection reads.
    pub(super) fn is_itself(&self) -> bool {
        matches!(self, Self::Itself(_))
    }

    /// Copies the database through the run's own connection, where that is who reads it.
    pub(super) fn copy_itself(
        &mut self,
        backup: &Backup<'_>,
        database: &Path,
        conn: &Connection,
        wait: &Wait,
    ) -> Result<(), Box<Error>> {
        let Self::Itself(copied) = self else { return Ok(()) };
        // What another connection has written since is not in it.
        *copied = None;
        let version =
            wait.retry(|| data_version(conn)).map_err(|error| failed(None, "reading the database", error))?;
        *copied = Some((Copied::of(conn, backup, database, wait)?, version));
        Ok(())
    }

    /// The copy of what is there now, under the lock. Where there is none, gives back who is to make one before the lock.
    pub(super) fn copy(
        self,
        backup: &Backup<'_>,
        database: &Path,
        conn: &Connection,
        wait: &Wait,
    ) -> Result<Result<Seen, Self>, Box<Error>> {
        let reading = |error| failed(None, "reading the database", error);
        match self {
            Self::Itself(Some((copied, version))) if data_version(conn).map_err(reading)? == version => {
                Ok(Ok((copied, None)))
            }
            Self::Itself(_) => Ok(Err(Self::Itself(None))),
            Self::Other => {
                let Some(other) = second(backup, database, conn)? else { return Ok(Err(Self::Itself(None))) };
                // Nobody else can be at work: they would need the lock.
                for left_over in names::left_over(&target(backup, database)) {
                    let _ = fs::remove_file(left_over);
                }
                let copied = Copied::of(&other, backup, database, wait)?;
                Ok(Ok((copied, Some(Witness::new(other).map_err(reading)?))))
            }
        }
    }
}

/// A second connection to the database, if one can read it: not where the first lets nobody in, or keeps the database
/// somewhere else than in the file of that name.
fn second(backup: &Backup<'_>, database: &Path, conn: &Connection) -> Result<Option<Connection>, Box<Error>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = match &backup.open {
        Some(open) => open(database),
        None => Connection::open_with_flags(database, flags),
    };
    let read = opened.and_then(|other| {
        other.busy_timeout(Duration::ZERO)?;
        let theirs = Wait::new(MOMENT).retry(|| identity(&other))?;
        Ok((other, theirs))
    });
    match read {
        Ok((other, theirs)) => {
            let ours = identity(conn).map_err(|error| failed(None, "reading the database", error))?;
            Ok((theirs == ours).then_some(other))
        }
        Err(error) if backup.open.is_some() && !error.is_busy() => {
            Err(failed(None, "opening the database once more", error))
        }
        Err(_) => Ok(None),
    }
}

/// What two connections to one database agree on while nobody writes.
fn identity(conn: &Connection) -> rusqlite::Result<[i64; 5]> {
    let ask = |pragma: &str| conn.query_row(&format!("PRAGMA main.{pragma}"), [], |row| get(row, 0));
    Ok([
        ask("schema_version")?,
        ask("page_count")?,
        ask("freelist_count")?,
        ask("user_version")?,
        ask("application_id")?,
    ])
}

/// Changes when another connection has written.
fn data_version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row("PRAGMA main.data_version", [], |row| get(row, 0))
}

/// A copy, and who can tell whether it is still one of what is there. Nobody where only the run can read the database.
pub(super) type Seen = (Copied, Option<Witness>);

/// The second connection, once the copy is made: unlike the run's own it can tell whether anything has been committed since,
/// be it by the run, by a step of it that should not have, or by somebody else.
pub(super) struct Witness {
    conn: Connection,
    version: i64,
}

impl Witness {
    fn new(conn: Connection) -> rusqlite::Result<Self> {
        // Somebody else's way of opening it may keep every lock.
        conn.execute_batch("PRAGMA main.locking_mode = NORMAL")?;
        let version = data_version(&conn)?;
        Ok(Self { conn, version })
    }

    /// Whether the database is still what was copied. One that cannot be read may be anything.
    pub(super) fn saw_no_change(&self) -> bool {
        data_version(&self.conn).is_ok_and(|version| version == self.version)
    }
}

/// A copy that is whole, synced and checked, under a name that nobody takes for a backup. Dropping it removes it.
pub(super) struct Copied {
    path: PathBuf,
}

impl Copied {
    pub(super) fn of(
        from: &Connection,
        backup: &Backup<'_>,
        database: &Path,
        wait: &Wait,
    ) -> Result<Self, Box<Error>> {
        let path = names::partial(&target(backup, database));
        // What an earlier process has left that had this number.
        remove(&path);
        create(&path, database).map_err(|error| failed(backup.to.as_deref(), "creating the copy", error))?;
        let this = Self { path };
        let failed = |doing| move |error: rusqlite::Error| failed(backup.to.as_deref(), doing, error);
        let open = || match &backup.open {
            Some(open) => open(&this.path),
            None => Connection::open(&this.path),
        };
        let mut target = open().map_err(failed("opening the copy"))?;
        copy(from, &mut target, wait).map_err(failed("copying"))?;
        target.close().map_err(|(_, error)| error).map_err(failed("closing the copy"))?;
        if fs::metadata(&this.path).is_ok_and(|file| file.len() == 0) {
            let reason = "the copy went somewhere else; `open_with` has to open the path that it is given";
            return Err(
                Error::Backup { path: backup.to.clone(), reason: reason.to_owned(), source: None }.into()
            );
        }
        // Read again from the file, as whoever needs it will.
        let copy = open().map_err(failed("opening the copy"))?;
        let verdict = check(&copy).map_err(failed("checking the copy"))?;
        copy.close().map_err(|(_, error)| error).map_err(failed("closing the copy"))?;
        if verdict != "ok" {
            let reason = format!("the database is damaged ({verdict})");
            return Err(Error::Backup { path: backup.to.clone(), reason, source: None }.into());
        }
        Ok(this)
    }

    /// Gives the copy its name, which must be free.
    pub(super) fn named(self, path: &Path) -> Result<PathBuf, Box<Error>> {
        self.try_named(path).map_err(|error| failed(Some(path), "giving the copy its name", error))?;
        Ok(path.to_owned())
    }

    /// Gives the copy the first of some names that is free.
    pub(super) fn named_first_free(
        self,
        paths: impl Iterator<Item = PathBuf>,
    ) -> Result<PathBuf, Box<Error>> {
        let mut taken = None;
        for path in paths {
            match self.try_named(&path) {
                Ok(()) => return Ok(path),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = Some((path, error)),
                Err(error) => return Err(failed(Some(&path), "giving the copy its name", error)),
            }
        }
        let (path, error) = taken.unwrap_or_else(|| (self.path.clone(), io::ErrorKind::AlreadyExists.into()));
        Err(failed(Some(&path), "giving the copy its name", error))
    }

    /// A link fails where there is a file already, which a rename would replace. Not every file system has links.
    fn try_named(&self, path: &Path) -> io::Result<()> {
        match fs::hard_link(&self.path, path) {
            Ok(()) => fs::remove_file(&self.path)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
            Err(_) if path.symlink_metadata().is_ok() => return Err(io::ErrorKind::AlreadyExists.into()),
            Err(_) => fs::rename(&self.path, path)?,
        }
        // A name that may not last is none.
        sync_folder(path).inspect_err(|_| drop(fs::remove_file(path)))
    }
}

impl Drop for Copied {
    fn drop(&mut self) {
        // Once it has its name, there is nothing left to remove.
        remove(&self.path);
    }
}

/// What a copy is named after until it is whole.
fn target(backup: &Backup<'_>, database: &Path) -> PathBuf {
    backup.to.clone().unwrap_or_else(|| Names::of(database).any())
}

/// Removes a copy that has no name yet, and what SQLite keeps beside it.
fn remove(partial: &Path) {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        let mut path = partial.to_owned().into_os_string();
        path.push(suffix);
        let _ = fs::remove_file(path);
    }
}

/// Creates an empty file with the permissions of the database, which may be private. Only its permissions are looked at.
fn create(path: &Path, database: &Path) -> io::Result<()> {
    let file = File::create_new(path)?;
    #[cfg(unix)]
    if let Ok(metadata) = database.metadata() {
        file.set_permissions(metadata.permissions())?;
    }
    #[cfg(not(unix))]
    let _ = (file, database);
    Ok(())
}

/// Copies all pages at once, so that it is one state, and has SQLite sync them.
pub(super) fn copy(from: &Connection, target: &mut Connection, wait: &Wait) -> rusqlite::Result<()> {
    target.execute_batch("PRAGMA synchronous = FULL")?;
    let backup = backup::Backup::new(from, target)?;
    wait.retry(|| match backup.step(-1)? {
        StepResult::Busy | StepResult::Locked => {
            Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_BUSY), None))
        }
        _ => Ok(()),
    })
}

/// What SQLite says of a copy.
pub(super) fn check(conn: &Connection) -> rusqlite::Result<String> {
    match conn.query_row("PRAGMA main.quick_check(1)", [], |row| get(row, 0)) {
        // The schema needs a function or a collation of the application's, which is registered on another connection.
        Err(error) if failure(&error).is_some_and(|error| error.code == ErrorCode::Unknown) => {
            let pages: i64 = conn.query_row("PRAGMA main.page_count", [], |row| get(row, 0))?;
            Ok(if pages > 0 { "ok".to_owned() } else { "it is empty".to_owned() })
        }
        answer => answer,
    }
}

/// Makes the name of a file last. Windows has no such thing, and a folder that may not be read cannot be synced.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match File::open(folder) {
        _ if !cfg!(unix) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        opened => opened?.sync_all(),
    }
}
