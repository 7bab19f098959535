//! The schema that a history ends in, as text: statements that make it anew, in an order that does not depend on how it
//! came about, and a diagram of it.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::rebuild::definition::strict;
use crate::live::row::get;
use crate::live::schema;
use crate::sql::token::{self, Token, TokenKind};

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub name: String,
    /// The statement that makes it, without its `;`, and after a table those that make its indexes.
    pub statements: Vec<String>,
}

/// Everything in the main database that somebody has made, by kind and name.
///
/// # Errors
///
/// What SQLite says.
pub fn objects(conn: &Connection) -> rusqlite::Result<Vec<Object>> {
    let mut statement = conn.prepare(
        "SELECT m.type, m.name, m.tbl_name, m.sql, coalesce(l.type, '') FROM main.sqlite_master m
         LEFT JOIN pragma_table_list l ON l.schema = 'main' AND l.name = m.tbl_name
         WHERE m.sql IS NOT NULL AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND coalesce(l.type, '') <> 'shadow'",
    )?;
    let (mut objects, mut indexes) = (Vec::new(), Vec::new());
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let (kind, name): (String, String) = (get(row, 0)?, get(row, 1)?);
        let (table, sql, of): (String, String, String) = (get(row, 2)?, get(row, 3)?, get(row, 4)?);
        let kind = match (kind.as_str(), of.as_str()) {
            ("index", _) => {
                indexes.push((schema::key(&table), schema::key(&name), sql));
                continue;
            }
            ("view", _) => Kind::View,
            ("trigger", _) => Kind::Trigger,
            (_, "virtual") => Kind::Virtual,
            _ => Kind::Table,
        };
        objects.push(Object { kind, name, statements: vec![sql] });
    }
    objects.sort_by_key(|object| (object.kind, schema::key(&object.name)));
    indexes.sort();
    for (table, _, sql) in indexes {
        let is_its = |object: &&mut Object| object.kind == Kind::Table && schema::key(&object.name) == table;
        if let Some(object) = objects.iter_mut().find(is_its) {
            object.statements.push(sql);
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

    /// Whether two of them differ in nothing but comments, space, and how names and strings are quoted.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let read =
            |object: &Self| object.statements.iter().map(|statement| words(statement)).collect::<Vec<_>>();
        self.kind == other.kind && read(self) == read(other)
    }
}

/// The tokens of a statement as SQLite reads them.
fn words(statement: &str) -> Vec<String> {
    let word = |token: Token<'_>| match token.kind {
        TokenKind::Word | TokenKind::QuotedName => token.unquoted().unwrap_or_default().to_ascii_lowercase(),
        _ => token.text.to_owned(),
    };
    token::significant(&strict(statement)).map(word).collect()
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
    let known: BTreeSet<_> = tables.iter().map(|table| schema::key(&table.name)).collect();
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
