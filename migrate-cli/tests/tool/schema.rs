//! `schema`: what it prints makes the same schema, for every real history.

use insta::assert_snapshot;
use rusqlite::Connection;

use crate::package::Package;

fn shop() -> Package {
    Package::with(&[
        (
            "001_create_all.sql",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);\n\
             CREATE VIEW emails AS SELECT email FROM users;\n\
             CREATE TABLE \"order lines\" (\n    user_id INTEGER NOT NULL REFERENCES users, -- who\n    amount DECIMAL(10, 2),\n    twin INTEGER UNIQUE REFERENCES users (id)\n);\n\
             CREATE INDEX lines_by_user ON \"order lines\" (user_id);\n\
             CREATE TRIGGER gone AFTER DELETE ON users BEGIN DELETE FROM \"order lines\" WHERE user_id = old.id; END;\n\
             CREATE VIRTUAL TABLE search USING fts5(body);",
        ),
        ("002_add_bio.sql", "ALTER TABLE users ADD COLUMN bio TEXT;"),
    ])
}

#[test]
fn the_schema_is_printed_by_kind_and_name() {
    let package = shop();
    assert_snapshot!(package.succeeds(&["schema", "--at", "1"]), @r#"
    CREATE TABLE "order lines" (
        user_id INTEGER NOT NULL REFERENCES users, -- who
        amount DECIMAL(10, 2),
        twin INTEGER UNIQUE REFERENCES users (id)
    );
    CREATE INDEX lines_by_user ON "order lines" (user_id);

    CREATE TABLE schema_migrations (
        version    TEXT PRIMARY KEY,
        name       TEXT NOT NULL,
        applied_at TEXT NOT NULL DEFAULT (datetime('now'))
    );

    CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);

    CREATE VIRTUAL TABLE search USING fts5(body);

    CREATE VIEW emails AS SELECT email FROM users;

    CREATE TRIGGER gone AFTER DELETE ON users BEGIN DELETE FROM "order lines" WHERE user_id = old.id; END;
    "#);
    assert!(package.succeeds(&["schema"]).contains("email TEXT NOT NULL UNIQUE, bio TEXT);"));
    assert!(package.fails(&["schema", "--at", "7"]).contains("--at 7: there is no such version"));
}

#[test]
fn a_diagram_shows_tables_and_what_they_refer_to() {
    assert_snapshot!(shop().succeeds(&["schema", "--format", "mermaid"]), @r#"
    erDiagram
        "order lines" {
            INTEGER user_id FK "NOT NULL"
            DECIMAL_10__2 amount
            INTEGER twin FK, UK
        }
        schema_migrations {
            TEXT version PK
            TEXT name "NOT NULL"
            TEXT applied_at "NOT NULL"
        }
        users {
            INTEGER id PK
            TEXT email UK "NOT NULL"
            TEXT bio
        }
        "order lines" |o--o| users : "twin"
        "order lines" }o--|| users : "user_id"
    "#);
}

#[test]
fn a_file_that_is_out_of_date_is_shown_with_what_has_changed() {
    let package = shop();
    for format in ["sql", "mermaid"] {
        let file = format!("schema.{format}");
        package.write(&file, &package.succeeds(&["schema", "--format", format]));
        assert_eq!(
            package.succeeds(&["schema", "--format", format, "--check", &file]),
            format!("{file} is up to date\n")
        );
    }
    package.migration("003_add_name.sql", "ALTER TABLE users ADD COLUMN name TEXT;");
    assert_snapshot!(package.finds(&["schema", "--check", "schema.sql"]), @r"
    --- schema.sql
    +++ the migrations
    @@ -11,7 +11,7 @@
         applied_at TEXT NOT NULL DEFAULT (datetime('now'))
     );
     
    -CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, bio TEXT);
    +CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, bio TEXT, name TEXT);
     
     CREATE VIRTUAL TABLE search USING fts5(body);
    ");
    package.finds(&["schema", "--format", "mermaid", "--check", "schema.mermaid"]);
    assert!(package.fails(&["schema", "--check", "nowhere.sql"]).contains("nowhere.sql"));
}

#[test]
fn a_database_that_differs_is_shown_without_what_only_looks_different() {
    let package = shop();
    package.succeeds(&["up", "-d", "app.db"]);
    assert_eq!(package.succeeds(&["schema", "--diff", "app.db"]), "app.db has the schema of migrations\n");
    let conn = Connection::open(package.path("app.db")).unwrap();
    conn.execute_batch(
        "DROP VIEW emails; CREATE VIEW \"EMAILS\" AS SELECT [email] /* only this */ FROM users;
         DROP INDEX lines_by_user; CREATE TABLE more (a);",
    )
    .unwrap();
    assert_snapshot!(package.finds(&["schema", "--diff", "app.db"]), @r#"
    --- migrations
    +++ app.db
    @@ -1,9 +1,10 @@
    +CREATE TABLE more (a);
    +
     CREATE TABLE "order lines" (
         user_id INTEGER NOT NULL REFERENCES users, -- who
         amount DECIMAL(10, 2),
         twin INTEGER UNIQUE REFERENCES users (id)
     );
    -CREATE INDEX lines_by_user ON "order lines" (user_id);
     
     CREATE TABLE schema_migrations (
         version    TEXT PRIMARY KEY,
    "#);
    assert!(package.fails(&["schema", "--diff", "nowhere.db"]).contains("there is no such file"));
    assert!(!package.path("nowhere.db").exists());
}

type Rows = Vec<(String, String, String, Option<String>)>;

pub(crate) fn everything(conn: &Connection) -> Rows {
    let mut statement = conn
        .prepare("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2")
        .unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
    rows.unwrap().map(Result::unwrap).collect()
}
