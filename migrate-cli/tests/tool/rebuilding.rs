//! `new --rebuild`: unedited, the file passes the check and leaves schema and rows as they were; each flag does what it says
//! and no more.

use std::collections::BTreeMap;
use std::fs;

use embed_migrations_core::__build::{Args, Project, rebuild, schema};
use insta::assert_snapshot;
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::package::Package;

const SHOP: &str = r#"
CREATE TABLE "order" (
    "group" TEXT NOT NULL, -- a word of SQL's
    "two words" INTEGER CHECK ("order"."two words" > 0),
    total INTEGER GENERATED ALWAYS AS ("two words" * 2) STORED,
    note TEXT DEFAULT ('none'), /* a comment, with ) in it */
    parent INTEGER REFERENCES "order" (id) ON DELETE CASCADE,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    UNIQUE ("group", note)
) STRICT;
CREATE INDEX by_note ON "order" (note) WHERE note IS NOT NULL;
CREATE INDEX by_lower ON "order" (lower("group"));
CREATE TABLE item (
    "order" INTEGER REFERENCES "order" ON DELETE CASCADE, name TEXT COLLATE NOCASE, PRIMARY KEY ("order", name)
) WITHOUT ROWID;
CREATE TABLE plain (a, b TEXT, rowid TEXT);
CREATE VIEW notes AS SELECT id, note FROM "order";
CREATE VIEW long_notes AS SELECT * FROM notes WHERE length(note) > 3;
CREATE TRIGGER own AFTER UPDATE ON "order" BEGIN UPDATE plain SET b = new.note; END;
CREATE TRIGGER other AFTER INSERT ON plain BEGIN UPDATE "order" SET note = new.b; END;
CREATE TRIGGER instead INSTEAD OF DELETE ON long_notes BEGIN DELETE FROM "order" WHERE id = old.id; END;
"#;

fn shop() -> Package {
    Package::with(&[("001_create_shop.sql", SHOP)])
}

#[test]
fn a_rebuild_brings_everything_back() {
    let package = shop();
    assert_snapshot!(package.succeeds(&["new", "--rebuild", "order"]), @"migrations/002_rebuild_order.sql");
    assert_snapshot!(package.read("migrations/002_rebuild_order.sql"), @r#"
    PRAGMA foreign_keys = OFF;
    BEGIN;
    DROP TRIGGER other;
    DROP VIEW long_notes;
    DROP VIEW notes;
    CREATE TABLE order_new (
        "group" TEXT NOT NULL, -- a word of SQL's
        "two words" INTEGER CHECK (order_new."two words" > 0),
        total INTEGER GENERATED ALWAYS AS ("two words" * 2) STORED,
        note TEXT DEFAULT ('none'), /* a comment, with ) in it */
        parent INTEGER REFERENCES "order" (id) ON DELETE CASCADE,
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        UNIQUE ("group", note)
    ) STRICT;
    INSERT INTO order_new ("group", "two words", note, parent, id)
    SELECT "group", "two words", note, parent, id FROM "order";
    DELETE FROM sqlite_sequence WHERE name = 'order_new';
    INSERT INTO sqlite_sequence (name, seq)
    SELECT 'order_new', seq FROM sqlite_sequence WHERE name = 'order';
    DROP TABLE "order";
    ALTER TABLE order_new RENAME TO "order";
    CREATE INDEX by_note ON "order" (note) WHERE note IS NOT NULL;
    CREATE INDEX by_lower ON "order" (lower("group"));
    CREATE VIEW notes AS SELECT id, note FROM "order";
    CREATE VIEW long_notes AS SELECT * FROM notes WHERE length(note) > 3;
    CREATE TRIGGER own AFTER UPDATE ON "order" BEGIN UPDATE plain SET b = new.note; END;
    CREATE TRIGGER other AFTER INSERT ON plain BEGIN UPDATE "order" SET note = new.b; END;
    CREATE TRIGGER instead INSTEAD OF DELETE ON long_notes BEGIN DELETE FROM "order" WHERE id = old.id; END;
    INSERT INTO schema_migrations (version, name) VALUES ('002', 'rebuild_order');
    COMMIT;
    PRAGMA foreign_keys = ON;
    "#);
    package.succeeds(&["check"]);
    for table in ["ITEM", "plain"] {
        package.succeeds(&["new", "--rebuild", table]);
    }
    package.succeeds(&["check"]);
}

#[test]
fn what_cannot_be_rebuilt_is_refused_with_a_reason() {
    let package = Package::with(&[(
        "001_a.sql",
        "CREATE VIRTUAL TABLE search USING fts5(body);\nCREATE TABLE t (a TEXT, b TEXT CHECK (b <> a), UNIQUE (a, b));\nCREATE VIEW v AS SELECT a FROM t;",
    )]);
    let before = package.names("migrations");
    let refused = |table: &str| package.fails(&["new", "--rebuild", table]);
    assert_snapshot!(refused("search"), @r"error: --rebuild search: search is a virtual table: its module keeps the rows, and only that knows how to copy them; drop it, create it anew, and fill it from where its rows come from");
    assert_snapshot!(refused("search_data"), @"error: --rebuild search_data: search_data belongs to a virtual table, which alone may change it");
    assert_snapshot!(refused("v"), @"error: --rebuild v: v is a view: drop it and create it anew");
    assert_snapshot!(refused("nothing"), @"error: --rebuild nothing: there is no table nothing at the end of the history");
    assert_snapshot!(refused("schema_migrations"), @"error: --rebuild schema_migrations: schema_migrations is the tracking table, which no file but the first one may change");
    assert_snapshot!(package.fails(&["new", "--rebuild", "t", "--drop", "a"]), @"error: --rebuild t: a cannot be dropped without changing what else is about it: b TEXT CHECK (b <> a)");
    assert_snapshot!(package.fails(&["new", "--rebuild", "t", "--unique", "c"]), @"error: --rebuild t: t has no column c");
    assert_snapshot!(package.fails(&["new", "--rebuild", "t", "--not-null", "a", "--not-null", "b", "--default", "1"]), @"error: each --not-null COLUMN needs a --default EXPR of its own");
    assert!(package.fails(&["new", "x", "--drop", "a"]).contains("--rebuild"));
    // What the rehearsal refuses is shown, and not written.
    package.migration("002_b.sql", "CREATE TABLE parent (id INTEGER PRIMARY KEY, code TEXT UNIQUE);\nCREATE TABLE child (code TEXT REFERENCES parent (code));");
    let ran = package.run(&["new", "--rebuild", "parent", "--drop", "code"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.err.contains("003_rebuild_parent.sql is not written"), "{ran:?}");
    assert!(ran.out.contains("[dangling-reference]"), "{ran:?}");
    fs::remove_file(package.path("migrations/002_b.sql")).unwrap();
    assert_eq!(package.names("migrations"), before);
}

/// One flag, what it makes of the table's text, and of three rows.
#[test]
fn each_flag_does_what_it_says() {
    let table = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b VARCHAR(9) COLLATE RTRIM DEFAULT 'x' -- about b\n, c, UNIQUE (c));\n\
                 CREATE INDEX by_a ON t (a);";
    let listed = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a IN ('1', '2')), b, c);\nCREATE INDEX a ON t (b);\nCREATE INDEX lower_c ON t (lower(c)) WHERE b > 0;";
    let strict = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT) STRICT;";
    let rows =
        "INSERT INTO t (id, a, b, c) VALUES (1, '1', NULL, 'p'), (5, NULL, 'y', NULL), (9, '2', 'z', 'q');";
    for (create, flags, text, values) in [
        (
            table,
            &["--not-null", "a", "--default", "'none'"][..],
            "a TEXT NOT NULL DEFAULT 'none'",
            "SELECT group_concat(a, ',' ORDER BY id) = '1,none,2' FROM t",
        ),
        (table, &["--not-null", "a", "--default", "id * 2"], "a TEXT", ""),
        (
            table,
            &["--not-null", "b", "--default", "-1"],
            "b VARCHAR(9) COLLATE RTRIM DEFAULT -1 NOT NULL -- about b",
            "SELECT group_concat(b, ',' ORDER BY id) = '-1,y,z' FROM t",
        ),
        (table, &["--type", "b", "TEXT"], "b TEXT COLLATE RTRIM DEFAULT 'x'", ""),
        (
            table,
            &["--type", "c", "INTEGER"],
            "c INTEGER,",
            "SELECT group_concat(c, ',' ORDER BY id) = 'p,q' FROM t",
        ),
        (
            strict,
            &["--type", "a", "INTEGER"],
            "a INTEGER,",
            "SELECT group_concat(typeof(a), ',' ORDER BY id) = 'integer,null,integer' FROM t",
        ),
        (table, &["--drop", "a"], "PRIMARY KEY, b VARCHAR(9)", "SELECT count(*) = 3 FROM t"),
        (table, &["--drop", "c"], "DEFAULT 'x')", "SELECT group_concat(b, ',' ORDER BY id) = 'y,z' FROM t"),
        (table, &["--unique", "a"], "a TEXT UNIQUE,", "SELECT count(*) = 3 FROM t"),
        // Two values, so that any three rows agree.
        (
            listed,
            &["--unique", "a"],
            "allow(fails-with-rows): rows that agree are settled",
            "SELECT count(*) = 3 FROM t",
        ),
        (
            listed,
            &["--drop", "c"],
            "DROP INDEX lower_c;",
            "SELECT group_concat(name) = 'a' FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        ),
        (table, &["--collate", "a", "NOCASE"], "a TEXT COLLATE NOCASE,", ""),
        (table, &["--collate", "b", "BINARY"], "b VARCHAR(9) COLLATE BINARY DEFAULT", ""),
        (
            table,
            &["--unique", "a", "--collate", "a", "NOCASE", "--drop", "c", "--type", "b", "TEXT"],
            "a TEXT COLLATE NOCASE UNIQUE, b TEXT COLLATE",
            "",
        ),
    ] {
        let package = Package::with(&[("001_t.sql", create)]);
        package.succeeds(&["up", "-d", "app.db"]);
        let conn = Connection::open(package.path("app.db")).unwrap();
        conn.execute_batch(rows).unwrap();
        let ran = package.run(&[&["new", "--rebuild", "t"], flags].concat());
        if text == "a TEXT" {
            // A default cannot look at other columns.
            assert_eq!(ran.code, Some(1), "{flags:?}: {ran:?}");
            continue;
        }
        assert_eq!(ran.code, Some(0), "{flags:?}: {}{}", ran.out, ran.err);
        package.succeeds(&["check"]);
        let file = package.read("migrations/002_rebuild_t.sql");
        assert!(file.contains(text), "{flags:?}: {file}");
        package.succeeds(&["up", "-d", "app.db"]);
        if !values.is_empty() {
            let holds: bool = conn.query_row(values, [], |row| row.get(0)).unwrap();
            assert!(holds, "{flags:?}");
        }
    }
}

/// Everything in every table, with rowids where there are any, and what comes next in AUTOINCREMENT.
fn contents(conn: &Connection) -> BTreeMap<String, Vec<Vec<Value>>> {
    let mut statement = conn
        .prepare("SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT IN ('sqlite_schema', 'schema_migrations', 'sqlite_stat1')")
        .unwrap();
    let tables = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?)));
    let tables: Vec<_> = tables.unwrap().map(Result::unwrap).collect();
    let mut contents = BTreeMap::new();
    for (table, without_rowid) in tables {
        let rowid = if without_rowid { "" } else { "_rowid_, " };
        // Its own rows come in the order in which tables were first used.
        let order = if table == "sqlite_sequence" { "ORDER BY name" } else { "" };
        let rowid = if table == "sqlite_sequence" { "" } else { rowid };
        let sql = format!("SELECT {rowid}* FROM \"{}\" {order}", table.replace('"', "\"\""));
        let mut statement = conn.prepare(&sql).unwrap();
        let width = statement.column_count();
        let rows = statement.query_map([], |row| (0..width).map(|at| row.get(at)).collect());
        contents.insert(table, rows.unwrap().map(Result::unwrap).collect());
    }
    contents
}

/// Puts rows into every table that takes some, with a gap in their rowids and one at their end.
fn fill(conn: &Connection) -> usize {
    conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    let mut statement = conn
        .prepare("SELECT l.name, m.sql FROM pragma_table_list l JOIN sqlite_master m USING (name) WHERE l.schema = 'main' AND l.type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_migrations'")
        .unwrap();
    let tables = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
    let tables: Vec<_> = tables.unwrap().map(Result::unwrap).collect();
    let mut filled = 0;
    for (table, create) in tables {
        let mut columns = conn.prepare(&format!("PRAGMA table_xinfo(\"{table}\")")).unwrap();
        let columns = columns.query_map([], |row| {
            Ok((row.get::<_, String>(1)?, row.get::<_, String>(2)?.to_uppercase(), row.get::<_, i64>(6)?))
        });
        let columns: Vec<_> =
            columns.unwrap().map(Result::unwrap).filter(|(.., hidden)| *hidden == 0).collect();
        let names: Vec<_> = columns.iter().map(|(name, ..)| format!("\"{name}\"")).collect();
        for row in 1..=4 {
            let values: Vec<_> = columns
                .iter()
                .map(|(name, declared, _)| match declared.as_str() {
                    _ if one_of(&create, name).is_some() => one_of(&create, name).unwrap(),
                    declared if declared.contains("INT") || declared.contains("BOOL") => row.to_string(),
                    declared if declared.contains("BLOB") => format!("x'0{row}'"),
                    declared if declared.contains("REAL") || declared.contains("DOUB") => format!("{row}.5"),
                    _ => format!("'text {row}'"),
                })
                .collect();
            let sql =
                format!("INSERT INTO \"{table}\" ({}) VALUES ({})", names.join(", "), values.join(", "));
            // A trigger may refuse it, or need what is not there.
            filled += usize::from(row == 4 && conn.execute_batch(&sql).is_ok());
            if row < 4 {
                let _ = conn.execute_batch(&sql);
            }
        }
        let _ = conn.execute_batch(&format!("DELETE FROM \"{table}\" WHERE _rowid_ IN (2, 4)"));
    }
    filled
}

/// The first value that a CHECK of a column lists.
fn one_of(create: &str, column: &str) -> Option<String> {
    let create = create.replace(['"', '`'], "");
    let lower = create.to_lowercase();
    let after = lower.find(&format!("{} in (", column.to_lowercase()))? + column.len() + " in (".len();
    let first = create[after..].split([',', ')']).next()?.trim().trim_matches('\'');
    Some(format!("'{first}'"))
}

/// Rebuilds one table after the other of a history, and holds what comes of it against what was there.
pub(crate) fn rebuild_all(name: &str, package: &Package) -> (usize, usize) {
    let root = package.path("");
    let project = Project::new(&root, Args::of("migrations"));
    let mut conn = Connection::open_in_memory().unwrap();
    project.migrations().unwrap().run(&mut conn).unwrap();
    let filled = fill(&conn);
    let before = contents(&conn);
    let objects = schema::objects(&conn).unwrap();
    let head = project.head().unwrap();
    let mut rebuilt = 0;
    for object in objects.iter().filter(|object| object.kind == schema::Kind::Table) {
        if object.name == "schema_migrations" {
            continue;
        }
        let files = project.files().unwrap();
        let file_name = files.next(&format!("rebuild {}", object.name));
        let body =
            rebuild(&head, &object.name, files.table(), &[]).unwrap_or_else(|why| panic!("{name}: {why}"));
        let text = files.text(&file_name, Some(&body), true);
        if let Err(problems) = project.check_with(&file_name, &text) {
            panic!(
                "{name}, {}: {}\n{text}",
                object.name,
                problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
            );
        }
        // On a copy, so that each is judged on the history as it is.
        let mut copy = Connection::open_in_memory().unwrap();
        rusqlite::backup::Backup::new(&conn, &mut copy)
            .unwrap()
            .run_to_completion(1000, std::time::Duration::ZERO, None)
            .unwrap();
        let path = package.path("migrations").join(&file_name);
        fs::write(&path, text).unwrap();
        project
            .migrations()
            .unwrap()
            .run(&mut copy)
            .unwrap_or_else(|error| panic!("{name}, {}: {error:?}", object.name));
        fs::remove_file(path).unwrap();
        assert_eq!(contents(&copy), before, "{name}, {}", object.name);
        let after = schema::objects(&copy).unwrap();
        assert_eq!(after.len(), objects.len(), "{name}, {}", object.name);
        for (old, new) in objects.iter().zip(&after) {
            assert!(old.is_like(new), "{name}, {}:\n{}\n{}", object.name, old.sql(), new.sql());
        }
        rebuilt += 1;
    }
    (rebuilt, filled)
}

#[test]
fn unedited_a_rebuild_changes_nothing() {
    let package = shop();
    assert_eq!(rebuild_all("shop", &package), (3, 3));
}
