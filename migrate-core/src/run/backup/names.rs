//! What backups beside a database are called: `FILE.VERSION-UTC.backup`, such as `app.db.007-20261127T101500Z.backup`.
//! Every other file in the folder is somebody else's.

use std::path::{Path, PathBuf};

const SUFFIX: &str = ".backup";
const PARTIAL: &str = ".partial";

/// Stands for a version where none is recorded.
const EMPTY: &str = "empty";

/// The names of the backups of one database.
pub(super) struct Names<'p> {
    database: &'p Path,
    file_name: &'p str,
}

/// When a backup was made, and which one of that second it was.
type Made = (String, u32);

impl<'p> Names<'p> {
    pub(super) fn of(database: &'p Path) -> Self {
        // A path that SQLite gives as UTF-8 ends in a name.
        let file_name = database.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        Self { database, file_name }
    }

    /// The paths that a backup may have, the best first: several may be made in one second.
    pub(super) fn candidates(
        &self,
        newest: Option<&str>,
        stamp: &str,
    ) -> impl Iterator<Item = PathBuf> + use<> {
        let stem = format!("{}.{}-{stamp}", self.file_name, newest.unwrap_or(EMPTY));
        let database = self.database.to_owned();
        counted().map(move |count| database.with_file_name(format!("{stem}{count}{SUFFIX}")))
    }

    /// The paths that a copy of what is replaced by a backup may have: no backups themselves, or the way back would lead to
    /// where it has come from.
    #[cfg(feature = "build")]
    pub(super) fn of_replaced(&self, stamp: &str) -> impl Iterator<Item = PathBuf> + use<> {
        let stem = format!("{}.{stamp}", self.file_name);
        let database = self.database.to_owned();
        counted().map(move |count| database.with_file_name(format!("{stem}{count}.replaced")))
    }

    /// Stands for all of them in the name of a copy that is not whole yet.
    pub(super) fn any(&self) -> PathBuf {
        self.database.with_file_name(format!("{}{SUFFIX}", self.file_name))
    }

    /// The backups of this database, the oldest first.
    pub(super) fn all(&self) -> Vec<PathBuf> {
        let mut all: Vec<_> =
            entries(self.database).filter_map(|(path, name)| Some((self.made(&name)?, path))).collect();
        all.sort();
        all.into_iter().map(|(_, path)| path).collect()
    }

    /// When a file was made, if it is a backup of this database.
    fn made(&self, name: &str) -> Option<Made> {
        let stem = name.strip_prefix(self.file_name)?.strip_prefix('.')?.strip_suffix(SUFFIX)?;
        let (version, rest) = stem.split_once('-')?;
        let (stamp, count) = match rest.split_once('-') {
            Some((stamp, count)) => (stamp, count.parse().ok().filter(|_| is_number(count))?),
            None => (rest, 1),
        };
        let (day, time) = stamp.strip_suffix('Z')?.split_once('T')?;
        let is_stamp = day.len() == 8 && time.len() == 6 && is_number(day) && is_number(time);
        (is_stamp && (version == EMPTY || is_number(version))).then(|| (stamp.to_owned(), count))
    }
}

/// The path of a copy until it is whole.
pub(super) fn partial(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}{PARTIAL}", std::process::id()));
    target.with_file_name(name)
}

/// What killed processes have left of copies that were to be a target.
pub(super) fn left_over(target: &Path) -> Vec<PathBuf> {
    let Some(target_name) = target.file_name().and_then(|name| name.to_str()) else { return Vec::new() };
    let is_left_over = |name: &str| {
        let process =
            name.strip_prefix(target_name).and_then(|rest| rest.strip_prefix('.')?.split_once(PARTIAL));
        process.is_some_and(|(process, of)| {
            is_number(process) && matches!(of, "" | "-journal" | "-wal" | "-shm")
        })
    };
    entries(target).filter(|(_, name)| is_left_over(name)).map(|(path, _)| path).collect()
}

/// The files beside one.
fn entries(file: &Path) -> impl Iterator<Item = (PathBuf, String)> + use<> {
    let folder =
        file.parent().map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    let entries = folder.and_then(|folder| std::fs::read_dir(folder).ok()).into_iter().flatten();
    entries.filter_map(|entry| {
        let entry = entry.ok()?;
        Some((entry.path(), entry.file_name().into_string().ok()?))
    })
}

/// Nothing, then `-2`, `-3` …
fn counted() -> impl Iterator<Item = String> {
    let counts = (2..=u16::MAX).map(|count| format!("-{count}"));
    std::iter::once(String::new()).chain(counts)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_it_is_a_copy_of_and_when_it_was_made() {
        let names = Names::of(Path::new("/data/app.db"));
        let first: Vec<_> = names.candidates(Some("007"), "20261127T101500Z").take(2).collect();
        assert_eq!(
            first,
            [
                PathBuf::from("/data/app.db.007-20261127T101500Z.backup"),
                PathBuf::from("/data/app.db.007-20261127T101500Z-2.backup")
            ]
        );
        assert_eq!(
            names.candidates(None, "20261127T101500Z").next(),
            Some(PathBuf::from("/data/app.db.empty-20261127T101500Z.backup"))
        );
        for path in first {
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
            assert!(names.made(name).is_some(), "{name}");
        }
    }

    #[test]
    fn another_file_is_never_taken_for_one() {
        let names = Names::of(Path::new("app.db"));
        for name in [
            "app.db",
            "app.db-wal",
            "app.db.backup",
            "app.db.007.backup",
            "app.db.007-20261127.backup",
            "app.db.007-2026-11-27.backup",
            "app.db.old-20261127T101500Z.backup",
            "app.db.007-20261127T101500Z.backup.gz",
            "app.db.007-20261127T101500Z",
            "app.db.007-20261127T101500Z-x.backup",
            "app.db.007-20261127T101500Z-.backup",
            "other.db.007-20261127T101500Z.backup",
            "app.db.2.007-20261127T101500Z.backup",
            "my-app.db.007-20261127T101500Z.backup",
        ] {
            assert_eq!(names.made(name), None, "{name}");
        }
        let made = |name| names.made(name).expect("it is one");
        assert!(made("app.db.007-20261127T101500Z-10.backup") > made("app.db.009-20261127T101500Z-9.backup"));
        assert!(made("app.db.007-20261127T101501Z.backup") > made("app.db.007-20261127T101500Z-2.backup"));
    }
}
