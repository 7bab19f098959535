//! Foreign keys, and tables that are rebuilt.

use embed_migrations::{Cause, Error};

use crate::databases::{Db, Step, dump, history, off, on, recorded, rows, shown, state, tables, told};

const REBUILD: &str = "\
CREATE TABLE parent_new (id INTEGER PRIMARY KEY, title TEXT NOT NULL, note TEXT);
INSERT INTO parent_new (id, title) SELECT id, title FROM parent;
DROP TABLE parent;
ALTER TABLE parent_new RENAME TO parent;";

fn parent_and_child(action: &str) -> Step {
    on(format!(
        "CREATE TABLE parent (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER DEFAULT 9 REFERENCES parent (id) {action});
INSERT INTO parent VALUES (1, 'one'), (2, 'two');
INSERT INTO child VALUES (10, 1), (11, 1), (12, 2), (13, NULL);"
    ))
}

/// What is left of the children when the parent is rebuilt with foreign keys on; `None` where that fails.
const ACTIONS: [(&str, Option<[&str; 4]>); 6] = [
    ("ON DELETE CASCADE", Some(["13|NULL", "", "", ""])),
    ("ON DELETE SET NULL", Some(["10|NULL", "11|NULL", "12|NULL", "13|NULL"])),
    ("ON DELETE SET DEFAULT", None),
    ("ON DELETE RESTRICT", None),
    ("ON DELETE NO ACTION", None),
    ("ON DELETE NO ACTION DEFERRABLE INITIALLY DEFERRED", None),
];
const CHILDREN: [&str; 4] = ["10|1", "11|1", "12|2", "13|NULL"];
const CONNECTIONS: [Option<bool>; 3] = [None, Some(true), Some(false)];

// D1, F2
#[test]
fn a_rebuild_with_foreign_keys_off_keeps_every_child_row() {
    for (action, _) in ACTIONS {
        for foreign_keys in CONNECTIONS {
            let db = Db::new();
            let mut conn = db.open_with(foreign_keys);
            let before = state(&conn);
            history(&[parent_and_child(action), off(REBUILD)]).run(&mut conn).expect("all is well");
            assert_eq!(
                shown(&conn, "SELECT * FROM child ORDER BY id"),
                CHILDREN,
                "{action}, {foreign_keys:?}"
            );
            assert_eq!(shown(&conn, "SELECT * FROM parent ORDER BY id"), ["1|one|NULL", "2|two|NULL"]);
            assert_eq!(state(&conn), before, "{action}, {foreign_keys:?}");
        }
    }
}

// D1, F1, F2: whatever the connection had, so that the same file does the same everywhere.
#[test]
fn a_rebuild_with_foreign_keys_on_does_what_the_keys_say_or_fails() {
    for (action, left) in ACTIONS {
        for foreign_keys in CONNECTIONS {
            let db = Db::new();
            let mut conn = db.open_with(foreign_keys);
            let before = state(&conn);
            let result = history(&[parent_and_child(action), on(REBUILD)]).run(&mut conn);
            let children = shown(&conn, "SELECT * FROM child ORDER BY id");
            let case = format!("{action}, {foreign_keys:?}");
            match left {
                Some(left) => {
                    result.unwrap_or_else(|error| panic!("{case}: {error:?}"));
                    let left: Vec<_> = left.into_iter().filter(|row| !row.is_empty()).collect();
                    assert_eq!(children, left, "{case}");
                }
                None => {
                    let told = told(result);
                    assert_eq!((told.version, told.database), ("002", Some("001")), "{case}");
                    assert_eq!(children, CHILDREN, "{case}");
                    assert_eq!(recorded(&conn), ["000", "001"], "{case}");
                    assert!(!tables(&conn).contains(&"parent_new".to_owned()), "{case}");
                }
            }
            assert_eq!(state(&conn), before, "{case}");
        }
    }
}

// D1
#[test]
fn a_violation_is_refused_on_a_connection_that_would_not_check() {
    let db = Db::new();
    let mut conn = db.open_with(Some(false));
    let violating = on("INSERT INTO child VALUES (14, 3);");
    let told = told(history(&[parent_and_child(""), violating]).run(&mut conn));
    assert_eq!((told.version, told.place), ("002", (2, 1)));
    assert!(told.cause.contains("FOREIGN KEY constraint failed"), "{}", told.cause);
    assert_eq!(rows(&conn, "SELECT * FROM child").len(), 4);
}

// F1: the setting is read back, so a file that wants them off finds them off.
#[test]
fn foreign_keys_are_off_inside_the_file_and_on_in_the_next() {
    let db = Db::new();
    let mut conn = db.open_with(Some(true));
    let seen =
        |label: &str| format!("INSERT INTO seen SELECT '{label}', foreign_keys FROM pragma_foreign_keys;");
    history(&[
        on(format!("CREATE TABLE seen (label, foreign_keys); {}", seen("one"))),
        off(seen("two")),
        off(seen("three")),
        on(seen("four")),
    ])
    .run(&mut conn)
    .expect("all is well");
    assert_eq!(shown(&conn, "SELECT * FROM seen ORDER BY rowid"), ["one|1", "two|0", "three|0", "four|1"]);
}

// F1: where the setting does not take, nothing runs with the other one.
#[test]
fn a_connection_that_keeps_its_foreign_keys_runs_nothing() {
    use embed_migrations::rusqlite::hooks::{AuthAction, AuthContext, Authorization};
    for ignored in [Authorization::Ignore, Authorization::Deny] {
        let db = Db::new();
        let mut conn = db.open_with(Some(true));
        let steps = [parent_and_child("ON DELETE CASCADE"), off(REBUILD)];
        history(&steps[..1]).run(&mut conn).expect("the tables");
        let _ = conn.authorizer(Some(move |context: AuthContext<'_>| match context.action {
            AuthAction::Pragma { pragma_name: "foreign_keys", pragma_value: Some(_) } => ignored,
            _ => Authorization::Allow,
        }));
        let mut events = 0;
        let result = history(&steps).runner().on_event(|_| events += 1).run(&mut conn);
        assert!(
            matches!(result, Err(Error::SettingNotApplied { setting: "foreign_keys", .. })),
            "{result:?}"
        );
        assert_eq!(events, 0);
        assert_eq!(shown(&conn, "SELECT * FROM child ORDER BY id"), CHILDREN);
    }
}

fn new_violations(before: &str, body: &str) -> Result<(), (String, String, usize)> {
    let db = Db::new();
    let mut conn = db.open_with(Some(false));
    let tables = on("CREATE TABLE a (id INTEGER PRIMARY KEY);
CREATE TABLE b (id INTEGER PRIMARY KEY);
CREATE TABLE child (a INTEGER REFERENCES a (id), b INTEGER REFERENCES b (id));
CREATE TABLE other (a INTEGER REFERENCES a (id));
CREATE TABLE loose (x);");
    history(std::slice::from_ref(&tables)).run(&mut conn).expect("the tables");
    conn.execute_batch(before).expect("what was there before");
    let dump_before = dump(&conn);
    match history(&[tables, off(body)]).run(&mut conn) {
        Ok(_) => Ok(()),
        Err(Error::Failed { source, migration, .. }) => {
            assert_eq!(migration.version(), "002");
            assert_eq!(dump(&conn), dump_before);
            match *source {
                Cause::ForeignKeys { table, parent, rows, .. } => Err((table, parent, rows)),
                other => panic!("{other:?}"),
            }
        }
        other => panic!("{other:?}"),
    }
}

// T7, M3
#[test]
fn violations_that_were_there_before_are_tolerated_and_new_ones_refused() {
    let refused = |table: &str, parent: &str, rows| Err((table.to_owned(), parent.to_owned(), rows));
    for (before, body, expected) in [
        ("", "INSERT INTO loose VALUES (1);", Ok(())),
        ("", "INSERT INTO child VALUES (1, NULL);", refused("child", "a", 1)),
        ("INSERT INTO child VALUES (1, NULL);", "INSERT INTO loose VALUES (1);", Ok(())),
        // One more of the same kind.
        (
            "INSERT INTO child VALUES (1, NULL);",
            "INSERT INTO child VALUES (2, NULL), (3, NULL);",
            refused("child", "a", 2),
        ),
        // Mended in one place and broken in another: counted per child and parent.
        (
            "INSERT INTO child VALUES (1, NULL);",
            "DELETE FROM child; INSERT INTO child VALUES (NULL, 1);",
            refused("child", "b", 1),
        ),
        (
            "INSERT INTO child VALUES (1, NULL);",
            "DELETE FROM child; INSERT INTO other VALUES (1);",
            refused("other", "a", 1),
        ),
        // Mended and broken alike: as many as before.
        (
            "INSERT INTO child VALUES (1, NULL);",
            "DELETE FROM child; INSERT INTO child VALUES (2, NULL);",
            Ok(()),
        ),
        ("INSERT INTO child VALUES (1, 1), (2, 2);", "DELETE FROM child;", Ok(())),
        // A rebuild that loses a row that others refer to.
        (
            "INSERT INTO a VALUES (1), (2); INSERT INTO child VALUES (1, NULL), (2, NULL);",
            "CREATE TABLE n (id INTEGER PRIMARY KEY); INSERT INTO n SELECT id FROM a WHERE id < 2;
             DROP TABLE a; ALTER TABLE n RENAME TO a;",
            refused("child", "a", 1),
        ),
        // The parent gone altogether.
        (
            "INSERT INTO a VALUES (1); INSERT INTO other VALUES (1);",
            "DROP TABLE a;",
            refused("other", "a", 1),
        ),
        // A key that fits no unique column of its parent cannot be counted, before or after: SQLite tolerates it as well.
        (
            "CREATE TABLE p (x); CREATE TABLE c (x REFERENCES p (x)); INSERT INTO c VALUES (1);",
            "INSERT INTO loose VALUES (1);",
            Ok(()),
        ),
        (
            "CREATE TABLE p (x UNIQUE); CREATE TABLE c (x REFERENCES p (x));
             INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);",
            "CREATE TABLE n (x); INSERT INTO n SELECT x FROM p; DROP TABLE p; ALTER TABLE n RENAME TO p;",
            Ok(()),
        ),
        // The old mismatch does not hide a new violation elsewhere.
        (
            "CREATE TABLE p (x); CREATE TABLE c (x REFERENCES p (x));",
            "INSERT INTO other VALUES (1);",
            refused("other", "a", 1),
        ),
        // The same rows in a table that was rebuilt in another case of its name and its parent's.
        (
            "INSERT INTO child VALUES (1, NULL);",
            "CREATE TABLE n (a INTEGER REFERENCES A (id), b INTEGER REFERENCES b (id));
             INSERT INTO n SELECT a, b FROM child; DROP TABLE child; ALTER TABLE n RENAME TO Child;",
            Ok(()),
        ),
        (
            "INSERT INTO child VALUES (1, NULL);",
            "CREATE TABLE n (a INTEGER REFERENCES A (id), b INTEGER REFERENCES b (id));
             INSERT INTO n SELECT a, b FROM child; DROP TABLE child; ALTER TABLE n RENAME TO Child;
             INSERT INTO Child VALUES (2, NULL), (3, NULL);",
            refused("Child", "A", 2),
        ),
        // Names that need quotes.
        (
            "CREATE TABLE \"a \"\"child\"\" table\" (a REFERENCES a (id));",
            "INSERT INTO \"a \"\"child\"\" table\" VALUES (1);",
            refused("a \"child\" table", "a", 1),
        ),
    ] {
        assert_eq!(new_violations(before, body), expected, "{before} / {body}");
    }
}

// T7: only a key that fits no longer is tolerated because the check failed before as well.
#[test]
fn a_check_that_fails_for_another_reason_is_no_mismatch() {
    use embed_migrations::rusqlite::hooks::{AuthAction, AuthContext, Authorization};
    let db = Db::new();
    let mut conn = db.open();
    let _ = conn.authorizer(Some(|context: AuthContext<'_>| match context.action {
        AuthAction::Pragma { pragma_name: "foreign_key_check", .. } => Authorization::Deny,
        _ => Authorization::Allow,
    }));
    let told =
        told(history(&[parent_and_child(""), off("INSERT INTO child VALUES (14, 3);")]).run(&mut conn));
    assert_eq!((told.version, told.cause.as_str()), ("002", "not authorized"));
    assert_eq!(shown(&conn, "SELECT * FROM child ORDER BY id"), CHILDREN);
}

// T7: the second file of a segment is not blamed for the first one's violations, nor forgiven its own.
#[test]
fn each_file_answers_for_its_own_violations() {
    let tables = on("CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE c (a REFERENCES a (id));");
    let db = Db::new();
    let mut conn = db.open();
    let steps = [
        tables,
        off("INSERT INTO a VALUES (1); INSERT INTO c VALUES (1);"),
        off("INSERT INTO c VALUES (2);"),
        off("INSERT INTO a VALUES (2);"),
    ];
    let told = told(history(&steps).run(&mut conn));
    assert_eq!((told.version, told.database, told.applied), ("003", Some("002"), vec!["000", "001", "002"]));
    assert_eq!(told.cause, "adds 1 foreign-key violation: rows of c reference missing rows of a");
    assert_eq!(shown(&conn, "SELECT * FROM c"), ["1"]);
}

// T5
#[test]
fn a_deferred_violation_at_commit_rolls_its_file_back_and_keeps_the_earlier_ones() {
    let tables = on("CREATE TABLE a (id INTEGER PRIMARY KEY);
CREATE TABLE c (a REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED);");
    let cases = [
        // By the schema …
        [tables.clone(), on("INSERT INTO a VALUES (1);"), on("INSERT INTO c VALUES (1), (2);")],
        // … and by the file.
        [
            on("CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE c (a REFERENCES a (id));"),
            on("INSERT INTO a VALUES (1);"),
            on("PRAGMA defer_foreign_keys = ON; INSERT INTO c VALUES (1), (2);"),
        ],
    ];
    for steps in cases {
        for foreign_keys in CONNECTIONS {
            let db = Db::new();
            let mut conn = db.open_with(foreign_keys);
            let before = state(&conn);
            let result = history(&steps).run(&mut conn);
            let told = told(result);
            assert_eq!((told.version, told.database), ("003", Some("002")));
            assert_eq!(told.applied, ["000", "001", "002"]);
            assert!(told.cause.contains("FOREIGN KEY constraint failed"), "{}", told.cause);
            assert_eq!(state(&conn), before);
            assert_eq!(shown(&conn, "SELECT * FROM a"), ["1"]);
            assert_eq!(rows(&conn, "SELECT * FROM c").len(), 0);
            // The place is the COMMIT, since that is what failed.
            let text = format!("{:?}", history(&steps).run(&mut conn).unwrap_err());
            assert!(text.contains("COMMIT;"), "{text}");
        }
    }
}

// T5: mended before COMMIT, it is no violation.
#[test]
fn a_deferred_violation_that_is_mended_in_time_is_none() {
    let db = Db::new();
    let mut conn = db.open();
    history(&[
        on("CREATE TABLE a (id INTEGER PRIMARY KEY);
CREATE TABLE c (a REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED);"),
        on("INSERT INTO c VALUES (1); INSERT INTO a VALUES (1);"),
    ])
    .run(&mut conn)
    .expect("it is mended");
    assert_eq!(shown(&conn, "SELECT * FROM c"), ["1"]);
}

// A2: a view or another table's trigger uses the table.
#[test]
fn legacy_alter_table_lets_a_table_under_a_view_be_rebuilt_and_is_put_back() {
    let setup = on("CREATE TABLE parent (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
INSERT INTO parent VALUES (1, 'one');
CREATE VIEW titles AS SELECT title FROM parent;");
    let rebuild = |header: &str, footer: &str| {
        crate::databases::whole(format!(
            "{header}BEGIN;\n{REBUILD}\n\
             INSERT INTO schema_migrations (version, name) VALUES ('002', 'step');\nCOMMIT;\n{footer}"
        ))
    };
    for legacy in [false, true] {
        let db = Db::new();
        let mut conn = db.open();
        conn.pragma_update(None, "legacy_alter_table", legacy).expect("a pragma");
        let before = state(&conn);
        let plain =
            history(&[setup.clone(), rebuild("PRAGMA foreign_keys = OFF;\n", "PRAGMA foreign_keys = ON;\n")]);
        let told = told(plain.run(&mut conn));
        assert!(told.cause.contains("titles"), "{}", told.cause);
        assert_eq!(state(&conn), before);
        let with_pragma = history(&[
            setup.clone(),
            rebuild(
                "PRAGMA foreign_keys = OFF;\nPRAGMA legacy_alter_table = ON;\n",
                "PRAGMA legacy_alter_table = OFF;\nPRAGMA foreign_keys = ON;\n",
            ),
        ]);
        with_pragma.run(&mut conn).expect("it may");
        assert_eq!(shown(&conn, "SELECT * FROM titles"), ["one"]);
        assert_eq!(state(&conn), before);
    }
}
