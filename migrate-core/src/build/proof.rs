//! What a compilation leaves behind for the next one of the same crate: that these very files were checked and rehearsed,
//! and what came of it. Nothing else is taken from it than what checking and rehearsing them again would give; a file that
//! is damaged, or is about other bytes, counts as none, and so does one that cannot be written.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use hmac_sha256::Hash;

use super::args::Args;
use super::source::Source;
use super::{CANNOT_BE_FOLLOWED, Embedded, EmbeddedMigration, MODES, Note, RUNS_TOO_LONG};
use crate::check::{Content, Entry};
use crate::sql::script;

/// Where a compilation may leave something, and what it is made of.
#[derive(Debug)]
pub struct Home {
    /// A folder that is the crate's own, and goes when everything is built anew: OUT_DIR, where there is a build script.
    pub folder: PathBuf,
    /// Another text for other rules: the version of the macro, and of its sources where they may change without it.
    pub version: String,
}

/// The proof for the files of one folder.
pub(super) struct Proof {
    path: PathBuf,
    /// Of every byte that decides what comes of them.
    key: [u8; 32],
}

impl Proof {
    pub(super) fn of(home: &Home, args: &Args, source: &Source) -> Self {
        let which = digest(&arguments(args));
        let name: String = which.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let mut bytes = Bytes::default();
        bytes.add(&which);
        bytes.add(home.version.as_bytes());
        bytes.add(rusqlite::version().as_bytes());
        for entries in [&source.entries, &source.tests] {
            // A folder is listed in any order.
            let mut entries: Vec<&Entry<'_>> = entries.iter().collect();
            entries.sort_by(|a, b| a.name.cmp(&b.name));
            bytes.count(entries.len());
            for Entry { name, content } in entries {
                bytes.add(name.as_bytes());
                let (kind, content) = match content {
                    Content::Text(text) => (0, text.as_ref()),
                    Content::Unreadable(why) => (1, why.as_str()),
                    Content::Other(what) => (2, what.as_str()),
                };
                bytes.count(kind);
                bytes.add(content.as_bytes());
            }
        }
        Self { path: home.folder.join(format!("embed-migrations-{name}")), key: digest(&bytes.0) }
    }

    /// What came of these very files the last time.
    pub(super) fn read(&self, source: &Source) -> Option<Embedded> {
        let bytes = fs::read(&self.path).ok()?;
        let (content, seal) = bytes.split_at_checked(bytes.len().checked_sub(32)?)?;
        let content = content.strip_prefix(&self.key)?;
        if self.seal(content) != *seal {
            return None;
        }
        let mut rest = Rest(content);
        let table = rest.text()?;
        let shipped = rest.count()?;
        let tracked = rest.list(Rest::text)?;
        let notes = rest.list(|rest| {
            let message = *[RUNS_TOO_LONG, CANNOT_BE_FOLLOWED].get(rest.count()?)?;
            Some(Note { file: rest.text()?, message })
        })?;
        let texts = source.entries.iter().filter_map(|entry| match &entry.content {
            Content::Text(text) => Some((entry.name.as_str(), text)),
            _ => None,
        });
        let texts: HashMap<_, _> = texts.collect();
        let migrations = rest.list(|rest| {
            let file_name = rest.text()?;
            let text = *texts.get(file_name.as_str())?;
            Some(EmbeddedMigration {
                version_length: u8::try_from(rest.count()?).ok()?,
                mode: rest.list(|rest| MODES.get(rest.count()?).copied())?,
                boundaries: rest.list(|rest| u32::try_from(rest.count()?).ok())?,
                sql: script::normalise(text).into_owned(),
                file_name,
            })
        })?;
        let rehearsed_with = rusqlite::version();
        rest.0.is_empty().then_some(Embedded { migrations, table, rehearsed_with, shipped, tracked, notes })
    }

    /// Leaves what came of them. Whole or not at all, as two compilers may do so at once.
    pub(super) fn leave(&self, embedded: &Embedded) {
        let Embedded { migrations, table, shipped, tracked, notes, .. } = embedded;
        let mut bytes = Bytes::default();
        bytes.add(table.as_bytes());
        bytes.count(*shipped);
        bytes.list(tracked, |bytes, file| bytes.add(file.as_bytes()));
        bytes.list(notes, |bytes, note| {
            bytes.count(usize::from(note.message == CANNOT_BE_FOLLOWED));
            bytes.add(note.file.as_bytes());
        });
        bytes.list(migrations, |bytes, migration| {
            bytes.add(migration.file_name.as_bytes());
            bytes.count(usize::from(migration.version_length));
            bytes.list(&migration.mode, |bytes, mode| {
                bytes.count(MODES.iter().position(|other| other == mode).unwrap_or(usize::MAX));
            });
            bytes.list(&migration.boundaries, |bytes, &end| {
                bytes.count(usize::try_from(end).unwrap_or_default())
            });
        });
        let content = bytes.0;
        let partial = self.path.with_extension(format!("{}.partial", std::process::id()));
        let whole = [&self.key, content.as_slice(), &self.seal(&content)].concat();
        // Nobody is worse off without it.
        if fs::write(&partial, whole).and_then(|()| fs::rename(&partial, &self.path)).is_err() {
            let _ = fs::remove_file(&partial);
        }
    }

    fn seal(&self, content: &[u8]) -> [u8; 32] {
        digest(&[&self.key, content].concat())
    }
}

/// The arguments of the macro, as far as they decide anything.
fn arguments(args: &Args) -> Vec<u8> {
    let Args { folder, folder_span: _, stand_ins, compatible, replicated, steps } = args;
    let mut bytes = Bytes::default();
    bytes.add(folder.as_bytes());
    bytes.add(format!("{stand_ins:?}").as_bytes());
    bytes.count(usize::from(*compatible));
    bytes.count(usize::from(*replicated));
    bytes.list(steps, |bytes, step| bytes.add(step.name.as_bytes()));
    bytes.0
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Hash::hash(bytes)
}

/// Texts and counts one after another, each with its length, so that no two are written alike.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn count(&mut self, count: usize) {
        self.0.extend(u64::try_from(count).unwrap_or(u64::MAX).to_le_bytes());
    }

    fn add(&mut self, text: &[u8]) {
        self.count(text.len());
        self.0.extend(text);
    }

    fn list<T>(&mut self, items: &[T], add: impl Fn(&mut Self, &T)) {
        self.count(items.len());
        for item in items {
            add(self, item);
        }
    }
}

/// What is still to be read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn count(&mut self) -> Option<usize> {
        let (count, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        usize::try_from(u64::from_le_bytes(*count)).ok()
    }

    fn text(&mut self) -> Option<String> {
        let length = self.count()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        String::from_utf8(text.to_owned()).ok()
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        (0..self.count()?).map(|_| read(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{embed, embed_at};
    use super::*;

    /// A folder with so many files, and what it would be embedded with.
    fn package(files: &[(&str, &str)]) -> (tempfile::TempDir, Args, Home) {
        let root = tempfile::tempdir().expect("a folder");
        fs::create_dir(root.path().join("migrations")).expect("a folder");
        for (name, text) in files {
            fs::write(root.path().join("migrations").join(name), text).expect("it is written");
        }
        let home = Home { folder: root.path().to_owned(), version: "1".to_owned() };
        (root, Args::of("migrations"), home)
    }

    const FIRST: &str = "BEGIN;\nCREATE TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT NOT NULL);\nINSERT INTO \
                         schema_migrations VALUES ('0', 'a');\nCOMMIT;\n";
    const SECOND: &str = "PRAGMA foreign_keys = OFF;\nBEGIN;\r\nCREATE TABLE t (a);\nINSERT INTO schema_migrations VALUES ('1', \
                          'b');\nCOMMIT;\nPRAGMA foreign_keys = ON;\n";
    const FILES: [(&str, &str); 2] = [("0_a.sql", FIRST), ("1_b.sql", SECOND)];

    fn proof(root: &Path, args: &Args, home: &Home) -> Proof {
        let source = super::super::source::read(root, &args.folder).map_err(|_| ()).expect("it can be read");
        Proof::of(home, args, &source)
    }

    #[test]
    fn what_is_left_is_what_comes_of_the_files() {
        let (root, args, home) = package(&FILES);
        let without = embed(root.path(), &args).expect("it is in order");
        for _ in 0..2 {
            let with = embed_at(root.path(), &args, Some(&home)).expect("it is in order");
            assert_eq!(format!("{with:?}"), format!("{without:?}"));
        }
        let proof = proof(root.path(), &args, &home);
        let source =
            super::super::source::read(root.path(), "migrations").map_err(|_| ()).expect("it can be read");
        assert_eq!(proof.read(&source).map(|read| format!("{read:?}")), Some(format!("{without:?}")));
        assert_eq!(fs::read_dir(root.path()).expect("it can be read").count(), 2, "no half of one is left");
    }

    #[test]
    fn a_damaged_one_counts_as_none() {
        let (root, args, home) = package(&FILES);
        let whole = format!("{:?}", embed_at(root.path(), &args, Some(&home)).expect("it is in order"));
        let path = proof(root.path(), &args, &home).path;
        let bytes = fs::read(&path).expect("it was left");
        let source =
            || super::super::source::read(root.path(), "migrations").map_err(|_| ()).expect("it can be read");
        for at in 0..bytes.len() {
            fs::write(&path, &bytes[..at]).expect("it is written");
            assert!(proof(root.path(), &args, &home).read(&source()).is_none(), "cut at {at}");
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            fs::write(&path, &flipped).expect("it is written");
            assert!(proof(root.path(), &args, &home).read(&source()).is_none(), "flipped at {at}");
        }
        let again = embed_at(root.path(), &args, Some(&home)).expect("it is in order");
        assert_eq!(format!("{again:?}"), whole);
        assert_eq!(fs::read(&path).expect("it is left again"), bytes);
    }

    #[test]
    fn anything_that_is_different_is_looked_at_anew() {
        let (root, args, home) = package(&FILES);
        let key = || proof(root.path(), &args, &home).key;
        embed_at(root.path(), &args, Some(&home)).expect("it is in order");
        let before = key();
        let file = root.path().join("migrations/1_b.sql");
        type Edit<'a> = &'a dyn Fn();
        let edits: [Edit<'_>; 4] = [
            &|| fs::write(&file, SECOND.replace("(a)", "(b)")).expect("it is written"),
            &|| fs::rename(&file, root.path().join("migrations/1_c.sql")).expect("it is renamed"),
            &|| {
                fs::write(root.path().join("migrations/migrations.lock"), "head: 0_a.sql\n")
                    .expect("it is written")
            },
            &|| {
                fs::create_dir(root.path().join("migrations/tests")).expect("a folder");
                fs::write(root.path().join("migrations/tests/1_t.sql"), "x").expect("it is written");
            },
        ];
        let mut keys = vec![before];
        for edit in edits {
            edit();
            let key = key();
            assert!(!keys.contains(&key));
            keys.push(key);
            // With and without what was left, the same is said.
            let said = |result: Result<Embedded, Vec<crate::model::problem::Problem>>| format!("{result:?}");
            assert_eq!(said(embed_at(root.path(), &args, Some(&home))), said(embed(root.path(), &args)));
        }
        for other in ["functions = [\"f/1\"]", "compatible = true", "replicated = true", "steps = [a::b]"] {
            let other: Args = other.parse().expect("they are arguments");
            assert!(!keys.contains(&proof(root.path(), &other, &home).key));
        }
        let newer = Home { version: "2".to_owned(), ..home };
        assert!(!keys.contains(&proof(root.path(), &args, &newer).key));
    }

    #[test]
    fn nowhere_to_leave_it_is_no_error() {
        let (root, args, _) = package(&FILES);
        let nowhere = Home { folder: root.path().join("nowhere"), version: "1".to_owned() };
        assert!(embed_at(root.path(), &args, Some(&nowhere)).is_ok());
        // What has a problem leaves nothing.
        fs::write(root.path().join("migrations/2_c.sql"), "nonsense").expect("it is written");
        let home = Home { folder: root.path().to_owned(), version: "1".to_owned() };
        assert!(embed_at(root.path(), &args, Some(&home)).is_err());
        assert_eq!(fs::read_dir(root.path()).expect("it can be read").count(), 1);
    }
}
