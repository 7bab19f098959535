//! A copy of the database before anything in it changes: what a caller asks for, and when the copy is made, kept and
//! removed. How a database is copied is told in `copy`, what the files are called in `names`.
//!
//! Nothing here opens a file of the database but SQLite: POSIX ends the locks that a process has on a file when any handle of
//! it is closed.

#[cfg(feature = "build")]
pub(crate) mod back;
mod copy;
mod names;

use std::fmt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use self::copy::{Source, Witness};
use self::names::Names;
use super::error::Error;
use super::wait::Wait;
use crate::live::row::get;
use crate::model::report::Reached;

type Open<'a> = Box<dyn Fn(&Path) -> rusqlite::Result<Connection> + 'a>;

/// Where a run copies the database to before it changes it, for [`Runner::backup`](super::Runner::backup).
///
/// The copy is made under the write lock of the run, so that nothing changes in between, and is whole, with what is in the
/// WAL: it was synced and checked before it got its name. It has the permissions of the database. Where nothing is pending,
/// or the database is empty or has no file, there is no copy.
///
/// A database that other connections of this process cannot read is copied from the run's own connection: in locking mode
/// EXCLUSIVE, say. One with a key or a VFS of its own needs [`open_with`](Backup::open_with).
///
/// # Examples
///
/// ```
/// # use embed_migrations::{Migrations, embed_migrations};
/// use embed_migrations::Backup;
///
/// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir().join(format!("migrate-backup-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("app.db");
/// # MIGRATIONS.runner().target("001").open_with(&path, |_| Ok(()))?;
/// let (conn, report) =
///     MIGRATIONS.runner().backup(Backup::beside_database().keep(3)).open_with(&path, |_| Ok(()))?;
/// let backup = report.backup().expect("002 was pending");
/// // Such as app.db.001-20261127T101500Z.backup
/// assert!(backup.to_string_lossy().contains("app.db.001-"));
/// # drop(conn);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a backup is made by the run that it is given to"]
pub struct Backup<'a> {
    /// Absent for one beside the database, under a name of its own.
    to: Option<PathBuf>,
    keep: Option<usize>,
    open: Option<Open<'a>>,
}

impl fmt::Debug for Backup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backup").field("to", &self.to).field("keep", &self.keep).finish_non_exhaustive()
    }
}

impl<'a> Backup<'a> {
    /// A copy in the folder of the database: `FILE.VERSION-UTC.backup`, where VERSION is the newest that is recorded, or
    /// `empty` where none is.
    pub fn beside_database() -> Self {
        Self { to: None, keep: None, open: None }
    }

    /// A copy in a place of the caller's. A file that is there already is never replaced: the run is refused.
    ///
    /// ```
    /// # use embed_migrations::{Backup, Error, Migrations, embed_migrations};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = std::env::temp_dir().join(format!("migrate-backup-to-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # let (path, copy) = (folder.join("app.db"), folder.join("copy.db"));
    /// # MIGRATIONS.runner().target("001").open_with(&path, |_| Ok(()))?;
    /// std::fs::write(&copy, "here already")?;
    /// let refused = MIGRATIONS.runner().backup(Backup::to(&copy)).open_with(&path, |_| Ok(()));
    /// assert!(matches!(refused, Err(Error::Backup { .. })));
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn to(path: impl Into<PathBuf>) -> Self {
        Self { to: Some(path.into()), ..Self::beside_database() }
    }

    /// Keeps so many of the newest backups beside the database, and removes older ones after a run that ended without an
    /// error. Only files that a run has made are counted, and the one of this run stays in any case. Unless this is
    /// called, all stay.
    ///
    /// It belongs to [`beside_database`](Backup::beside_database): with [`to`](Backup::to) the run is refused.
    pub fn keep(mut self, count: usize) -> Self {
        self.keep = Some(count);
        self
    }

    /// Opens the database for reading and the copy for writing, each at the path that it is given, where a plain path is not
    /// enough: this gives both their key, or their VFS.
    ///
    /// ```
    /// # use embed_migrations::{Backup, Migrations, embed_migrations, rusqlite::Connection};
    /// # static MIGRATIONS: Migrations = embed_migrations!("../migrations");
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = "secret";
    /// let backup = Backup::beside_database().open_with(|path| {
    ///     let conn = Connection::open(path)?;
    ///     conn.pragma_update(None, "key", key)?;
    ///     Ok(conn)
    /// });
    /// # let _ = backup;
    /// # Ok(())
    /// # }
    /// ```
    pub fn open_with(mut self, open: impl Fn(&Path) -> rusqlite::Result<Connection> + 'a) -> Self {
        self.open = Some(Box::new(open));
        self
    }
}

/// The backup of one call: made at most once, before the first migration.
struct Job<'r> {
    backup: &'r Backup<'r>,
    source: Option<Source>,
    /// What there was when this call first looked.
    first_look: Option<FirstLook>,
    /// How often it was copied before the lock.
    attempts: u32,
    /// It is made, or it is known that none is needed: whatever comes later is this call's own doing.
    is_decided: bool,
    taken: Option<Taken>,
}

struct FirstLook {
    /// The path of the database. Absent where there is no file to copy.
    database: Option<PathBuf>,
    /// How far it was.
    before: Reached,
    /// The backups that there were.
    backups: Vec<PathBuf>,
}

/// What a run does about its backup. A trait, so that a program that never asks for one does not carry what makes it.
pub(super) trait Task {
    /// What has to be done while there is no transaction: copying the database where only its own connection can
    /// read it. `before` is how far the database is.
    fn before_the_lock(&mut self, conn: &Connection, before: Reached, wait: &Wait) -> Result<(), Box<Error>>;

    /// Makes the copy, or gives the one that was made its name: nothing has changed yet, and nobody else can change
    /// anything.
    fn under_the_lock(
        &mut self,
        conn: &Connection,
        before: Reached,
        wait: &Wait,
    ) -> Result<Outcome, Box<Error>>;

    /// How far the database was when the copy was made.
    fn made_before(&self) -> Option<Reached>;

    /// A COMMIT follows, so that from now on the database may have changed.
    fn stays(&mut self);

    /// The run is over. `changed` is whether it has changed anything as far as its records tell, `ended` whether somebody else
    /// has ended its transaction, and may have committed a part of a file. Where it went well, the backups that are one too
    /// many go; that one cannot be removed is no reason to fail.
    fn settle(&mut self, changed: bool, ended: bool, went_well: bool);
}

/// Begins a [`Job`]. Whoever names it has the code in the program.
pub(super) type Begin = for<'r> fn(&'r Backup<'r>) -> Box<dyn Task + 'r>;

pub(super) fn begin<'r>(backup: &'r Backup<'r>) -> Box<dyn Task + 'r> {
    let (source, first_look, taken) = (None, None, None);
    Box::new(Job { backup, source, first_look, attempts: 0, is_decided: false, taken })
}

/// How often a database is copied that other connections keep writing to.
const ATTEMPTS: u32 = 10;

/// What became of the copy.
pub(super) enum Outcome {
    Made(PathBuf),
    /// There is nothing to copy, or it was made before an earlier transaction of this call.
    NotNeeded,
    /// Another connection has written between copy and lock, so it has to be made again, before the lock.
    Again,
}

impl Job<'_> {
    fn refused(&self, reason: &str) -> Box<Error> {
        Error::Backup { path: self.backup.to.clone(), reason: reason.to_owned(), source: None }.into()
    }

    /// Looks for the first time, and refuses what cannot be done whatever happens. Not before something is pending.
    fn look(&self, conn: &Connection, before: Reached) -> Result<FirstLook, Box<Error>> {
        if self.backup.to.is_some() && self.backup.keep.is_some() {
            return Err(
                self.refused("`keep` is for backups beside the database, and this one has a path of its own")
            );
        }
        let database = match conn.path() {
            Some("") => None,
            Some(path) => Some(PathBuf::from(path)),
            None => return Err(self.refused("its path is not UTF-8, so SQLite cannot tell it")),
        };
        let backups = database.as_deref().map(|database| self.backups(database)).unwrap_or_default();
        Ok(FirstLook { database, before, backups })
    }

    /// The backups that there are.
    fn backups(&self, database: &Path) -> Vec<PathBuf> {
        match &self.backup.to {
            None => Names::of(database).all(),
            Some(path) => path.symlink_metadata().is_ok().then(|| path.clone()).into_iter().collect(),
        }
    }

    /// Whether another process has begun this upgrade since our first look: it has made a backup, and gone further. Ours would
    /// be of something in between. (One that has kept nothing removes its backup, and has gone nowhere.)
    fn is_another_s_work(&self, first: &FirstLook, database: &Path, before: Reached) -> bool {
        first.before != before && self.backups(database).iter().any(|backup| !first.backups.contains(backup))
    }

    fn make(
        &mut self,
        first: &FirstLook,
        conn: &Connection,
        before: Reached,
        wait: &Wait,
    ) -> Result<Outcome, Box<Error>> {
        let (Some(database), Some(source)) = (first.database.as_deref(), self.source.take()) else {
            return Ok(Outcome::NotNeeded);
        };
        if !has_tables(conn).map_err(|error| failed(None, "reading the schema", error))?
            || self.is_another_s_work(first, database, before)
        {
            return Ok(Outcome::NotNeeded);
        }
        if self.backup.to.is_some() && !self.backups(database).is_empty() {
            return Err(self.refused("there is a file of that name already"));
        }
        let (copied, witness) = match source.copy(self.backup, database, conn, wait)? {
            Ok(copied) => copied,
            Err(source) => {
                self.source = Some(source);
                return Ok(Outcome::Again);
            }
        };
        let path = match &self.backup.to {
            Some(path) => copied.named(path)?,
            None => {
                let stamp = utc(conn).map_err(|error| failed(None, "asking for the time", error))?;
                let newest = match before {
                    Reached::Migration(newest) => Some(newest.version()),
                    _ => None,
                };
                copied.named_first_free(Names::of(database).candidates(newest, &stamp))?
            }
        };
        self.taken = Some(Taken { path: path.clone(), before, stays: false, witness });
        Ok(Outcome::Made(path))
    }
}

impl Task for Job<'_> {
    fn before_the_lock(&mut self, conn: &Connection, before: Reached, wait: &Wait) -> Result<(), Box<Error>> {
        if self.is_decided {
            return Ok(());
        }
        let first = match self.first_look.take() {
            Some(first) => first,
            None => self.look(conn, before)?,
        };
        if let Some(database) = &first.database {
            let mut source = match self.source.take() {
                Some(source) => source,
                None => wait
                    .retry(|| Source::first(conn))
                    .map_err(|error| failed(None, "asking for the locking mode", error))?,
            };
            if source.is_itself() {
                if self.attempts == ATTEMPTS {
                    return Err(
                        self.refused("other connections kept writing to the database while it was copied")
                    );
                }
                self.attempts += 1;
                source.copy_itself(self.backup, database, conn, wait)?;
            }
            self.source = Some(source);
        }
        self.first_look = Some(first);
        Ok(())
    }

    fn under_the_lock(
        &mut self,
        conn: &Connection,
        before: Reached,
        wait: &Wait,
    ) -> Result<Outcome, Box<Error>> {
        let Some(first) = self.first_look.take().filter(|_| !self.is_decided) else {
            return Ok(Outcome::NotNeeded);
        };
        let outcome = self.make(&first, conn, before, wait)?;
        self.first_look = Some(first);
        self.is_decided = !matches!(outcome, Outcome::Again);
        Ok(outcome)
    }

    fn made_before(&self) -> Option<Reached> {
        self.taken.as_ref().map(|taken| taken.before)
    }

    fn stays(&mut self) {
        if let Some(taken) = &mut self.taken {
            taken.stays = true;
        }
    }

    fn settle(&mut self, changed: bool, ended: bool, went_well: bool) {
        let Some(taken) = &mut self.taken else { return };
        // What somebody else has committed is recorded nowhere.
        taken.stays = changed || (ended && taken.may_have_changed());
        let database = self.first_look.as_ref().and_then(|first| first.database.as_deref());
        let (Some(database), Some(keep), true) = (database, self.backup.keep, went_well) else { return };
        let others = Names::of(database).all().into_iter().filter(|path| *path != taken.path);
        for old in others.rev().skip(keep.saturating_sub(1)) {
            let _ = std::fs::remove_file(old);
        }
    }
}

/// A backup that was made. Dropping it removes the file, unless something has changed that it is the way back from: a program
/// that fails at every start must not fill the disk.
struct Taken {
    path: PathBuf,
    before: Reached,
    stays: bool,
    /// Absent where nobody but the run can read the database.
    witness: Option<Witness>,
}

impl Taken {
    /// Whether anybody may have committed something since.
    fn may_have_changed(&self) -> bool {
        !self.witness.as_ref().is_some_and(Witness::saw_no_change)
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        // Nobody has settled anything where a step in Rust has panicked.
        let stays = self.stays || (std::thread::panicking() && self.may_have_changed());
        if !stays {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn has_tables(conn: &Connection) -> rusqlite::Result<bool> {
    conn.prepare("SELECT 1 FROM main.sqlite_master LIMIT 1")?.exists([])
}

/// The time in UTC, as SQLite tells it: one clock, and no calendar of ours.
fn utc(conn: &Connection) -> rusqlite::Result<String> {
    conn.query_row("SELECT strftime('%Y%m%dT%H%M%SZ', 'now')", [], |row| get(row, 0))
}

fn failed(
    path: Option<&Path>,
    doing: &str,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Box<Error> {
    let (path, reason) = (path.map(Path::to_owned), format!("failed while {doing}"));
    Error::Backup { path, reason, source: Some(source.into()) }.into()
}
