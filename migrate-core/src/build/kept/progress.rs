//! How far a rehearsal had come before the newest files, so that an edit of one of those rehearses nothing but them.

use super::{arguments, begin};
use crate::build::args::Args;
use crate::check::Folder;
use crate::check::test::Test;
use crate::kept::bytes::{Keep as _, write_bytes};
use crate::kept::{Digest, File, Home, digest};
use crate::rehearsal::{Checkpoint, Releases, Resume};

/// Nobody knows which of the files that are not shipped are still edited: at least so many of the newest, and fewer than twice
/// as many.
const NEWEST: usize = 8;

/// The progress of the rehearsal of one folder.
pub(in crate::build) struct Progress<'a> {
    file: File,
    /// What decides it, before any file is looked at.
    begin: Vec<u8>,
    folder: &'a Folder<'a>,
    tests: &'a [Test<'a>],
    releases: Option<Releases>,
}

impl<'a> Progress<'a> {
    pub(in crate::build) fn of(
        home: &Home,
        kind: &str,
        args: &Args,
        folder: &'a Folder<'a>,
        tests: &'a [Test<'a>],
        releases: Option<Releases>,
    ) -> Self {
        let arguments = arguments(args);
        let mut begin = begin(home, &arguments);
        write_bytes(format!("{releases:?}").as_bytes(), &mut begin);
        Self { file: File::new(home, kind, &arguments), begin, folder, tests, releases }
    }

    /// From where a rehearsal of the folder goes on, and where the next one may.
    pub(in crate::build) fn resume(&self) -> Resume {
        Resume { from: self.read(), keep: self.place() }
    }

    /// After how many files a rehearsal is worth keeping: those that nobody can change any more, or all but the newest.
    fn place(&self) -> usize {
        let shipped = self.folder.drafts.iter().take_while(|draft| draft.shipped).count();
        // Where releases count, each later file is held against the last one, which has to be there to go on.
        if self.releases == Some(Releases::Locked) {
            return shipped;
        }
        let older = self.folder.drafts.len().saturating_sub(NEWEST) / NEWEST * NEWEST;
        shipped.max(older)
    }

    /// What was kept, if it has come from files that are still the same.
    fn read(&self) -> Option<Checkpoint> {
        let (key, content) = self.file.read()?;
        let checkpoint = Checkpoint::read(content)?;
        (key == self.key(checkpoint.files)?).then_some(checkpoint)
    }

    pub(in crate::build) fn leave(&self, checkpoint: &Checkpoint) {
        if let Some(key) = self.key(checkpoint.files) {
            self.file.write(&key, checkpoint.bytes());
        }
    }

    /// Of every byte that decides how the rehearsal of the first files goes.
    fn key(&self, files: usize) -> Option<Digest> {
        let drafts = self.folder.drafts.get(..files)?;
        let last = drafts.last()?;
        let mut bytes = self.begin.clone();
        files.write(&mut bytes);
        for draft in drafts {
            draft.file_name.write(&mut bytes);
            write_bytes(draft.text.as_bytes(), &mut bytes);
            draft.shipped.write(&mut bytes);
        }
        for test in self.tests.iter().filter(|test| test.number <= last.number) {
            write_bytes(test.shown.as_bytes(), &mut bytes);
            write_bytes(test.text.as_bytes(), &mut bytes);
        }
        Some(digest(&[&bytes]))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::build::{embed, embed_at, examine_source, read_tests, source};

    const FILES: usize = 20;

    /// A folder of so many files, one of which has a test.
    fn package() -> (tempfile::TempDir, Home) {
        package_of("x", "t")
    }

    /// The same with files of another name, which make other tables.
    fn package_of(name: &str, table: &str) -> (tempfile::TempDir, Home) {
        let root = tempfile::tempdir().expect("a folder");
        fs::create_dir(root.path().join("migrations")).expect("a folder");
        for number in 0..FILES {
            write_as(root.path(), number, name, &format!("CREATE TABLE {table}{number} (a)"));
        }
        fs::create_dir(root.path().join("migrations/tests")).expect("a folder");
        if name == "x" {
            write_test(root.path(), "SELECT 1");
        }
        let home = Home { folder: root.path().to_owned(), version: "1".to_owned() };
        (root, home)
    }

    fn write(root: &Path, number: usize, statement: &str) {
        write_as(root, number, "x", statement);
    }

    fn write_as(root: &Path, number: usize, name: &str, statement: &str) {
        let statement = if number == 0 {
            "CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT NOT NULL)"
        } else {
            statement
        };
        let text = format!(
            "BEGIN; {statement}; INSERT INTO schema_migrations VALUES ('{number:02}', '{name}'); COMMIT;"
        );
        fs::write(root.join(format!("migrations/{number:02}_{name}.sql")), text).expect("it is written");
    }

    fn write_test(root: &Path, expected: &str) {
        let text =
            format!("-- migrate: given\nINSERT INTO t1 VALUES (1);\n-- migrate: expect\n{expected};\n");
        fs::write(root.join("migrations/tests/02_t.sql"), text).expect("it is written");
    }

    /// How many files the rehearsal of a folder need not run again.
    fn saved(root: &Path, args: &Args, home: &Home) -> Option<usize> {
        saved_with(root, args, home, args.compatible.then_some(Releases::EveryFile))
    }

    fn saved_with(root: &Path, args: &Args, home: &Home, releases: Option<Releases>) -> Option<usize> {
        let source = || source::read(root, &args.folder).map_err(|_| ()).expect("it can be read");
        let mut folder = examine_source(source(), args, None).folder;
        let tests = read_tests(source().tests, &mut folder, &mut Vec::new());
        Progress::of(home, "progress", args, &folder, &tests, releases)
            .read()
            .map(|checkpoint| checkpoint.files)
    }

    #[test]
    fn what_comes_before_the_newest_files_is_kept_while_it_is_the_same() {
        let (root, home) = package();
        let (root, args) = (root.path(), Args::of("migrations"));
        assert_eq!(saved(root, &args, &home), None);
        embed_at(root, &args, Some(&home)).expect("it is in order");
        assert_eq!(saved(root, &args, &home), Some(8));
        write(root, FILES - 1, "CREATE TABLE other (a)");
        write(root, FILES, "nonsense");
        assert_eq!(saved(root, &args, &home), Some(8));
        // Also where the newest file is wrong, what comes before it is kept.
        for number in FILES..FILES + 4 {
            write(root, number, if number == FILES + 3 { "nonsense" } else { "SELECT 1" });
        }
        assert!(embed_at(root, &args, Some(&home)).is_err());
        assert_eq!(saved(root, &args, &home), Some(16));
        type Edit<'a> = (&'a dyn Fn(), &'a dyn Fn());
        let lock = root.join("migrations/migrations.lock");
        let edits: [Edit<'_>; 3] = [
            (&|| write(root, 3, "CREATE TABLE t3 (b)"), &|| write(root, 3, "CREATE TABLE t3 (a)")),
            (&|| write_test(root, "SELECT 0"), &|| write_test(root, "SELECT 1")),
            (&|| fs::write(&lock, format!("{:064}  00_x.sql\n", 0)).expect("it is written"), &|| {
                fs::remove_file(&lock).expect("it is removed")
            }),
        ];
        for (number, (edit, undo)) in edits.into_iter().enumerate() {
            edit();
            assert_eq!(saved(root, &args, &home), None, "edit {number}");
            let said = |result: Result<_, Vec<crate::model::problem::Problem>>| format!("{result:?}");
            assert_eq!(said(embed_at(root, &args, Some(&home))), said(embed(root, &args)), "edit {number}");
            undo();
            let _ = embed_at(root, &args, Some(&home));
            assert_eq!(saved(root, &args, &home), Some(16), "edit {number}, undone");
        }
        let other: Args = "compatible = true".parse().expect("they are arguments");
        assert_eq!(saved(root, &other, &home), None);
        assert_eq!(saved(root, &args, &Home { version: "2".to_owned(), ..home }), None);
    }

    #[test]
    fn a_lock_of_old_files_saves_no_less() {
        let (root, home) = package();
        let root = root.path();
        let first = fs::read(root.join("migrations/00_x.sql")).expect("it was written");
        let hash: String = hmac_sha256::Hash::hash(&first).iter().map(|byte| format!("{byte:02x}")).collect();
        fs::write(root.join("migrations/migrations.lock"), format!("{hash}  00_x.sql\n"))
            .expect("it is written");
        // Where releases count, what comes after the last one is judged by it.
        for (arguments, files) in [("", 8), ("compatible = true", 1)] {
            let args: Args = arguments.parse().expect("they are arguments");
            embed_at(root, &args, Some(&home)).expect("it is in order");
            let releases = args.compatible.then_some(Releases::Locked);
            assert_eq!(saved_with(root, &args, &home, releases), Some(files), "{arguments}");
        }
    }

    #[test]
    fn a_damaged_one_counts_as_none() {
        let (root, home) = package();
        let (root, args) = (root.path(), Args::of("migrations"));
        let whole = format!("{:?}", embed_at(root, &args, Some(&home)));
        let path = File::new(&home, "progress", &arguments(&args)).path();
        let proof = File::new(&home, "proof", &arguments(&args)).path();
        let bytes = fs::read(&path).expect("it was left");
        for at in (0..bytes.len()).step_by(bytes.len() / 50) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            for damaged in [&bytes[..at], &flipped] {
                fs::write(&path, damaged).expect("it is written");
                assert_eq!(saved(root, &args, &home), None, "at {at}");
            }
        }
        fs::remove_file(proof).expect("it was left");
        assert_eq!(format!("{:?}", embed_at(root, &args, Some(&home))), whole);
        assert_eq!(fs::read(&path).expect("it is left again"), bytes);
    }

    #[test]
    fn one_that_holds_another_database_is_not_believed() {
        let (root, home) = package();
        let (root, args) = (root.path(), Args::of("migrations"));
        embed_at(root, &args, Some(&home)).expect("it is in order");
        let file = File::new(&home, "progress", &arguments(&args));
        // As if somebody had put another history in its place, and sealed it for this one.
        let (key, _) = file.read().expect("it was left");
        let (other, other_home) = package_of("y", "other");
        embed_at(other.path(), &args, Some(&other_home)).expect("it is in order");
        let (_, planted) = File::new(&other_home, "progress", &arguments(&args)).read().expect("it was left");
        file.write(&key, &planted);
        assert_eq!(saved(root, &args, &home), Some(8));
        write(root, FILES - 1, "CREATE TABLE other3 (a)");
        let said = |result: Result<_, Vec<crate::model::problem::Problem>>| format!("{result:?}");
        assert_eq!(said(embed_at(root, &args, Some(&home))), said(embed(root, &args)));
    }
}
