//! The schema that a history ends in, as text: statements that make it anew, in an order that does not depend on how it
//! came about, and a diagram of it.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::live::{objects as live, schema};
use crate::run::drift;
use crate::sql::definition::Definition;
use crate::sql::quote::key;
use crate::sql::token::{self, TokenKind};

/// What a statement of a schema makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A table.
    Table,
    /// A virtual table; those that it makes for itself are not listed.
    Virtual,
    /// A view.
    View,
    /// A trigger.
    Trigger,
}

/// A table with its indexes, a view or a trigger.
#[derive(Clone, Debug)]
pub struct Object {
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub name: String,
    /// The statement that makes it, without its `;`, and after a table those that make its indexes.
    pub statements: Vec<String>,
    /// What they say.
    definitions: Vec<Definition>,
}

/// Everything in the main database that somebody has made, by kind and name.
///
/// # Errors
///
/// What SQLite says.
pub fn objects(conn: &Connection) -> rusqlite::Result<Vec<Object>> {
    let (mut objects, mut indexes) = (Vec::new(), Vec::new());
    for ((kind, _), object) in live::read(conn).map_err(|error| *error)? {
        let live::Object { name, on, sql, definition } = object;
        let kind = match (kind, &definition) {
            (live::Kind::Table, Definition::Table(_)) => Kind::Table,
            (live::Kind::Table, Definition::Whole(_)) => Kind::Virtual,
            (live::Kind::View, _) => Kind::View,
            (live::Kind::Trigger, _) => Kind::Trigger,
            (live::Kind::Index, _) => {
                indexes.push((key(&on), sql, definition));
                continue;
            }
        };
        objects.push(Object { kind, name, statements: vec![sql], definitions: vec![definition] });
    }
    objects.sort_by_key(|object| (object.kind, key(&object.name)));
    for (table, sql, definition) in indexes {
        let is_its = |object: &&mut Object| object.kind == Kind::Table && key(&object.name) == table;
        if let Some(object) = objects.iter_mut().find(is_its) {
            object.statements.push(sql);
            object.definitions.push(definition);
        }
    }
    Ok(objects)
}

/// The statements that make these objects.
#[must_use]
pub fn sql(objects: &[Object]) -> String {
    let mut text = String::new();
    for object in objects {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&object.sql());
    }
    text
}

impl Object {
    /// The statements that make it.
    #[must_use]
    pub fn sql(&self) -> String {
        let statements = self.statements.iter().map(|statement| {
            // A comment would take the `;` along.
            let comment =
                token::tokens(statement).last().is_some_and(|token| token.kind == TokenKind::Comment);
            format!("{statement}{};\n", if comment { "\n" } else { "" })
        });
        statements.collect()
    }

    /// Whether two of them say the same, as [`verify`](crate::Migrations::verify) compares them.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let says_the_same = |(one, other)| drift::is_same(one, other);
        self.kind == other.kind
            && self.definitions.len() == other.definitions.len()
            && self.definitions.iter().zip(&other.definitions).all(says_the_same)
    }
}

/// An entity-relationship diagram of the tables, in the language of Mermaid.
///
/// # Errors
///
/// What SQLite says.
pub fn diagram(conn: &Connection) -> rusqlite::Result<String> {
    let mut text = "erDiagram\n".to_owned();
    let mut relations = String::new();
    let tables: Vec<_> = objects(conn)?.into_iter().filter(|object| object.kind == Kind::Table).collect();
    let known: BTreeSet<_> = tables.iter().map(|table| key(&table.name)).collect();
    for Object { name: table, .. } in &tables {
        let columns = schema::columns(conn, table)?;
        let foreign = schema::foreign_keys(conn, table)?;
        let unique = schema::unique_keys(conn, table)?;
        let is = |names: &[String], column: &str| names.iter().any(|name| name.eq_ignore_ascii_case(column));
        text.push_str(&format!("    {} {{\n", entity(table)));
        for column in &columns {
            let refers = foreign
                .iter()
                .any(|key| key.columns.iter().any(|(from, _)| is(std::slice::from_ref(from), &column.name)));
            let alone = unique.iter().any(|key| key.len() == 1 && is(key, &column.name));
            let keys: Vec<_> =
                [(column.primary_key > 0, "PK"), (refers, "FK"), (alone && column.primary_key == 0, "UK")]
                    .into_iter()
                    .filter_map(|(is_key, key)| is_key.then_some(key))
                    .collect();
            let note = if column.not_null && column.primary_key == 0 { " \"NOT NULL\"" } else { "" };
            let keys = if keys.is_empty() { String::new() } else { format!(" {}", keys.join(", ")) };
            let declared = if column.declared.is_empty() { "ANY" } else { &column.declared };
            text.push_str(&format!("        {} {}{keys}{note}\n", word(declared), word(&column.name)));
        }
        text.push_str("    }\n");
        for key in &foreign {
            if !known.contains(&schema::key(&key.parent)) {
                continue;
            }
            let own: Vec<String> = key.columns.iter().map(|(from, _)| from.clone()).collect();
            let needed = own.iter().all(|name| {
                columns.iter().any(|column| column.not_null && column.name.eq_ignore_ascii_case(name))
            });
            let one =
                unique.iter().any(|key| key.len() == own.len() && key.iter().all(|name| is(&own, name)));
            relations.push_str(&format!(
                "    {} {}--{} {} : \"{}\"\n",
                entity(table),
                if one { "|o" } else { "}o" },
                if needed { "||" } else { "o|" },
                entity(&key.parent),
                own.join(", ").replace('"', "'")
            ));
        }
    }
    Ok(text + &relations)
}

/// A name that Mermaid takes for an entity.
fn entity(name: &str) -> String {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.bytes().next().is_none_or(|first| first.is_ascii_digit());
    if is_plain { name.to_owned() } else { format!("\"{}\"", name.replace(['"', '\\', '%'], "_")) }
}

/// A word that Mermaid takes for a type or a name of an attribute.
fn word(text: &str) -> String {
    let character = |character: char| if character.is_ascii_alphanumeric() { character } else { '_' };
    let word: String = text.trim().chars().map(character).collect();
    let word = word.trim_end_matches('_');
    if word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        word.to_owned()
    } else {
        format!("_{word}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(sql: &str) -> Vec<Object> {
        let conn = Connection::open_in_memory().expect("a database");
        conn.execute_batch(sql).expect("SQLite takes it");
        objects(&conn).expect("they are read")
    }

    #[test]
    fn objects_are_alike_where_they_say_the_same() {
        for (one, other, alike) in [
            (
                "CREATE TABLE t (a, UNIQUE (a), CHECK (a > 1))",
                "CREATE TABLE T(a, CHECK (a > 1), UNIQUE (\"a\"))",
                true,
            ),
            ("CREATE TABLE t (a INT) STRICT", "CREATE TABLE t (a INT)", false),
            ("CREATE VIEW v AS SELECT 'x' AS y", "CREATE VIEW v AS SELECT \"x\" AS \"Y\" -- z", true),
            ("CREATE VIEW v AS SELECT 'x' AS y", "CREATE VIEW v AS SELECT 'X' AS y", false),
            (
                "CREATE TABLE t (a); CREATE INDEX i ON t (a)",
                "CREATE TABLE t (a); CREATE INDEX i ON [t](A)",
                true,
            ),
            ("CREATE TABLE t (a); CREATE INDEX i ON t (a)", "CREATE TABLE t (a)", false),
            ("CREATE VIRTUAL TABLE t USING fts5 (a)", "CREATE TABLE t (a)", false),
        ] {
            let (one, other) = (&made(one)[0], &made(other)[0]);
            assert_eq!(one.is_like(other), alike, "{}{}", one.sql(), other.sql());
        }
    }
}
