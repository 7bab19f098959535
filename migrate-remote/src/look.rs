//! The one read: how far a database is, by what engine, and at what time. With it, where the next file turns foreign keys
//! off, the rows that violate one already, or the schema, for whoever wants to compare it.

use embed_migrations_core::__remote::{self as core, Differs, History, Stands};
use embed_migrations_core::Migrations;

use crate::answer::{Answer, Cell, unreadable};
use crate::attempt::{Violations, text};
use crate::clock::Clock;
use crate::error::{Error, Lost};

/// What is read beside the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    Nothing,
    /// All violations of foreign keys, while this many migrations are applied. Counting them reads every row of every child
    /// table, so it is asked only where the next file needs it, and only for the history that this file comes next to.
    Violations(usize),
    /// The same table by table, since one of them has a key that cannot be checked.
    Each(usize, Vec<String>),
    Schema,
}

/// An object of the schema, as `sqlite_master` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Object {
    /// `table`, `index`, `view` or `trigger`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The table that an index or a trigger is on; its own name for any other object.
    pub table: String,
    /// The statement that makes it.
    pub sql: String,
}

/// What was read.
#[derive(Debug)]
pub(crate) struct Looked {
    pub(crate) sqlite: String,
    pub(crate) time: Clock,
    pub(crate) stands: Stands,
    pub(crate) beside: Found,
}

/// What was found beside the history.
#[derive(Debug)]
pub(crate) enum Found {
    Nothing,
    Violations(Violations),
    /// Violations can be counted only table by table, and these are the tables.
    Each(Vec<String>),
    Schema(Vec<Object>),
}

/// Why it was not read.
#[derive(Debug)]
pub(crate) enum Unread {
    Lost(Lost),
    Error(Error),
}

impl From<Lost> for Unread {
    fn from(lost: Lost) -> Self {
        Self::Lost(lost)
    }
}

impl From<Error> for Unread {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Rows beyond the embedded ones that are read to find out how much newer a database is. A hostile table may hold
/// millions.
const BEYOND: usize = 1000;

/// Without what nobody creates by a statement of their own: `sqlite_…`, the tables that a virtual one keeps for itself, and
/// those that libSQL keeps for an index of vectors.
const SCHEMA: &str = "SELECT type, name, tbl_name, sql FROM sqlite_master \
                      WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
                      AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow') \
                      AND tbl_name <> 'libsql_vector_meta_shadow' AND tbl_name NOT IN (SELECT name || '_shadow' FROM sqlite_master \
                      WHERE type = 'index' AND instr(lower(sql), 'libsql_vector_idx')) ORDER BY rowid";

const CHILDREN: &str = "SELECT DISTINCT m.name FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) WHERE m.type = 'table'";

pub(crate) fn queries(migrations: Migrations, beside: &Beside) -> Vec<String> {
    let name = text(core::table(migrations));
    let table = core::quoted(core::table(migrations));
    let limit = migrations.len().saturating_add(BEYOND);
    // An ordinary table without triggers is ours; anything else of that name is in the way. In one query with the rest,
    // and without a look at its columns, since a run with nothing to do is to cost no more than its history does.
    let floor =
        if core::compatible(migrations) { "(SELECT user_version FROM pragma_user_version)" } else { "0" };
    let engine_and_table = format!(
        "SELECT sqlite_version(), CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), {floor}, m.type, m.name, \
         m.sql LIKE 'CREATE VIRTUAL%' FROM (SELECT 1) LEFT JOIN sqlite_master AS m \
         ON m.name = {name} COLLATE NOCASE OR (m.type = 'trigger' AND m.tbl_name = {name} COLLATE NOCASE)"
    );
    let mut queries = vec![engine_and_table, format!("SELECT version, name FROM {table} LIMIT {limit}")];
    let condition = |applied: &usize| format!("(SELECT count(*) FROM {table}) = {applied}");
    match beside {
        Beside::Nothing => {}
        Beside::Violations(applied) => {
            queries.push(Violations::query(&condition(applied)));
            queries.push(CHILDREN.to_owned());
        }
        Beside::Each(applied, children) => {
            let condition = condition(applied);
            queries.extend(children.iter().map(|child| Violations::query_of(child, &condition)));
        }
        // The history once more, so that the schema is known to be of the one that was read.
        Beside::Schema => queries.extend([SCHEMA.to_owned(), format!("SELECT count(*) FROM {table}")]),
    }
    queries
}

/// What the answers to [`queries`] say.
pub(crate) fn read(migrations: Migrations, beside: &Beside, answers: Vec<Answer>) -> Result<Looked, Unread> {
    let mut answers = answers.into_iter();
    let mut next = || answers.next().unwrap_or_else(|| Ok(Vec::new()));
    let first = engine(next())?;
    let (sqlite, time, floor) = match first.first().map(Vec::as_slice) {
        Some([Cell::Text(sqlite), Cell::Integer(time), Cell::Integer(floor), ..]) => {
            (sqlite.clone(), Clock::new(*time), *floor)
        }
        _ => return Err(unreadable("it does not say which SQLite this is".to_owned()).into()),
    };
    let exists = exists(migrations, &first)?;
    let (stands, recorded) = match next() {
        // Without the table its query is an error, as it should be.
        _ if !exists => (Stands { applied: 0, newer: None }, 0),
        Ok(rows) => (stands(migrations, &rows, floor)?, i64::try_from(rows.len()).unwrap_or_default()),
        // The same engine has just answered from the same state, so it is the table that cannot be read.
        Err(_) => {
            let reason = "has no columns version and name, so another tool may have made it".to_owned();
            return Err(Error::UnusableTable { table: core::table(migrations), reason }.into());
        }
    };
    let found = match beside {
        Beside::Nothing => Found::Nothing,
        Beside::Violations(_) if !exists => Found::Violations(Violations::default()),
        Beside::Violations(_) => match next() {
            Ok(rows) => Found::Violations(Violations { rows: violations(&rows), uncounted: Vec::new() }),
            Err(_) => Found::Each(names(&engine(next())?)),
        },
        Beside::Each(_, children) => {
            let mut counted = Violations::default();
            for child in children {
                match next() {
                    Ok(rows) => counted.rows.extend(violations(&rows)),
                    // SQLite tolerates such a key too while foreign keys are on.
                    Err(_) => counted.uncounted.push(child.clone()),
                }
            }
            Found::Violations(counted)
        }
        Beside::Schema => {
            let objects = objects(&engine(next())?)?;
            let again =
                next().map(|rows| rows.first().map(|row| row.as_slice() == [Cell::Integer(recorded)]));
            // Without the table there is nothing to count.
            let is_same = if exists { again == Ok(Some(true)) } else { again.is_err() };
            if !is_same {
                return Err(unreadable("the history went on while the schema was read".to_owned()).into());
            }
            Found::Schema(objects)
        }
    };
    Ok(Looked { sqlite, time, stands, beside: found })
}

fn engine(answer: Answer) -> Result<Vec<Vec<Cell>>, Lost> {
    answer.map_err(|source| Lost::Engine { source })
}

/// Whether the tracking table is there, as one that can be trusted.
fn exists(migrations: Migrations, rows: &[Vec<Cell>]) -> Result<bool, Unread> {
    let table = core::table(migrations);
    let unusable = |reason: String| Unread::Error(Error::UnusableTable { table, reason });
    let mut exists = false;
    for row in rows {
        let (kind, name, is_virtual) = match row.as_slice() {
            [_, _, _, Cell::Text(kind), Cell::Text(name), is_virtual] => (kind, name, is_virtual),
            [_, _, _, Cell::Null, ..] => continue,
            _ => return Err(unreadable("the list of tables is none".to_owned()).into()),
        };
        match kind.as_str() {
            "table" if *is_virtual == Cell::Integer(1) => {
                return Err(unusable(
                    "is a virtual table in this database; it must be an ordinary table".to_owned(),
                ));
            }
            "table" => exists = true,
            "trigger" => return Err(unusable(format!("has the trigger {name}; drop it"))),
            kind => {
                let a = if kind == "index" { "an" } else { "a" };
                return Err(unusable(format!(
                    "is {a} {kind} in this database; it must be an ordinary table"
                )));
            }
        }
    }
    Ok(exists)
}

fn stands(migrations: Migrations, rows: &[Vec<Cell>], floor: i64) -> Result<Stands, Unread> {
    let mut history = History::new(migrations);
    for row in rows {
        match row.as_slice() {
            [Cell::Text(version), Cell::Text(name)] => {
                history.enter(version, name).map_err(|found| differs(migrations, found))?;
            }
            [version, name] => {
                let (column, found) =
                    if let Cell::Text(_) = version { ("name", name) } else { ("version", version) };
                return Err(differs(migrations, History::not_text(column, found.kind())).into());
            }
            _ => return Err(unreadable("a row of the history is none".to_owned()).into()),
        }
    }
    Ok(history.finish(floor).map_err(|found| differs(migrations, found))?)
}

fn differs(migrations: Migrations, differs: Differs) -> Error {
    match differs {
        Differs::Newer(database) => Error::NewerDatabase { database, binary: migrations.latest() },
        Differs::Diverged(divergence) => Error::Diverged { table: core::table(migrations), divergence },
    }
}

fn violations(rows: &[Vec<Cell>]) -> Vec<(String, String, i64)> {
    let of = |row: &Vec<Cell>| match row.as_slice() {
        [Cell::Text(child), Cell::Text(parent), Cell::Integer(rows)] => {
            Some((child.clone(), parent.clone(), *rows))
        }
        _ => None,
    };
    rows.iter().filter_map(of).collect()
}

fn objects(rows: &[Vec<Cell>]) -> Result<Vec<Object>, Lost> {
    let of = |row: &Vec<Cell>| match row.as_slice() {
        [Cell::Text(kind), Cell::Text(name), Cell::Text(table), Cell::Text(sql)] => {
            Ok(Object { kind: kind.clone(), name: name.clone(), table: table.clone(), sql: sql.clone() })
        }
        _ => Err(unreadable("the schema is none".to_owned())),
    };
    rows.iter().map(of).collect()
}

fn names(rows: &[Vec<Cell>]) -> Vec<String> {
    let of = |row: &Vec<Cell>| match row.first() {
        Some(Cell::Text(name)) => Some(name.clone()),
        _ => None,
    };
    rows.iter().filter_map(of).collect()
}
