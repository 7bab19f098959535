//! `verify` and `baseline`: every kind of difference is found and named, and nothing else is.

use std::sync::LazyLock;

use embed_migrations::rusqlite::Connection;
use embed_migrations::rusqlite::functions::FunctionFlags;
use embed_migrations::{Error, Migrations, embed_migrations};
use insta::assert_snapshot;

use crate::databases::{Db, dump, history, memory, on, one, recorded};

static LESSON: Migrations = embed_migrations!();

const SCHEMA: &str = "
    CREATE TABLE users (
        id      INTEGER PRIMARY KEY AUTOINCREMENT,
        email   TEXT NOT NULL UNIQUE COLLATE NOCASE,
        name    TEXT DEFAULT 'nobody',
        age     INTEGER CHECK (age >= 0),
        score   REAL DEFAULT 1.5,
        state   TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'old')),
        lower   TEXT GENERATED ALWAYS AS (lower(email)) VIRTUAL,
        made    TEXT DEFAULT (datetime('now')),
        CONSTRAINT grown CHECK (age < 200),
        UNIQUE (name, age)
    );
    CREATE TABLE posts (
        id      INTEGER PRIMARY KEY,
        author  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
        title   TEXT,
        body    BLOB,
        FOREIGN KEY (title) REFERENCES users (email) ON UPDATE CASCADE
    );
    CREATE TABLE strict_one (a INTEGER PRIMARY KEY, b ANY) STRICT;
    CREATE TABLE keyed (a TEXT, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
    CREATE INDEX posts_author ON posts (author, title DESC) WHERE title IS NOT NULL;
    CREATE UNIQUE INDEX posts_title ON posts (lower(title));
    CREATE VIEW authors AS SELECT u.name, count(*) AS posts FROM users u JOIN posts p ON p.author = u.id GROUP BY u.id;
    CREATE TRIGGER trimmed AFTER INSERT ON posts BEGIN UPDATE posts SET title = trim(title) WHERE id = new.id; END;
    CREATE VIRTUAL TABLE search USING fts5(title, body, tokenize = 'porter');";

static RICH: LazyLock<Migrations> = LazyLock::new(|| history(&[on(SCHEMA)]));

/// The differences that a verification finds.
fn differences(migrations: Migrations, conn: &Connection) -> Vec<String> {
    match migrations.verify(conn) {
        Ok(()) => Vec::new(),
        Err(Error::Drift { differences, .. }) => differences,
        Err(other) => panic!("{other:?}"),
    }
}

/// A database that differs from [`SCHEMA`] in one place of its texts.
fn edited(from: &str, to: &str) -> Connection {
    assert_eq!(SCHEMA.matches(from).count(), 1, "{from}");
    let conn = RICH.in_memory_at("000").expect("a database");
    let mut all = String::from("PRAGMA foreign_keys = OFF;");
    all += &SCHEMA.replacen(from, to, 1);
    all += "INSERT INTO schema_migrations (version, name) VALUES ('001', 'step');";
    conn.execute_batch(&all).unwrap_or_else(|error| panic!("{from} -> {to}: {error}"));
    conn
}

#[test]
fn every_change_of_a_text_is_one_difference() {
    let mut told = String::new();
    let edits = [
        // Columns.
        ("    email   TEXT NOT NULL", "    email   TEXT"),
        (" UNIQUE COLLATE NOCASE", " COLLATE NOCASE"),
        (" COLLATE NOCASE", ""),
        (" COLLATE NOCASE", " COLLATE RTRIM"),
        ("name    TEXT DEFAULT 'nobody'", "name    TEXT"),
        ("DEFAULT 'nobody'", "DEFAULT 'Nobody'"),
        ("DEFAULT 'nobody'", "DEFAULT NULL"),
        ("name    TEXT DEFAULT", "name    VARCHAR(20) DEFAULT"),
        ("age     INTEGER", "age     INT"),
        (" CHECK (age >= 0)", ""),
        ("CHECK (age >= 0)", "CHECK (age > 0)"),
        ("CHECK (age >= 0)", "NOT NULL CHECK (age >= 0)"),
        ("DEFAULT 1.5", "DEFAULT 1.25"),
        ("DEFAULT 1.5", "DEFAULT '1.5'"),
        ("DEFAULT 'new' CHECK", "CHECK"),
        ("IN ('new', 'old')", "IN ('new', 'Old')"),
        ("IN ('new', 'old')", "IN ('new', 'old', 'gone')"),
        ("lower(email)", "upper(email)"),
        ("(lower(email)) VIRTUAL", "(lower(email)) STORED"),
        ("lower   TEXT GENERATED ALWAYS AS (lower(email)) VIRTUAL", "lower   TEXT"),
        ("DEFAULT (datetime('now'))", "DEFAULT CURRENT_TIMESTAMP"),
        ("        score   REAL DEFAULT 1.5,\n", ""),
        ("        score   REAL DEFAULT 1.5,\n", "        score   REAL DEFAULT 1.5,\n        extra   TEXT,\n"),
        ("        score   REAL DEFAULT 1.5,\n", "        points  REAL DEFAULT 1.5,\n"),
        ("        title   TEXT,\n        body    BLOB,\n", "        body    BLOB,\n        title   TEXT,\n"),
        // Keys and constraints.
        (" AUTOINCREMENT", ""),
        ("INTEGER PRIMARY KEY AUTOINCREMENT", "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT"),
        ("        CONSTRAINT grown CHECK (age < 200),\n", ""),
        ("(age < 200)", "(age < 150)"),
        ("CONSTRAINT grown CHECK", "CONSTRAINT adult CHECK"),
        (",\n        UNIQUE (name, age)", ""),
        ("UNIQUE (name, age)", "UNIQUE (age, name)"),
        ("UNIQUE (name, age)", "UNIQUE (name, age) ON CONFLICT IGNORE"),
        ("UNIQUE (name, age)", "UNIQUE (name, age), UNIQUE (score)"),
        ("PRIMARY KEY (a, b)", "PRIMARY KEY (b, a)"),
        ("PRIMARY KEY (a, b)", "PRIMARY KEY (a, b), CHECK (a <> b)"),
        // Foreign keys.
        (" REFERENCES users (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED", ""),
        (" ON DELETE CASCADE DEFERRABLE", " DEFERRABLE"),
        ("ON DELETE CASCADE", "ON DELETE SET NULL"),
        (" DEFERRABLE INITIALLY DEFERRED", ""),
        ("INITIALLY DEFERRED", "INITIALLY IMMEDIATE"),
        (",\n        FOREIGN KEY (title) REFERENCES users (email) ON UPDATE CASCADE", ""),
        ("(email) ON UPDATE CASCADE", "(name) ON UPDATE CASCADE"),
        ("REFERENCES users (email)", "REFERENCES authors (email)"),
        // Options of tables.
        (") STRICT", ")"),
        (") WITHOUT ROWID", ")"),
        (") WITHOUT ROWID", ") WITHOUT ROWID, STRICT"),
        // Indexes.
        ("    CREATE INDEX posts_author ON posts (author, title DESC) WHERE title IS NOT NULL;\n", ""),
        ("(author, title DESC)", "(author)"),
        ("(author, title DESC)", "(title DESC, author)"),
        ("title DESC)", "title)"),
        (" WHERE title IS NOT NULL", ""),
        ("WHERE title IS NOT NULL", "WHERE title IS NULL"),
        ("CREATE UNIQUE INDEX posts_title", "CREATE INDEX posts_title"),
        ("(lower(title))", "(title)"),
        ("posts (lower(title))", "keyed (lower(a))"),
        ("posts_title ON", "posts_titles ON"),
        // Views.
        ("count(*) AS posts", "count(p.id) AS posts"),
        ("AS posts FROM", "AS number FROM"),
        ("    CREATE VIEW authors AS SELECT u.name", "    CREATE VIEW authors AS SELECT 'u.name'"),
        (" GROUP BY u.id", ""),
        // Triggers.
        ("AFTER INSERT ON posts", "BEFORE INSERT ON posts"),
        ("AFTER INSERT ON posts", "AFTER UPDATE ON posts"),
        ("trim(title)", "upper(title)"),
        (
            "    CREATE TRIGGER trimmed AFTER INSERT ON posts BEGIN UPDATE posts SET title = trim(title) WHERE id = new.id; END;\n",
            "",
        ),
        // Virtual tables.
        ("tokenize = 'porter'", "tokenize = 'unicode61'"),
        ("fts5(title, body,", "fts5(title,"),
        (
            "CREATE VIRTUAL TABLE search USING fts5(title, body, tokenize = 'porter')",
            "CREATE TABLE search (title, body)",
        ),
        ("    CREATE VIRTUAL TABLE search USING fts5(title, body, tokenize = 'porter');", ""),
    ];
    for (from, to) in edits {
        let found = differences(*RICH, &edited(from, to));
        assert!(!found.is_empty(), "{from} -> {to}: no difference");
        told += &found.join("\n");
        told += "\n";
    }
    assert!(edits.len() >= 60);
    assert_snapshot!(told);
}

#[test]
fn what_somebody_has_done_to_a_database_is_found() {
    let mut told = String::new();
    for sql in [
        "CREATE TABLE notes (a); CREATE INDEX notes_a ON notes (a);",
        "CREATE VIEW all_users AS SELECT * FROM users",
        "CREATE INDEX users_name ON users (name)",
        "CREATE TRIGGER forbidden BEFORE DELETE ON users BEGIN SELECT RAISE(ABORT, 'no'); END",
        "DROP TABLE keyed",
        "DROP VIEW authors",
        "ALTER TABLE users ADD COLUMN bio TEXT",
        "ALTER TABLE keyed RENAME TO locked",
        "ALTER TABLE strict_one RENAME COLUMN b TO c",
        "ALTER TABLE strict_one DROP COLUMN b",
        "DROP TABLE search",
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_master SET sql = replace(sql, 'age >= 0', 'age >= 1') WHERE name = 'users';
         PRAGMA writable_schema = RESET;",
        "PRAGMA foreign_keys = OFF; DROP TABLE posts",
    ] {
        let conn = RICH.in_memory().expect("a database");
        conn.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        told += &differences(*RICH, &conn).join("\n");
        told += "\n";
    }
    assert_snapshot!(told);
}

#[test]
fn a_way_of_writing_is_no_difference() {
    for (from, to) in [
        (
            "CREATE TABLE keyed (a TEXT, b TEXT,",
            "CREATE TABLE main.\"keyed\" ([A] text, -- the first\n `b` TEXT,",
        ),
        ("DEFAULT 'nobody'", "DEFAULT \"nobody\""),
        ("CREATE INDEX posts_author", "CREATE INDEX IF NOT EXISTS [Posts_Author]"),
        ("IN ('new', 'old')", "IN ( 'new' /* or */ , 'old' )"),
    ] {
        assert_eq!(differences(*RICH, &edited(from, to)), [""; 0], "{from} -> {to}");
    }
}

#[test]
fn rows_and_upkeep_are_no_difference() {
    let conn = RICH.in_memory().expect("a database");
    conn.execute_batch(
        "INSERT INTO users (email) VALUES ('a'), ('b');
         INSERT INTO posts (author, body) VALUES (1, 'x');
         INSERT INTO search SELECT 'title', 'body ' || value FROM (WITH RECURSIVE n (value) AS
             (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 500) SELECT value FROM n);
         INSERT INTO search (search) VALUES ('optimize');
         ANALYZE; VACUUM; REINDEX; PRAGMA user_version = 7;
         CREATE TEMP TABLE users (a); CREATE TEMP VIEW v AS SELECT 1;",
    )
    .expect("it runs");
    assert_eq!(differences(*RICH, &conn), [""; 0]);
}

#[test]
fn the_schema_is_compared_at_the_version_that_a_database_has() {
    for version in ["000", "001", "002"] {
        LESSON.verify(&LESSON.in_memory_at(version).expect("a database")).expect("it is what they make");
    }
    LESSON.verify(&memory()).expect("an empty database has no migrations");
    let conn = memory();
    conn.execute_batch("CREATE TABLE t (a)").expect("it runs");
    assert_eq!(differences(LESSON, &conn), ["table t is in the database, but no migration makes it"]);
}

#[test]
fn what_another_tool_has_put_there_can_be_named() {
    let conn = LESSON.in_memory().expect("a database");
    conn.execute_batch(
        "CREATE TABLE Other (a); CREATE INDEX other_a ON Other (a); CREATE VIEW seen AS SELECT 1;
         CREATE TRIGGER other_t AFTER INSERT ON Other BEGIN SELECT 1; END;",
    )
    .expect("it runs");
    assert_eq!(differences(LESSON, &conn).len(), 2);
    LESSON.verifier().ignoring(&["other", "SEEN"]).verify(&conn).expect("they are named");
    // What the migrations make cannot be left out.
    conn.execute_batch("ALTER TABLE users DROP COLUMN bio").expect("it runs");
    let ignoring = LESSON.verifier().ignoring(&["other", "seen", "users"]).verify(&conn);
    assert!(matches!(ignoring, Err(Error::Drift { .. })), "{ignoring:?}");
}

#[test]
fn a_verification_writes_nothing_and_runs_in_a_transaction() {
    let db = Db::new();
    LESSON.run(&mut db.open()).expect("all is well");
    let before = db.bytes();
    LESSON.verify(&db.open_read_only()).expect("it is what they make");
    let conn = db.open();
    conn.execute_batch("BEGIN; DELETE FROM users;").expect("it runs");
    LESSON.verify(&conn).expect("it is what they make");
    assert!(!conn.is_autocommit());
    drop(conn);
    assert_eq!(db.bytes(), before);
}

#[test]
fn a_file_that_was_edited_after_it_had_run_is_named() {
    let before = history(&[on("CREATE TABLE a (x);"), on("CREATE TABLE b (x); ALTER TABLE a ADD COLUMN y;")]);
    let after = history(&[on("CREATE TABLE a (x);"), on("CREATE TABLE b (x); ALTER TABLE a ADD COLUMN z;")]);
    let conn = before.in_memory().expect("a database");
    let error = after.verify(&conn).expect_err("it has another column");
    let Error::Drift { edited, .. } = &error else { panic!("{error:?}") };
    assert_eq!(edited.iter().map(|file| file.file_name()).collect::<Vec<_>>(), ["002_step.sql"]);
    assert_snapshot!(format!("{error:?}"));

    // What only the database has says little.
    for (sql, explained) in
        [("CREATE TABLE c (x)", 1), ("ALTER TABLE schema_migrations ADD COLUMN by TEXT", 1)]
    {
        let conn = before.in_memory().expect("a database");
        conn.execute_batch(sql).expect("it runs");
        match after.verify(&conn) {
            Err(Error::Drift { edited, .. }) => assert_eq!(edited.len(), explained, "{sql}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn functions_of_the_application_are_set_up() {
    let migrations = history(&[on("CREATE TABLE t (a, b AS (twice(a)));")]);
    let twice = |conn: &Connection| {
        let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_UTF8;
        conn.create_scalar_function("twice", 1, flags, |context| Ok(context.get::<i64>(0)? * 2))
    };
    let conn = migrations.in_memory_with(twice).expect("a database");
    conn.execute("INSERT INTO t VALUES (2)", []).expect("it runs");
    assert_eq!(one::<i64>(&conn, "SELECT b FROM t"), 4);

    let error = migrations.verify(&conn).expect_err("there is no such function in memory");
    assert_snapshot!(format!("{error}"));
    assert!(matches!(error, Error::InMemory { .. }));
    migrations.verifier().setup(twice).verify(&conn).expect("it is what they make");
    assert!(matches!(migrations.in_memory(), Err(Error::InMemory { .. })));
}

#[test]
fn a_newer_database_is_told_apart() {
    let older = history(&[on("CREATE TABLE a (x);")]);
    let newer = history(&[on("CREATE TABLE a (x);"), on("CREATE TABLE b (x);")]);
    let conn = newer.in_memory().expect("a database");
    assert!(matches!(older.verify(&conn), Err(Error::NewerDatabase { .. })));
}

// ---- baseline

/// A database that was made by hand: the lesson's, without a history.
fn by_hand(version: &str) -> Connection {
    let conn = LESSON.in_memory_at(version).expect("a database");
    conn.execute_batch("DROP TABLE schema_migrations; INSERT INTO users (email, name) VALUES ('a', 'A')")
        .expect("it runs");
    conn
}

#[test]
fn a_database_made_by_hand_gets_its_history() {
    for (version, pending) in [("001", 1), ("002", 0)] {
        let mut conn = by_hand(version);
        LESSON.baseline(&mut conn, version).expect("the schema is the one of that version");
        assert!(conn.is_autocommit());
        LESSON.verify(&conn).expect("it is as if they had run");
        assert_eq!(LESSON.run(&mut conn).expect("the rest runs").applied().len(), pending);
        assert_eq!(recorded(&conn), ["000", "001", "002"]);
        assert_eq!(one::<i64>(&conn, "SELECT count(*) FROM users WHERE name = 'A'"), 1);
        assert_eq!(one::<String>(&conn, "SELECT typeof(applied_at) FROM schema_migrations"), "text");
    }
}

#[test]
fn a_wrong_version_records_nothing() {
    let mut conn = by_hand("001");
    let before = dump(&conn);
    let error = LESSON.baseline(&mut conn, "002").expect_err("a column is missing");
    assert_snapshot!(format!("{error:?}"));
    for refused in [
        LESSON.baseline(&mut conn, "000"),
        LESSON.baseline(&mut conn, "003"),
        LESSON.baseline(&mut conn, "x"),
    ] {
        assert!(refused.is_err());
    }
    assert_eq!(dump(&conn), before);
    assert!(conn.is_autocommit());
}

#[test]
fn a_history_that_is_there_is_left_alone() {
    let mut conn = LESSON.in_memory_at("001").expect("a database");
    let before = dump(&conn);
    LESSON.baseline(&mut conn, "001").expect("it is done already");
    assert_eq!(dump(&conn), before);
    let error = LESSON.baseline(&mut conn, "002").expect_err("the database is at 001");
    assert_snapshot!(error.to_string(), @"the tracking table schema_migrations records migrations up to 001_create_users.sql already; a baseline is for a database without a history");
    for (table, told) in [
        ("CREATE TABLE schema_migrations (version TEXT PRIMARY KEY)", "has no columns version and name"),
        ("CREATE TABLE schema_migrations (version TEXT, name TEXT)", "is there already, without a record"),
        ("CREATE VIEW schema_migrations AS SELECT '000' AS version, 'x' AS name", "is a view"),
    ] {
        let mut conn = by_hand("001");
        conn.execute_batch(table).expect("it runs");
        let error = LESSON.baseline(&mut conn, "001").expect_err("there is such a table");
        assert!(error.to_string().contains(told), "{error}");
    }
}

#[test]
fn the_other_tools_tables_are_named_to_a_baseline() {
    let mut conn = by_hand("001");
    conn.execute_batch("CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY)").expect("it runs");
    assert!(matches!(LESSON.baseline(&mut conn, "001"), Err(Error::Drift { .. })));
    LESSON.verifier().ignoring(&["_sqlx_migrations"]).baseline(&mut conn, "001").expect("it is named");
    assert_eq!(recorded(&conn), ["000", "001"]);
}

#[test]
fn a_tracking_table_of_any_shape_is_taken_over() {
    let first = "BEGIN;
        CREATE TABLE \"my history\" (id INTEGER PRIMARY KEY, version TEXT UNIQUE, name TEXT, twice AS (version || version));
        CREATE INDEX by_name ON \"my history\" (name);
        INSERT INTO \"my history\" (version, name) VALUES ('000', 'start');
        COMMIT;";
    let second = "BEGIN; CREATE TABLE t (a); ALTER TABLE \"my history\" ADD COLUMN note TEXT DEFAULT 'none';
        INSERT INTO \"my history\" (version, name) VALUES ('001', 'more'); COMMIT;";
    let files = [("000_start.sql", first.as_bytes()), ("001_more.sql", second.as_bytes())];
    let migrations = Migrations::from_dir(crate::databases::folder(&files)).expect("they are in order");
    let mut conn = memory();
    conn.execute_batch("CREATE TABLE t (a)").expect("it runs");
    migrations.baseline(&mut conn, "001").expect("the schema is the one of that version");
    migrations.verify(&conn).expect("it is as if they had run");
    assert!(migrations.run(&mut conn).expect("nothing is left").applied().is_empty());
}

#[test]
fn a_baseline_needs_a_connection_that_can_write() {
    let db = Db::new();
    let mut conn = db.open();
    conn.execute_batch("BEGIN").expect("it runs");
    assert!(matches!(LESSON.baseline(&mut conn, "000"), Err(Error::InTransaction)));
    conn.execute_batch("CREATE TABLE x (a); DROP TABLE x; COMMIT").expect("it runs");
    assert!(matches!(LESSON.baseline(&mut db.open_read_only(), "000"), Err(Error::ReadOnly { .. })));
    LESSON
        .baseline(&mut conn, "000")
        .expect("an empty database is what the first file makes, but for its table");
}

#[test]
fn a_baseline_is_as_safe_as_a_run() {
    // Without a journal, what fails could not be taken back.
    let mut conn = memory();
    LESSON.runner().target("001").run(&mut conn).expect("all is well");
    conn.execute_batch("DROP TABLE schema_migrations").expect("it runs");
    let _: String = one(&conn, "PRAGMA journal_mode = OFF");
    assert!(matches!(LESSON.baseline(&mut conn, "001"), Err(Error::NoJournal { .. })));
    let db = Db::new();
    let mut conn = db.open();
    LESSON.runner().target("001").run(&mut conn).expect("all is well");
    conn.execute_batch("DROP TABLE schema_migrations").expect("it runs");
    let _: String = one(&conn, "PRAGMA journal_mode = MEMORY");
    LESSON.baseline(&mut conn, "001").expect("the mode is switched for it");
    assert_eq!(one::<String>(&conn, "PRAGMA journal_mode"), "memory");
}

#[test]
fn it_waits_for_as_long_as_it_may() {
    let db = Db::in_mode("delete");
    LESSON.run(&mut db.open()).expect("all is well");
    let holder = db.open();
    holder.execute_batch("BEGIN EXCLUSIVE").expect("it runs");
    let quick = || LESSON.verifier().lock_timeout(std::time::Duration::from_millis(5));
    assert!(matches!(quick().verify(&db.open()), Err(Error::LockTimeout { .. })));
    assert!(matches!(quick().baseline(&mut db.open(), "000"), Err(Error::LockTimeout { .. })));
}

#[test]
fn two_baselines_at_once_make_one_history() {
    let db = Db::new();
    let mut conn = db.open();
    LESSON.runner().target("001").run(&mut conn).expect("all is well");
    conn.execute_batch("DROP TABLE schema_migrations").expect("it runs");
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| LESSON.baseline(&mut db.open(), "001").map_err(|error| format!("{error:?}")))
            })
            .collect();
        for thread in threads {
            assert_eq!(thread.join().expect("no panic"), Ok(()));
        }
    });
    assert_eq!(recorded(&conn), ["000", "001"]);
}
