//! SQL of the application, prepared against the schema at the end of the history while the program compiles.
//!
//! The schema travels as text, so that a check reads no file and depends on nothing but what it is given: incremental
//! builds and editors call it as often as they like, in any order.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::args::Args;
use super::kept::{Progress, Proof};
use super::source;
use crate::check::entry::LOCK;
use crate::check::{self, Folder};
use crate::kept::Home;
use crate::kept::bytes::keep_fields;
use crate::live::locate::{locate, message};
use crate::model::place::Place;
use crate::rehearsal::{self, StandIns};
use crate::sql::token::{self, TokenKind};

/// What SQL is checked against.
#[derive(Debug)]
pub struct Checked {
    /// The schema, as `check` reads it; absent where something is wrong with the history, which is reported elsewhere.
    pub schema: Option<String>,
    /// The files that it was made of, relative to the folder.
    pub tracked: Vec<String>,
}

keep_fields!(Checked { schema, tracked });

/// Reads the schema at the end of a history, with what the last compilation has kept at `home`. Nothing is judged: `embed`
/// does that.
#[must_use]
pub fn checked(root: &Path, args: &Args, home: Option<&Home>) -> Checked {
    let Ok(source) = source::read(root, &args.folder) else {
        return Checked { schema: None, tracked: Vec::new() };
    };
    let proof = home.map(|home| Proof::of(home, "schema", args, &source));
    if let Some(checked) = proof.as_ref().and_then(Proof::read) {
        return checked;
    }
    let folder = Folder::check(&args.folder, source.entries);
    let lock = folder.lock.iter().map(|_| LOCK.to_owned());
    let tracked = folder.drafts.iter().map(|draft| draft.file_name.clone()).chain(lock).collect();
    let progress = home.map(|home| Progress::of(home, "schema-progress", args, &folder, &[], None));
    let resume = progress.as_ref().map(Progress::resume).unwrap_or_default();
    let head = rehearsal::up_to(&folder, folder.drafts.len(), &args.stand_ins, resume).ok().flatten();
    let (head, checkpoint) = head.map_or((None, None), |(head, checkpoint)| (Some(head), checkpoint));
    if let Some((progress, checkpoint)) = progress.zip(checkpoint) {
        progress.leave(&checkpoint);
    }
    let schema = head.and_then(|head| dump(&head, &args.stand_ins).ok());
    let checked = Checked { schema, tracked };
    if let Some(proof) = proof.filter(|_| checked.schema.is_some()) {
        proof.leave(&checked);
    }
    checked
}

/// A line for each stand-in, an empty one, and the statements that make the schema, in the order of their making.
fn dump(conn: &Connection, stand_ins: &StandIns) -> rusqlite::Result<String> {
    let [functions, collations] = stand_ins.given();
    let functions = functions.iter().map(|function| format!("function {function}\n"));
    let collations = collations.iter().map(|collation| format!("collation {collation}\n"));
    let mut text: String = functions.chain(collations).collect();
    text.push('\n');
    let mut statement = conn.prepare(
        "SELECT m.sql FROM main.sqlite_master m
         WHERE m.sql IS NOT NULL AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
           AND m.tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')
         ORDER BY m.rowid",
    )?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let sql: String = row.get(0)?;
        text.push_str(&condensed(&sql));
        text.push_str(";\n");
    }
    Ok(text)
}

/// A statement without its comments, and with no space beside a parenthesis or a comma. Anywhere else it may keep two tokens
/// apart: `"a" "b"` are two names, and `"a""b"` is one.
fn condensed(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut space = false;
    for token in token::tokens(sql) {
        if token.is_trivia() {
            space = true;
            continue;
        }
        let stands_alone = matches!(token.text, "(" | ")" | ",") || text.ends_with(['(', ')', ',']);
        if std::mem::take(&mut space) && !stands_alone && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(token.text);
    }
    text
}

/// What is wrong with a statement: bytes of it, and a message that shows the place.
pub type Wrong = (Range<usize>, String);

/// A database for each schema that was seen, by the text that it came as.
static SCHEMAS: LazyLock<Mutex<HashMap<String, Connection>>> = LazyLock::new(Mutex::default);

/// Prepares a statement against a schema. `key` is any text that tells schemas apart, and `schema` gives it as
/// `checked` made it, where the key is a new one.
///
/// # Errors
///
/// What is wrong with the statement.
pub fn check(key: &str, schema: impl FnOnce() -> String, sql: &str) -> Result<(), Wrong> {
    let mut schemas = SCHEMAS.lock().unwrap_or_else(PoisonError::into_inner);
    if !schemas.contains_key(key) {
        let conn = open(&schema())
            .map_err(|error| wrong(sql, 0..0, &format!("the schema cannot be made: {error}")))?;
        schemas.insert(key.to_owned(), conn);
    }
    match schemas.get(key) {
        Some(conn) => check_statement(conn, sql),
        None => Ok(()),
    }
}

fn open(schema: &str) -> rusqlite::Result<Connection> {
    let mut stand_ins = StandIns::default();
    let mut rest = schema;
    while let Some((line, after)) = rest.split_once('\n') {
        rest = after;
        // They were checked when they were given.
        let _ = match line.split_once(' ') {
            Some(("function", function)) => stand_ins.function(function),
            Some(("collation", collation)) => stand_ins.collation(collation),
            _ => break,
        };
    }
    let conn = Connection::open_in_memory()?;
    stand_ins.register(&conn, &Arc::default())?;
    conn.execute_batch(rest)?;
    // An application's own `"colum"` is a mistake, and no string.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    Ok(conn)
}

fn check_statement(conn: &Connection, sql: &str) -> Result<(), Wrong> {
    let (script, faults) = check::text_of(sql);
    if let Some((range, message)) = faults {
        return Err(wrong(sql, range, &message));
    }
    let [statement] = script.statements.as_slice() else {
        let second = script.statements.get(1).map_or(0..0, |second| second.first.clone());
        let what = if script.statements.is_empty() { "there is no statement" } else { "a second statement" };
        return Err(wrong(sql, second, &format!("{what}; write exactly one")));
    };
    // Preparing a PRAGMA can change the connection, so the first word is looked at before.
    const ACCEPTED: [&str; 7] = ["SELECT", "INSERT", "REPLACE", "UPDATE", "DELETE", "WITH", "VALUES"];
    let keyword = sql.get(statement.first.clone()).unwrap_or_default().to_ascii_uppercase();
    if !ACCEPTED.contains(&keyword.as_str()) {
        let message = format!(
            "{keyword} cannot be checked: only SELECT, INSERT, REPLACE, UPDATE, DELETE, WITH and VALUES can; write it \
             without this macro"
        );
        return Err(wrong(sql, statement.first.clone(), &message));
    }
    let prepared = conn.prepare(sql).map_err(|error| wrong(sql, locate(sql, &error), &message(&error)))?;
    hole(sql, &prepared).map_or(Ok(()), Err)
}

/// A parameter number that is left out: what is bound to it goes nowhere.
fn hole(sql: &str, prepared: &rusqlite::Statement<'_>) -> Option<Wrong> {
    let parameters: Vec<_> =
        token::significant(sql).filter(|token| token.kind == TokenKind::Parameter).collect();
    let nameless = parameters.iter().filter(|token| token.text == "?").count();
    let missing: Vec<usize> =
        (1..=prepared.parameter_count()).filter(|&index| prepared.parameter_name(index).is_none()).collect();
    if missing.len() <= nameless {
        return None;
    }
    let number = missing.first().copied().unwrap_or_default();
    let highest = parameters.iter().max_by_key(|token| token.text.len()).map_or(0..0, |token| token.range());
    Some(wrong(
        sql,
        highest,
        &format!("parameter ?{number} is left out; number parameters from ?1 without a gap"),
    ))
}

/// `1:8: no such column: emial`, with the line and a caret.
fn wrong(sql: &str, range: Range<usize>, message: &str) -> Wrong {
    let place = Place::new(sql, range.clone());
    (range, format!("{}:{}: {message}\n{place}", place.line, place.column))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = "function normalize/1\n\nCREATE TABLE users(id INTEGER PRIMARY KEY,email TEXT);\n";

    fn told(sql: &str) -> Result<(), String> {
        check("users", || SCHEMA.to_owned(), sql)
            .map_err(|(_, message)| message.lines().next().unwrap_or_default().to_owned())
    }

    #[test]
    fn what_the_schema_takes_passes() {
        for sql in [
            "SELECT id, email FROM users WHERE email = ?1",
            "  -- why\n SELECT 1;",
            "INSERT INTO users (email) VALUES (?)",
            "WITH x AS (SELECT 1) UPDATE users SET email = :email WHERE id = :id",
            "SELECT normalize(email) FROM users",
            "VALUES (?2, ?1)",
            "DELETE FROM users RETURNING id",
        ] {
            assert_eq!(told(sql), Ok(()), "{sql}");
        }
    }

    #[test]
    fn what_it_does_not_take_is_told_with_its_place() {
        for (sql, expected) in [
            ("SELECT emial FROM users", "1:8: no such column: emial"),
            ("SELECT id\nFROM usres", "2:6: no such table: usres"),
            ("SELECT id FROM users WHERE \"emial\" = 1", "1:28: no such column: \"emial\""),
            ("SELECT 1; SELECT 2", "1:11: a second statement; write exactly one"),
            ("", "1:1: there is no statement; write exactly one"),
            ("PRAGMA foreign_keys = OFF", "1:1: PRAGMA cannot be checked"),
            ("EXPLAIN SELECT 1", "1:1: EXPLAIN cannot be checked"),
            ("SELECT ?1, ?3", "1:12: parameter ?2 is left out"),
            ("SELECT 'a", "1:8: this string is never closed"),
        ] {
            let message = told(sql).expect_err(sql);
            assert!(message.starts_with(expected), "{sql}: {message}");
        }
    }

    #[test]
    fn what_was_kept_makes_the_same_schema() {
        let root = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(root.path().join("migrations")).expect("a folder");
        let write = |number: usize, statement: &str| {
            let text = format!(
                "BEGIN; {statement}; INSERT INTO schema_migrations VALUES ('{number:02}', 'x'); COMMIT;"
            );
            let file = root.path().join(format!("migrations/{number:02}_x.sql"));
            std::fs::write(file, text).expect("it is written");
        };
        write(0, "CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT NOT NULL)");
        for number in 1..20 {
            write(number, &format!("CREATE TABLE t{number} (a)"));
        }
        let home = Home { folder: root.path().to_owned(), version: "1".to_owned() };
        let args = Args::of("migrations");
        let same = |edit: &str| {
            let with = checked(root.path(), &args, Some(&home));
            assert_eq!(format!("{with:?}"), format!("{:?}", checked(root.path(), &args, None)), "{edit}");
            with.schema
        };
        assert!(same("none").is_some());
        assert_eq!(same("none, again"), same("none"));
        write(19, "CREATE TABLE other (b)");
        assert!(same("of the newest file").is_some_and(|schema| schema.contains("other(b)")));
        write(3, "CREATE TABLE third (b)");
        assert!(same("of an old file").is_some_and(|schema| schema.contains("third(b)")));
        write(19, "nonsense");
        assert_eq!(same("a mistake"), None);
    }

    #[test]
    fn tokens_stay_apart() {
        for (sql, short) in [
            ("CREATE TABLE  \"t\" ( \"id\" \"INTEGER\" , b )", "CREATE TABLE \"t\"(\"id\" \"INTEGER\",b)"),
            (
                "SELECT x 'label', 'a' 'b' FROM \"users\"  \"u\"",
                "SELECT x 'label','a' 'b' FROM \"users\" \"u\"",
            ),
            ("SELECT `x` `y`, [a] [b]", "SELECT `x` `y`,[a] [b]"),
            ("SELECT - - 1, a - -1", "SELECT - - 1,a - -1"),
            ("SELECT 1 /* one */ AS a -- two", "SELECT 1 AS a"),
        ] {
            assert_eq!(condensed(sql), short);
        }
    }

    #[test]
    fn a_schema_is_condensed_without_a_change_of_meaning() {
        let sql = "CREATE TABLE  t ( a  INT -- x\n , b TEXT DEFAULT ( - - 1 ) , \"c d\" /* y */ CHECK (a <> 'x  y') )";
        let short = condensed(sql);
        assert!(
            short.len() < sql.len() - 15 && short.contains("'x  y'") && short.contains("- - 1"),
            "{short}"
        );
        let conn = Connection::open_in_memory().expect("it opens");
        conn.execute_batch(&short).expect("it is still SQL");
    }
}
