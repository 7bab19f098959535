//! That these very files were checked and rehearsed, and what came of it.

use std::collections::HashMap;

use super::{arguments, begin};
use crate::build::args::Args;
use crate::build::source::Source;
use crate::build::{CANNOT_BE_FOLLOWED, Embedded, EmbeddedMigration, MODES, Note, RUNS_TOO_LONG};
use crate::check::{Content, Entry};
use crate::kept::bytes::{Keep, keep_fields, read_all, write_bytes};
use crate::kept::{Digest, File, Home, digest};
use crate::sql::script;

/// The proof for the files of one folder.
pub(in crate::build) struct Proof {
    file: File,
    /// Of every byte that decides what comes of them.
    key: Digest,
}

/// What came of files that are embedded, beside their texts.
pub(in crate::build) struct Outcome {
    table: String,
    shipped: usize,
    tracked: Vec<String>,
    notes: Vec<Note>,
    migrations: Vec<Cut>,
}

keep_fields!(Outcome { table, shipped, tracked, notes, migrations });

/// How one file is to be cut and run.
struct Cut {
    file_name: String,
    version_length: u8,
    /// By their places among [`MODES`].
    mode: Vec<usize>,
    boundaries: Vec<u32>,
}

keep_fields!(Cut { file_name, version_length, mode, boundaries });

impl Keep for Note {
    fn write(&self, to: &mut Vec<u8>) {
        self.file.write(to);
        (self.message == CANNOT_BE_FOLLOWED).write(to);
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        let file = Keep::read(from)?;
        Some(Self { file, message: if Keep::read(from)? { CANNOT_BE_FOLLOWED } else { RUNS_TOO_LONG } })
    }
}

impl Proof {
    /// The one of this `kind`.
    pub(in crate::build) fn of(home: &Home, kind: &str, args: &Args, source: &Source) -> Self {
        let arguments = arguments(args);
        let mut bytes = begin(home, &arguments);
        for entries in [&source.entries, &source.tests] {
            // A folder is listed in any order.
            let mut entries: Vec<&Entry<'_>> = entries.iter().collect();
            entries.sort_by(|a, b| a.name.cmp(&b.name));
            entries.len().write(&mut bytes);
            for Entry { name, content } in entries {
                name.write(&mut bytes);
                let (kind, content) = match content {
                    Content::Text(text) => (0_u8, text.as_ref()),
                    Content::Unreadable(why) => (1, why.as_str()),
                    Content::Other(what) => (2, what.as_str()),
                };
                kind.write(&mut bytes);
                write_bytes(content.as_bytes(), &mut bytes);
            }
        }
        Self { file: File::new(home, kind, &arguments), key: digest(&[&bytes]) }
    }

    /// What came of these very files the last time.
    pub(in crate::build) fn read<T: Keep>(&self) -> Option<T> {
        let (key, content) = self.file.read()?;
        if key == self.key { read_all(&content) } else { None }
    }

    /// Leaves what came of them.
    pub(in crate::build) fn leave(&self, outcome: &impl Keep) {
        let mut content = Vec::new();
        outcome.write(&mut content);
        self.file.write(&self.key, &content);
    }
}

impl Outcome {
    pub(in crate::build) fn of(embedded: &Embedded) -> Self {
        let Embedded { migrations, table, rehearsed_with: _, shipped, tracked, notes } = embedded;
        let cut = |migration: &EmbeddedMigration| {
            let EmbeddedMigration { file_name, version_length, sql: _, boundaries, mode } = migration;
            let place = |mode: &&str| MODES.iter().position(|other| other == mode);
            Cut {
                file_name: file_name.clone(),
                version_length: *version_length,
                mode: mode.iter().filter_map(place).collect(),
                boundaries: boundaries.clone(),
            }
        };
        Self {
            table: table.clone(),
            shipped: *shipped,
            tracked: tracked.clone(),
            notes: notes.clone(),
            migrations: migrations.iter().map(cut).collect(),
        }
    }

    /// What is baked in, with the texts of the files.
    pub(in crate::build) fn embedded(self, source: &Source) -> Option<Embedded> {
        let Self { table, shipped, tracked, notes, migrations } = self;
        let texts = source.entries.iter().filter_map(|entry| match &entry.content {
            Content::Text(text) => Some((entry.name.as_str(), text)),
            _ => None,
        });
        let texts: HashMap<_, _> = texts.collect();
        let migrations = migrations.into_iter().map(|Cut { file_name, version_length, mode, boundaries }| {
            let sql = script::normalise(texts.get(file_name.as_str())?).into_owned();
            let mode = mode.into_iter().map(|mode| MODES.get(mode).copied()).collect::<Option<_>>()?;
            Some(EmbeddedMigration { file_name, version_length, sql, boundaries, mode })
        });
        let migrations = migrations.collect::<Option<_>>()?;
        Some(Embedded { migrations, table, rehearsed_with: rusqlite::version(), shipped, tracked, notes })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::build::{embed, embed_at, source};

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
        let source = source::read(root, &args.folder).map_err(|_| ()).expect("it can be read");
        Proof::of(home, "proof", args, &source)
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
        let source = source::read(root.path(), "migrations").map_err(|_| ()).expect("it can be read");
        let read: Option<Outcome> = proof.read();
        let read = read.and_then(|outcome| outcome.embedded(&source));
        assert_eq!(read.map(|read| format!("{read:?}")), Some(format!("{without:?}")));
        assert_eq!(fs::read_dir(root.path()).expect("it can be read").count(), 2, "no half of one is left");
    }

    #[test]
    fn a_damaged_one_counts_as_none() {
        let (root, args, home) = package(&FILES);
        let whole = format!("{:?}", embed_at(root.path(), &args, Some(&home)).expect("it is in order"));
        let path = proof(root.path(), &args, &home).file.path();
        let bytes = fs::read(&path).expect("it was left");
        let read = || proof(root.path(), &args, &home).read::<Outcome>();
        for at in 0..bytes.len() {
            fs::write(&path, &bytes[..at]).expect("it is written");
            assert!(read().is_none(), "cut at {at}");
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            fs::write(&path, &flipped).expect("it is written");
            assert!(read().is_none(), "flipped at {at}");
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
