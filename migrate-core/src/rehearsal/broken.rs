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
    pub(super) objects: BTreeMap<(String, String), String>,
    /// Child table, and what it references that is missing.
    pub(super) keys: BTreeSet<(String, String)>,
    /// Child table, and the parent of which it references columns that are neither its primary key nor unique.
    pub(super) mismatched: BTreeSet<(String, String)>,
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
        self.all()
            .filter(|(one, other, _)| !self.reported.contains(&(one.clone(), other.clone())))
            .map(|(one, other, message)| ([one, other], format!("at the end of the history {message}")))
            .collect()
    }

    /// What everything broken is about, and a clause that says so.
    fn all(&self) -> impl Iterator<Item = (String, String, String)> {
        let keys = self.keys.iter().map(|(child, missing)| {
            let message = format!(
                "a foreign key of {child} references {missing}, which was never created; create it, or leave the key out"
            );
            (child.clone(), missing.clone(), message)
        });
        let mismatched = self
            .mismatched
            .iter()
            .map(|(child, parent)| (child.clone(), parent.clone(), mismatch(child, parent)));
        let objects = self.objects.iter().map(|((kind, name), answer)| {
            let message = format!("the {kind} {name} does not work ({answer}); drop it");
            (kind.clone(), name.clone(), message)
        });
        keys.chain(mismatched).chain(objects)
    }
}

/// What a foreign key that fits no unique column comes to (<https://sqlite.org/foreignkeys.html#fk_indexes>).
pub(super) fn mismatch(child: &str, parent: &str) -> String {
    format!(
        "a foreign key of {child} references columns of {parent} that are neither its primary key nor unique, so no row \
         can be written there; reference the primary key, or make those columns of {parent} UNIQUE"
    )
}

/// Compiles every view and trigger, and follows every foreign key.
pub(super) fn broken(conn: &Connection) -> rusqlite::Result<Broken> {
    let mut broken = Broken { mismatched: mismatched(conn)?, ..Broken::default() };
    let mut statement =
        conn.prepare("SELECT type, name FROM main.sqlite_master WHERE type IN ('view', 'trigger')")?;
    let objects: Vec<(String, String)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    for (kind, name) in objects {
        if let Some(answer) = program_error(conn, &name)? {
            broken.objects.insert((kind, name), answer);
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
                // A column that is missing is no unique one either.
                broken.mismatched.retain(|(other, parent)| {
                    key(other) != key(&child) || key(parent) != key(&foreign_key.parent)
                });
            }
        }
    }
    Ok(broken)
}

/// Every foreign key that fits no unique column of its parent, as child and parent; of one child, the first.
pub(super) fn mismatched(conn: &Connection) -> rusqlite::Result<BTreeSet<(String, String)>> {
    let mut found = BTreeSet::new();
    let children: BTreeSet<String> =
        schema::all_foreign_keys(conn)?.into_iter().map(|(child, _)| child).collect();
    for child in children {
        // SQLite looks for the unique column when it prepares the check.
        let Err(error) = conn.prepare(&format!("PRAGMA main.foreign_key_check({})", quoted(&child))) else {
            continue;
        };
        // foreign key mismatch - "child" referencing "parent"
        if let Some(parent) = message(&error).split('"').nth(3) {
            found.insert((child, parent.to_owned()));
        }
    }
    Ok(found)
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
