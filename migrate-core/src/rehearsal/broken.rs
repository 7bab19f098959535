//! What is broken in a schema, by compiling every view and trigger, and by following every foreign key.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::live::locate::message;
use crate::live::schema::{self, key};
use crate::sql::quote::quoted;
use crate::sql::token;

/// What is broken in a schema: views and triggers that do not compile, and foreign keys that lead nowhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Broken {
    /// Kind and name, and what SQLite says.
    pub(super) objects: BTreeMap<(&'static str, String), String>,
    /// Child table, and what it refers to that is missing.
    pub(super) keys: BTreeSet<(String, String)>,
    /// What has been reported, or is history: a table and what it refers to, or an object's kind and name.
    pub(super) reported: BTreeSet<(String, String)>,
}

impl Broken {
    /// What is broken in a database, all of it history.
    pub(super) fn history(conn: &Connection) -> rusqlite::Result<Self> {
        let mut broken = broken(conn)?;
        broken.reported = broken.all().map(|(one, other, _)| (one, other)).collect();
        Ok(broken)
    }

    /// The same, as the database is now.
    pub(super) fn refreshed(&self, conn: &Connection) -> rusqlite::Result<Self> {
        Ok(Self { reported: self.reported.clone(), ..broken(conn)? })
    }

    /// What has never been reported: names to look for in the files, and a message.
    pub(super) fn unreported(&self) -> Vec<([String; 2], String)> {
        self.all().filter(|(one, other, _)| !self.reported.contains(&(one.clone(), other.clone()))).map(|(one, other, answer)| {
            let message = match answer {
                None => format!(
                    "at the end of the history a foreign key of {one} references {other}, which was never created; create \
                     it, or leave the key out"
                ),
                Some(answer) => format!("at the end of the history the {one} {other} does not work ({answer}); drop it"),
            };
            ([one, other], message)
        }).collect()
    }

    fn all(&self) -> impl Iterator<Item = (String, String, Option<&str>)> {
        let keys = self.keys.iter().map(|(child, missing)| (child.clone(), missing.clone(), None));
        let objects = self.objects.iter();
        keys.chain(
            objects.map(|((kind, name), answer)| ((*kind).to_owned(), name.clone(), Some(answer.as_str()))),
        )
    }
}

/// Compiles every view and trigger, and follows every foreign key.
pub(super) fn broken(conn: &Connection) -> rusqlite::Result<Broken> {
    let mut broken = Broken::default();
    let mut statement =
        conn.prepare("SELECT type, name FROM main.sqlite_master WHERE type IN ('view', 'trigger')")?;
    let objects: Vec<(String, String)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    for (kind, name) in objects {
        if let Some(answer) = program_error(conn, &name)? {
            broken.objects.insert((if kind == "view" { "view" } else { "trigger" }, name), answer);
        }
    }
    for (child, foreign_key) in schema::all_foreign_keys(conn)? {
        let columns = schema::columns(conn, &foreign_key.parent)?;
        if columns.is_empty() {
            broken.keys.insert((child, foreign_key.parent));
            continue;
        }
        for (_, to) in foreign_key.columns {
            if let Some(to) =
                to.filter(|to| !columns.iter().any(|column| column.name.eq_ignore_ascii_case(to)))
            {
                broken.keys.insert((child.clone(), format!("{}.{to}", foreign_key.parent)));
            }
        }
    }
    Ok(broken)
}

/// What SQLite says when it compiles a view or a trigger; nothing where it can.
pub(super) fn program_error(conn: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    let found = conn.query_row(
        "SELECT type, tbl_name, sql FROM main.sqlite_master WHERE type IN ('view', 'trigger') AND name = ?1 COLLATE NOCASE",
        [name],
        |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?)),
    );
    let Ok((kind, table, sql)) = found else { return Ok(None) };
    let compile = |statement: &str| conn.prepare(statement).err().map(|error| message(&error));
    if kind == "view" {
        return Ok(compile(&format!("SELECT * FROM main.{}", quoted(name))));
    }
    let firing = firing(conn, &table, &sql)?;
    if compile(&firing).is_none() {
        return Ok(None);
    }
    // It may be another trigger's fault, or the table's: this one has to fail alone, and the table without it work.
    conn.execute_batch("SAVEPOINT alone")?;
    for other in schema::triggers(conn, &table)?.values().filter(|other| !other.eq_ignore_ascii_case(name)) {
        conn.execute_batch(&format!("DROP TRIGGER main.{}", quoted(other)))?;
    }
    let answer = compile(&firing);
    conn.execute_batch(&format!("DROP TRIGGER main.{}", quoted(name)))?;
    let without = compile(&firing);
    conn.execute_batch("ROLLBACK TO alone; RELEASE alone")?;
    // Without its INSTEAD OF trigger a view cannot be written to, so there the first answer decides.
    let is_table = schema::roots(conn)?.contains_key(&key(&table));
    Ok(answer.filter(|_| without.is_none() || !is_table))
}

/// A statement that makes a trigger run.
fn firing(conn: &Connection, table: &str, sql: &str) -> rusqlite::Result<String> {
    let columns: Vec<String> = schema::columns(conn, table)?
        .into_iter()
        .filter(|column| !column.generated)
        .map(|column| quoted(&column.name))
        .collect();
    let event = token::significant(sql)
        .skip(2)
        .find_map(|token| ["delete", "insert", "update"].into_iter().find(|event| token.is_word(event)));
    let name = quoted(table);
    Ok(match event {
        Some("delete") => format!("DELETE FROM main.{name}"),
        Some("update") => {
            let set: Vec<_> = columns.iter().map(|column| format!("{column} = {column}")).collect();
            format!("UPDATE main.{name} SET {}", set.join(", "))
        }
        _ => {
            let nulls: Vec<_> = columns.iter().map(|_| "NULL").collect();
            format!("INSERT INTO main.{name} ({}) VALUES ({})", columns.join(", "), nulls.join(", "))
        }
    })
}
