//! What a compilation keeps for the next one changes nothing of what that one says: random histories, edited at random.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};

use embed_migrations_core::__build::{Args, Home, embed, embed_at};
use proptest::prelude::*;
use proptest::sample::Index;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use crate::crates::{TRACKING_TABLE, lock_line, migration};

/// What a file does, and to which of the tables and columns that the history may have by then.
#[derive(Clone, Debug)]
struct Body {
    kind: Index,
    table: Index,
    other: Index,
}

fn body() -> impl Strategy<Value = Body> {
    (any::<Index>(), any::<Index>(), any::<Index>()).prop_map(|(kind, table, other)| Body {
        kind,
        table,
        other,
    })
}

/// What a person does to a folder between two compilations. Files are counted from the newest.
#[derive(Clone, Debug)]
enum Edit {
    Add(Body),
    Replace(usize, Body),
    Comment(usize),
    Rename(usize),
    Remove,
    /// Writes a lock of all but so many files, or an empty one.
    Lock(Option<usize>),
    Unlock,
    /// Gives a file a test that holds, or that does not.
    Test(usize, bool),
    /// A value that only the connection knows.
    AskConnection,
}

fn edit() -> impl Strategy<Value = Edit> {
    let near = || prop_oneof![4 => 0..4_usize, 1 => 0..40_usize];
    prop_oneof![
        3 => body().prop_map(Edit::Add),
        3 => (near(), body()).prop_map(|(at, body)| Edit::Replace(at, body)),
        2 => near().prop_map(Edit::Comment),
        1 => (0..24_usize).prop_map(Edit::Rename),
        1 => Just(Edit::Remove),
        2 => proptest::option::of(near()).prop_map(Edit::Lock),
        1 => Just(Edit::Unlock),
        2 => (0..24_usize, any::<bool>()).prop_map(|(at, holds)| Edit::Test(at, holds)),
        1 => Just(Edit::AskConnection),
    ]
}

/// The tables that a history begins with.
const TABLES: usize = 4;

/// Statements that leave something behind that later ones come back to: rows, broken views, sequences, names.
fn statements(number: usize, Body { kind, table, other }: &Body) -> String {
    let (t, o) = (table.index(TABLES), other.index(TABLES));
    let kinds = [
        format!("CREATE TABLE IF NOT EXISTS t{t} (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);"),
        format!(
            "CREATE TABLE IF NOT EXISTS t{t} (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL DEFAULT 'x', b INTEGER \
             CHECK (b IN (3, 5, 8)), o INTEGER REFERENCES t{o} ON DELETE CASCADE);"
        ),
        format!(
            "CREATE TABLE n{number} (id INTEGER PRIMARY KEY, code TEXT UNIQUE CHECK (length(code) = 4), o REFERENCES t{o});"
        ),
        format!(
            "CREATE TABLE IF NOT EXISTS t{t} (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);\nINSERT INTO t{t} (id, a) VALUES (uuid(), 'seed');"
        ),
        format!("CREATE VIEW v{number} AS SELECT id, a FROM t{t};"),
        format!(
            "CREATE TRIGGER r{number} AFTER INSERT ON t{t} BEGIN UPDATE t{o} SET b = 5 WHERE id = new.id; END;"
        ),
        format!("ALTER TABLE t{t} ADD COLUMN c{number} TEXT;"),
        format!("ALTER TABLE t{t} ADD COLUMN c{number} TEXT NOT NULL DEFAULT '';"),
        format!("CREATE UNIQUE INDEX i{number} ON t{t} (a);"),
        format!("CREATE INDEX i{number} ON t{t} (b, a);"),
        format!("UPDATE t{t} SET a = coalesce(a, uuid());"),
        format!("DELETE FROM t{t} WHERE id > 10;"),
        format!("INSERT INTO t{t} (a) SELECT a FROM t{o};"),
        format!("DROP TABLE IF EXISTS t{t};"),
        format!(
            "DROP TABLE IF EXISTS t{t};\nCREATE TABLE t{t} (id INTEGER PRIMARY KEY, a TEXT, b INTEGER, o REFERENCES t{o} (a));"
        ),
        format!(
            "CREATE TABLE new (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INTEGER);\nINSERT INTO new SELECT id, a, b FROM t{t} \
             WHERE b > 0;\nDROP TABLE t{t};\nALTER TABLE new RENAME TO t{t};"
        ),
        format!(
            "ALTER TABLE t{t} RENAME COLUMN b TO b{number};\nALTER TABLE t{t} RENAME COLUMN b{number} TO b;"
        ),
        format!("-- migrate: allow(loses-rows): they can be made anew\nDELETE FROM t{t};"),
        format!("PRAGMA user_version = {number};"),
        format!("CREATE VIRTUAL TABLE f{number} USING fts5(a);\nINSERT INTO f{number} SELECT a FROM t{t};"),
        format!(
            "CREATE TABLE s{number} (k TEXT PRIMARY KEY, a INT NOT NULL DEFAULT 3, g INT AS (a + 1) STORED) STRICT, WITHOUT \
             ROWID;\nINSERT INTO s{number} (k) VALUES (uuid());"
        ),
        format!(
            "CREATE TABLE d{number} (k TEXT PRIMARY KEY, o REFERENCES t{t} DEFERRABLE INITIALLY DEFERRED) WITHOUT ROWID;\n\
             PRAGMA defer_foreign_keys = ON;\nUPDATE t{t} SET id = id + 1000;"
        ),
        format!("CREATE UNIQUE INDEX p{number} ON t{t} (a, ifnull(b, 0)) WHERE b IS NOT NULL;\nANALYZE;"),
        format!(
            "CREATE TRIGGER z{number} BEFORE DELETE ON t{t} BEGIN SELECT RAISE(ABORT, 'no') WHERE old.id > 10; END;"
        ),
        format!("ALTER TABLE t{t} ADD COLUMN g{number} TEXT NOT NULL AS (a);"),
        format!("INSERT OR REPLACE INTO t{t} (id, a) SELECT id, uuid() FROM t{o};"),
        format!("-- migrate: not-rehearsed: nobody knows it\nCREATE TABLE nobody{number} (a);"),
        format!(
            "CREATE TEMP TABLE left{number} (id INTEGER PRIMARY KEY AUTOINCREMENT);\nDROP TABLE temp.left{number};"
        ),
        format!("CREATE TEMP TABLE kept AS SELECT * FROM t{t};\nDROP TABLE temp.kept;"),
    ];
    kinds[kind.index(kinds.len())].clone()
}

struct Folder {
    root: tempfile::TempDir,
    files: Vec<(String, String)>,
}

impl Folder {
    fn new(bodies: &[Body]) -> Self {
        let root = tempfile::tempdir().expect("a folder");
        let mut folder = Self { root, files: Vec::new() };
        fs::create_dir_all(folder.path("migrations/tests")).expect("a folder");
        folder.add("create_schema_migrations", TRACKING_TABLE);
        let table = |t| format!("CREATE TABLE t{t} (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);");
        folder.add("create_tables", &(0..TABLES).map(table).collect::<String>());
        // What SQLite refuses would end the history with it.
        let conn = Connection::open_in_memory().expect("SQLite opens");
        let number = AtomicI64::new(0);
        conn.create_scalar_function("uuid", 0, FunctionFlags::SQLITE_UTF8, move |_| {
            Ok(number.fetch_add(1, Ordering::Relaxed) + 1000)
        })
        .expect("a function");
        for (_, text) in &folder.files {
            conn.execute_batch(text).expect("it runs");
        }
        for body in bodies {
            let statements = statements(folder.files.len(), body);
            let runs = conn.execute_batch(&format!("BEGIN; {statements} COMMIT")).is_ok();
            if !runs && !conn.is_autocommit() {
                conn.execute_batch("ROLLBACK").expect("it is taken back");
            }
            folder.add("change", if runs { &statements } else { "SELECT 1;" });
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn write(&self, (name, text): &(String, String)) {
        fs::write(self.path("migrations").join(name), text).expect("it is written");
    }

    fn add(&mut self, name: &str, statements: &str) {
        let name = format!("{:03}_{name}.sql", self.files.len());
        let text = migration(&name, statements);
        self.files.push((name, text));
        self.write(&self.files[self.files.len() - 1]);
    }

    fn add_body(&mut self, body: &Body) {
        let statements = statements(self.files.len(), body);
        self.add("change", &statements);
    }

    /// The number of a file that was counted from the newest; never the first one's.
    fn number(&self, at: usize) -> usize {
        self.files.len().saturating_sub(1 + at).max(1)
    }

    fn apply(&mut self, edit: &Edit) {
        match edit {
            Edit::Add(body) => self.add_body(body),
            Edit::Remove if self.files.len() > 2 => {
                let (name, _) = self.files.pop().expect("there are files");
                fs::remove_file(self.path("migrations").join(name)).expect("it is removed");
            }
            Edit::Remove => {}
            Edit::Replace(at, body) => {
                let number = self.number(*at);
                self.files[number].1 = migration(&self.files[number].0, &statements(number, body));
                self.write(&self.files[number]);
            }
            Edit::Comment(at) => {
                let number = self.number(*at);
                self.files[number].1.insert_str(0, "-- a comment\n");
                self.write(&self.files[number]);
            }
            Edit::Lock(at) => {
                let files = &self.files[..at.map_or(0, |at| self.number(at))];
                let lines = files.iter().map(|(name, _)| lock_line(&self.path("migrations").join(name)));
                let lock: String = lines.collect();
                fs::write(self.path("migrations/migrations.lock"), lock).expect("it is written");
            }
            Edit::Unlock => {
                let _ = fs::remove_file(self.path("migrations/migrations.lock"));
            }
            Edit::Rename(at) => {
                let number = self.number(*at);
                let name = format!("{number:03}_renamed.sql");
                let old = std::mem::replace(&mut self.files[number].0, name);
                let path = |name: &str| self.path("migrations").join(name);
                fs::rename(path(&old), path(&self.files[number].0)).expect("it is renamed");
            }
            Edit::AskConnection => {
                let number = self.files.len();
                let statements = "CREATE TABLE asked (so_far INTEGER CHECK (so_far < 20));\nINSERT INTO asked SELECT total_changes();";
                self.add("ask", &statements.replace("asked", &format!("asked{number}")));
            }
            Edit::Test(at, holds) => {
                let test = format!("migrations/tests/{:03}_rows.sql", self.number(*at));
                let text = format!(
                    "-- migrate: given\nINSERT INTO t0 (a) VALUES ('y');\n-- migrate: expect\nSELECT {holds};\n"
                );
                fs::write(self.path(&test), text).expect("it is written");
            }
        }
    }
}

/// What is said of a folder and what is baked in, by a compilation that keeps something and by one that does not.
fn said(root: &Path, args: &Args, home: &Home) -> [String; 2] {
    [format!("{:#?}", embed_at(root, args, Some(home))), format!("{:#?}", embed(root, args))]
}

fn args(compatible: bool) -> Args {
    format!("functions = [\"uuid/0\"], compatible = {compatible}").parse().expect("they are arguments")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edited_history_is_judged_as_if_nothing_had_been_kept(
        bodies in proptest::collection::vec(body(), 8..40),
        edits in proptest::collection::vec(edit(), 1..10),
        compatible in any::<bool>(),
    ) {
        let mut folder = Folder::new(&bodies);
        let kept = tempfile::tempdir().expect("a folder");
        let home = Home { folder: kept.path().to_owned(), version: "1".to_owned() };
        let args = args(compatible);
        for edit in std::iter::once(None).chain(edits.iter().map(Some)) {
            if let Some(edit) = edit {
                folder.apply(edit);
            }
            let [with, without] = said(folder.root.path(), &args, &home);
            prop_assert_eq!(with, without, "after {:?}", edit);
        }
    }
}
