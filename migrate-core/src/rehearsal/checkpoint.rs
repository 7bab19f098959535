//! A rehearsal put aside between two files, as bytes, so that another one can go on from there as if it had run the
//! files before itself.
//!
//! All of what decides about later files is in it: both databases, what is known of their schemas, and what was found.
//! What a connection remembers beside its database is not, so a history that asks for that cannot be put aside.

use std::sync::atomic::Ordering;

use rusqlite::backup::Backup;
use rusqlite::{Connection, MAIN_DB};

use super::Rehearsal;
use super::broken::Broken;
use super::catalog::{Catalog, Entry, Relation};
use super::older::{Older, Release};
use super::rows::Recipes;
use super::stage::Stage;
use super::stand_ins::StandIns;
use super::trust::Trust;
use super::with_rows::WithRows;
use crate::check::Folder;
use crate::check::draft::Draft;
use crate::check::fault::Fault;
use crate::kept::bytes::{Keep, keep_fields, read_bytes, write_bytes};
use crate::model::rule::Rule;
use crate::sql::token;

/// A rehearsal that has run the first files of a history.
pub(crate) struct Checkpoint {
    /// How many.
    pub(crate) files: usize,
    bytes: Vec<u8>,
}

impl Checkpoint {
    /// Takes what [`bytes`](Self::bytes) has given.
    pub(crate) fn read(bytes: Vec<u8>) -> Option<Self> {
        Some(Self { files: usize::read(&mut bytes.as_slice())?, bytes })
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Puts a rehearsal aside after the files that it has run. Nothing where it cannot be told how it would go on.
    pub(super) fn of(rehearsal: &mut Rehearsal<'_>) -> Option<Self> {
        let Rehearsal { empty, with_rows, older, trust, faults, problems, complete, known, .. } = rehearsal;
        let files = complete.len();
        let is_whole = trust.in_the_next_file() == Trust::Whole && problems.is_empty();
        if !is_whole {
            return None;
        }
        let Self { mut bytes, .. } = Self::of_head(files, empty)?;
        write_stage(&mut with_rows.stage, &mut bytes).ok()?;
        with_rows.write(&mut bytes);
        if let Some(older) = older {
            older.write(files, &mut bytes)?;
        }
        faults.get(*known..)?.to_vec().write(&mut bytes);
        complete.write(&mut bytes);
        Some(Self { files, bytes })
    }

    /// Brings a rehearsal that has run nothing yet to where this one was.
    pub(super) fn restore<'f>(&self, mut rehearsal: Rehearsal<'f>) -> Option<Rehearsal<'f>> {
        let mut bytes = self.bytes.as_slice();
        let bytes = &mut bytes;
        let files = usize::read(bytes)?;
        read_stage(&mut rehearsal.empty, bytes)?;
        read_stage(&mut rehearsal.with_rows.stage, bytes)?;
        rehearsal.with_rows.read(bytes)?;
        let table = rehearsal.folder.table.as_deref();
        if let Some(older) = &mut rehearsal.older {
            older.read(files, &rehearsal.empty.conn, rehearsal.stand_ins, table, bytes)?;
        }
        rehearsal.faults.extend(Vec::<Fault>::read(bytes)?);
        rehearsal.complete = Keep::read(bytes)?;
        let drafts = rehearsal.folder.drafts.get(..files).filter(|_| files <= rehearsal.folder.certain)?;
        let holds = bytes.is_empty() && rehearsal.complete.len() == files;
        (holds && rehearsal.so_far.resume(&rehearsal.empty.conn, drafts).ok()?).then_some(rehearsal)
    }

    /// Puts aside only the database without rows, after so many files.
    pub(super) fn of_head(files: usize, stage: &mut Stage) -> Option<Self> {
        let mut bytes = Vec::new();
        files.write(&mut bytes);
        write_stage(stage, &mut bytes).ok()?;
        Some(Self { files, bytes })
    }

    /// Brings a database that is still empty to where that one was.
    pub(super) fn restore_head(&self, mut stage: Stage) -> Option<Stage> {
        let mut bytes = self.bytes.as_slice();
        usize::read(&mut bytes)?;
        read_stage(&mut stage, &mut bytes)?;
        bytes.is_empty().then_some(stage)
    }
}

/// Whether a file wants to know what its connection has done before, which no checkpoint remembers.
fn asks_the_connection(draft: &Draft<'_>) -> bool {
    const FUNCTIONS: [&str; 3] = ["last_insert_rowid", "changes", "total_changes"];
    // What stands behind the parenthesis of a call without arguments: `changes(ALL)` is one too.
    const NOTHING: [&str; 4] = [")", "all", "distinct", "order"];
    // These tell the changes of the schema, and analyse the tables that the connection has read.
    const PRAGMAS: [&str; 4] = ["schema_version", "pragma_schema_version", "optimize", "pragma_optimize"];
    let is_one_of = |text: &str, all: &[&str]| all.iter().any(|word| text.eq_ignore_ascii_case(word));
    let mut called = false;
    let mut before = None;
    token::significant(&draft.text).any(|token| {
        let is_call = called && is_one_of(token.text, &NOTHING);
        let name: Option<String> = before.take();
        called = token.text == "(" && name.is_some_and(|name| is_one_of(&name, &FUNCTIONS));
        before = token.unquoted();
        is_call || before.as_deref().is_some_and(|name| is_one_of(name, &PRAGMAS))
    })
}

/// Whether a history goes on from a checkpoint as it would have gone on by itself.
pub(super) fn can_go_on(folder: &Folder<'_>) -> bool {
    !folder.drafts.iter().any(asks_the_connection)
}

/// The pages of a database, most of which are nearly empty: as runs of zeros, and what stands between them.
const CHUNK: usize = 64;

/// How large a database may be, in bytes: what SQLite itself takes at the most (<https://sqlite.org/c3ref/deserialize.html>).
const LARGEST: usize = 1 << 30;

fn write_stage(stage: &mut Stage, to: &mut Vec<u8>) -> rusqlite::Result<()> {
    stage.calls.numbers.load(Ordering::Relaxed).write(to);
    let pages = stage.conn.serialize(MAIN_DB)?;
    let mut rest: &[u8] = &pages;
    rest.len().write(to);
    while !rest.is_empty() {
        let run = |rest: &[u8], of_zeros: bool| -> usize {
            let is_zero = |chunk: &&[u8]| [0; CHUNK].starts_with(chunk);
            rest.chunks(CHUNK).take_while(|chunk| is_zero(chunk) == of_zeros).map(<[u8]>::len).sum()
        };
        let zeros = run(rest, true);
        let (_, after) = rest.split_at(zeros);
        let (data, after) = after.split_at(run(after, false));
        zeros.write(to);
        write_bytes(data, to);
        rest = after;
    }
    Ok(())
}

fn read_stage(stage: &mut Stage, from: &mut &[u8]) -> Option<()> {
    let numbers = i64::read(from)?;
    let length = usize::read(from).filter(|&length| length <= LARGEST)?;
    let mut pages = Vec::new();
    while pages.len() < length {
        let zeros = usize::read(from)?;
        pages.resize(pages.len().checked_add(zeros).filter(|&end| end <= length)?, 0);
        pages.extend_from_slice(read_bytes(from)?);
    }
    copy(&pages, &mut stage.conn).ok()??;
    // To look through it has called them, too.
    stage.calls.numbers.store(numbers, Ordering::Relaxed);
    Some(())
}

/// Copied page by page, so that what goes on is an ordinary database in memory; and looked through, as SQLite believes
/// what it reads.
fn copy(pages: &[u8], to: &mut Connection) -> rusqlite::Result<Option<()>> {
    let mut from = Connection::open_in_memory()?;
    from.deserialize_read_exact(MAIN_DB, pages, pages.len(), true)?;
    Backup::new(&from, to)?.step(-1)?;
    let answer: String = to.query_row("PRAGMA main.quick_check(1)", [], |row| row.get(0))?;
    Ok((answer == "ok").then_some(()))
}

impl WithRows {
    fn write(&self, to: &mut Vec<u8>) {
        let Self { stage: _, tracking_table: _, catalog, broken, seeded, recipes, gave_up, endless } = self;
        catalog.write(to);
        broken.write(to);
        seeded.write(to);
        recipes.write(to);
        gave_up.write(to);
        endless.write(to);
    }

    fn read(&mut self, from: &mut &[u8]) -> Option<()> {
        self.catalog = Keep::read(from)?;
        self.broken = Keep::read(from)?;
        self.seeded = Keep::read(from)?;
        self.recipes = Keep::read(from)?;
        self.gave_up = Keep::read(from)?;
        self.endless = Keep::read(from)?;
        Some(())
    }
}

impl Older {
    /// The release is read anew from the database, so it has to be the one that ends with the last file.
    fn write(&self, files: usize, to: &mut Vec<u8>) -> Option<()> {
        let at = self.release.as_ref().map(|release| release.files);
        (at.is_some(), self.has_floor).write(to);
        at.is_none_or(|at| at == files).then_some(())
    }

    fn read(
        &mut self,
        files: usize,
        empty: &Connection,
        stand_ins: &StandIns,
        tracking_table: Option<&str>,
        from: &mut &[u8],
    ) -> Option<()> {
        let (is_release, has_floor) = Keep::read(from)?;
        if is_release {
            self.release = Some(Release::read(files, empty, stand_ins, tracking_table).ok()?);
        }
        self.has_floor = has_floor;
        Some(())
    }
}

keep_fields!(Catalog { autoincrement, programs, entries, children });
keep_fields!(Entry { name, kind, parents });
keep_fields!(Broken { objects, keys, mismatched, reported });
keep_fields!(Recipes { known });
keep_fields!(Fault { file, range, rule, message, certain });

impl Keep for Relation {
    fn write(&self, to: &mut Vec<u8>) {
        (*self as u8).write(to);
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        let kind = u8::read(from)?;
        [Self::Table, Self::View, Self::Virtual].into_iter().find(|other| *other as u8 == kind)
    }
}

impl Keep for Rule {
    fn write(&self, to: &mut Vec<u8>) {
        write_bytes(self.id().as_bytes(), to);
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        let id = read_bytes(from)?;
        Self::ALL.iter().copied().find(|rule| rule.id().as_bytes() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Content, Entry};
    use crate::rehearsal::Releases;

    /// A history after which there is something of everything that is kept.
    const HISTORY: [&str; 6] = [
        "CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT NOT NULL)",
        "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT CHECK (length(code) = 4 AND code > 'b'), n REAL DEFAULT 1.5)",
        "CREATE TABLE b (id INTEGER PRIMARY KEY, a REFERENCES a ON DELETE CASCADE, missing REFERENCES nowhere); \
         CREATE TABLE seeds (id INTEGER PRIMARY KEY CHECK (id <> -uuid())); INSERT INTO seeds VALUES (uuid())",
        "CREATE VIEW v AS SELECT absent FROM b; PRAGMA user_version = 3",
        "CREATE TABLE c (id INTEGER PRIMARY KEY, b NOT NULL REFERENCES b (a)); UPDATE a SET code = 'wxyz'",
        "ALTER TABLE b ADD COLUMN more TEXT NOT NULL",
    ];

    fn folder() -> Folder<'static> {
        let entry = |(number, statements): (usize, &&str)| Entry {
            name: format!("{number}_x.sql"),
            content: Content::Text(
                format!(
                    "BEGIN; {statements}; INSERT INTO schema_migrations VALUES ('{number}', 'x'); COMMIT;"
                )
                .into(),
            ),
        };
        Folder::check("migrations", HISTORY.iter().enumerate().map(entry).collect())
    }

    #[test]
    fn what_goes_on_from_one_is_what_was_put_aside() {
        let folder = folder();
        assert_eq!(folder.problems, []);
        let mut stand_ins = StandIns::default();
        stand_ins.function("uuid/0").expect("a function");
        let begin = || {
            let releases = Some(Releases::EveryFile);
            Rehearsal::new(&folder, &[], &stand_ins, releases, Vec::new()).expect("SQLite opens")
        };
        let mut rehearsal = begin();
        for (file, draft) in folder.drafts.iter().enumerate() {
            assert!(rehearsal.run_file(file, draft).expect("it can be rehearsed"), "{file}");
        }
        let WithRows { catalog, broken, seeded, recipes, .. } = &rehearsal.with_rows;
        assert!(*seeded && catalog.autoincrement && catalog.programs);
        assert!(!recipes.known.is_empty() && !broken.keys.is_empty() && !broken.objects.is_empty());
        assert!(rehearsal.older.as_ref().is_some_and(|older| older.has_floor && older.release.is_some()));
        assert!(
            !rehearsal.faults.is_empty()
                && rehearsal.with_rows.stage.calls.numbers.load(Ordering::Relaxed) > 0
        );
        let checkpoint = Checkpoint::of(&mut rehearsal).expect("it can be put aside");
        let read = Checkpoint::read(checkpoint.bytes().to_owned()).expect("it is one");
        let mut resumed = read.restore(begin()).expect("it can go on");
        assert!(resumed.older.as_ref().is_some_and(|older| older.has_floor && older.release.is_some()));
        let again = Checkpoint::of(&mut resumed).expect("it can be put aside");
        // A copy of a database counts its changes anew.
        let beside_databases = |checkpoint: &Checkpoint| {
            let (mut bytes, mut numbers) = (checkpoint.bytes(), Vec::new());
            usize::read(&mut bytes).expect("a count");
            for _ in 0..2 {
                let mut stage = Stage::new(&stand_ins, None, false).expect("SQLite opens");
                read_stage(&mut stage, &mut bytes).expect("a database");
                numbers.push(stage.calls.numbers.load(Ordering::Relaxed));
            }
            (numbers, bytes.to_owned())
        };
        assert_eq!(beside_databases(&again), beside_databases(&checkpoint));
        // A release that ends before the last file cannot be read from the database any more.
        rehearsal.older.as_mut().and_then(|older| older.release.as_mut()).expect("a release").files -= 1;
        assert!(Checkpoint::of(&mut rehearsal).is_none());
    }

    #[test]
    fn no_part_of_one_is_taken_for_all_of_it() {
        let folder = folder();
        let mut stand_ins = StandIns::default();
        stand_ins.function("uuid/0").expect("a function");
        let begin = || Rehearsal::new(&folder, &[], &stand_ins, None, Vec::new()).expect("SQLite opens");
        let mut rehearsal = begin();
        for (file, draft) in folder.drafts.iter().enumerate() {
            rehearsal.run_file(file, draft).expect("it can be rehearsed");
        }
        let bytes = Checkpoint::of(&mut rehearsal).expect("it can be put aside").bytes;
        let restored = |bytes: &[u8]| Checkpoint::read(bytes.to_owned())?.restore(begin()).map(drop);
        assert!(restored(&bytes).is_some());
        for cut in (0..bytes.len()).step_by(7) {
            assert!(restored(&bytes[..cut]).is_none(), "{cut}");
        }
        assert!(restored(&[&bytes, [0].as_slice()].concat()).is_none());
    }

    #[test]
    fn a_history_that_asks_its_connection_is_never_put_aside() {
        let asks = |statement: &str| {
            let text = format!("BEGIN; {statement}; COMMIT;");
            let entry = Entry { name: "0_x.sql".to_owned(), content: Content::Text(text.into()) };
            !can_go_on(&Folder::check("migrations", vec![entry]))
        };
        for statement in [
            "UPDATE t SET a = last_insert_rowid()",
            "UPDATE t SET a = \"Total_Changes\" /* why */ ( )",
            "UPDATE t SET a = total_changes(ALL)",
            "INSERT INTO t SELECT schema_version FROM pragma_schema_version",
            "SELECT changes()",
            "PRAGMA optimize",
        ] {
            assert!(asks(statement), "{statement}");
        }
        for statement in [
            "CREATE TABLE changes (a)",
            "INSERT INTO changes (last_insert_rowid) VALUES (1)",
            "INSERT INTO t VALUES ('changes()')",
            "SELECT 1",
        ] {
            assert!(!asks(statement), "{statement}");
        }
    }
}
