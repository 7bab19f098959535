//! Every table and view of the rehearsal's database, and which of them a file can reach. Kept in step with what files
//! create, since reading all of it costs more than most files do.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::live::schema::{foreign_keys, key};
use crate::sql::verb::{ObjectKind, Verb};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Table,
    View,
    /// A virtual table, or a shadow of one: left alone.
    Virtual,
}

/// A table or view in the catalog.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) kind: Relation,
    /// The tables that its foreign keys refer to.
    pub(super) parents: BTreeSet<String>,
}

/// Every table and view of a database, by [`key`].
#[derive(Clone, Debug, Default)]
pub(super) struct Catalog {
    /// Some table is AUTOINCREMENT, so that there is a sqlite_sequence.
    pub(super) autoincrement: bool,
    /// There is a trigger or a view.
    pub(super) programs: bool,
    pub(super) entries: BTreeMap<String, Entry>,
    /// The tables that have referred to each: to look through all of them would cost the more the longer a history is.
    pub(super) children: BTreeMap<String, BTreeSet<String>>,
}

impl Catalog {
    /// Reads all of it.
    pub(super) fn read(conn: &Connection) -> rusqlite::Result<Self> {
        let mut catalog = Self::default();
        let mut statement = conn.prepare(
            "SELECT l.name, l.type, m.sql FROM pragma_table_list l JOIN main.sqlite_master m ON m.name = l.name
             WHERE l.schema = 'main' AND m.type IN ('table', 'view') AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?))
        })?;
        for row in rows {
            let (name, kind, sql) = row?;
            let kind = match kind.as_str() {
                "table" => Relation::Table,
                "view" => Relation::View,
                _ => Relation::Virtual,
            };
            let sql = sql.unwrap_or_default().to_ascii_lowercase();
            catalog.add(conn, name, kind, sql.contains("references"), sql.contains("autoincrement"))?;
        }
        let any = "SELECT EXISTS (SELECT 1 FROM main.sqlite_master WHERE type IN ('trigger', 'view'))";
        catalog.programs = conn.query_row(any, [], |row| row.get(0))?;
        Ok(catalog)
    }

    /// Enters what one statement has created, where that is a plain table. `false` where only reading it all again
    /// would tell what the statement has changed.
    pub(super) fn follow(&mut self, conn: &Connection, verb: &Verb) -> rusqlite::Result<bool> {
        match verb {
            Verb::CreateTable(create) => {
                let Some(name) = create.in_main() else { return Ok(true) };
                self.add(conn, name.to_owned(), Relation::Table, create.references, create.autoincrement)?;
                Ok(true)
            }
            Verb::CreateTrigger(_) => {
                self.programs = true;
                Ok(true)
            }
            // It may add a foreign key; every other change gives something another name.
            Verb::AddColumn(add) => Ok(!add.references),
            Verb::CreateView(_) | Verb::CreateVirtualTable(_) | Verb::Rename { .. } | Verb::Alter => {
                Ok(false)
            }
            Verb::Drop { kind, .. } => Ok(!matches!(kind, ObjectKind::Table | ObjectKind::View)),
            _ => Ok(true),
        }
    }

    fn add(
        &mut self,
        conn: &Connection,
        name: String,
        kind: Relation,
        references: bool,
        autoincrement: bool,
    ) -> rusqlite::Result<()> {
        self.autoincrement |= autoincrement;
        let parents = if kind == Relation::Table && references {
            foreign_keys(conn, &name)?.into_iter().map(|foreign_key| key(&foreign_key.parent)).collect()
        } else {
            BTreeSet::new()
        };
        for parent in &parents {
            self.children.entry(parent.clone()).or_default().insert(key(&name));
        }
        self.entries.insert(key(&name), Entry { name, kind, parents });
        Ok(())
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(&key(name))
    }

    /// Whether this is a table that can be filled.
    pub(super) fn is_filled(&self, name: &str) -> bool {
        self.get(name).is_some_and(|entry| entry.kind == Relation::Table)
    }

    /// The tables that hold rows a file can touch: those that it names itself, and the ones that rows of these
    /// refer to. With `children`, also those whose rows refer to them.
    pub(super) fn reached(&self, named: &[String], children: bool) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<String> = named.iter().map(|name| key(name)).collect();
        while let Some(name) = open.pop() {
            let Some(entry) = self.entries.get(&name).filter(|entry| entry.kind == Relation::Table) else {
                continue;
            };
            if !reached.contains(&name) {
                open.extend(entry.parents.iter().cloned());
                if children {
                    open.extend(self.children(&name));
                }
                reached.insert(name);
            }
        }
        reached
    }

    fn children<'a>(&'a self, parent: &'a str) -> impl Iterator<Item = String> + 'a {
        let refers = move |child: &&String| {
            self.entries.get(*child).is_some_and(|entry| entry.parents.contains(parent))
        };
        self.children.get(parent).into_iter().flatten().filter(refers).cloned()
    }

    /// Whether a foreign key leads from any of these tables, or into one.
    pub(super) fn any_related(&self, tables: &BTreeSet<String>) -> bool {
        tables.iter().any(|table| {
            self.entries.get(table).is_some_and(|entry| !entry.parents.is_empty())
                || self.children(table).next().is_some()
        })
    }
}
