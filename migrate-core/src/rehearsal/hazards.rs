//! What a file does to a user's rows, as its run on filled tables shows.
//!
//! Everything is recognised by what happens: a table is rebuilt where its name stands before and after, and its
//! storage is another. What a file says outright (DELETE, DROP INDEX, DROP TABLE without a rebuild) it means.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension};

use super::broken::{self, Broken};
use super::observer::Touched;
use super::outright::{Outright, created_program, dropped, renamed};
use super::schema::{self, Index, key};
use super::stage::{Stage, Watch};
use crate::check::Draft;
use crate::live::foreign_keys::Violations;
use crate::live::locate::message;
use crate::model::problem::Rule;
use crate::run::error::Cause;
use crate::sql::quote::quoted;
use crate::sql::script::{Fault, Statement, StatementKind};
use crate::sql::token::{self, Token};

/// What the run on empty tables has shown of a file: most drop and rename nothing, and then most hazards cannot
/// happen.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Intent {
    /// Drops or renames something, or drops a column.
    pub(super) restructures: bool,
    /// Alters a table, adding a column included.
    pub(super) alters: bool,
    /// Can break a view, a trigger or a foreign key that there is.
    pub(super) breaks: bool,
    /// Changes or deletes rows.
    pub(super) changes_rows: bool,
    /// May leave rows of its own.
    pub(super) fills: bool,
    /// Sets rows beside each other.
    pub(super) compares: bool,
    /// Creates a view or a trigger.
    pub(super) programs: bool,
    /// Quotes something with `"`.
    pub(super) quotes: bool,
}

/// A table as it was before the file.
struct Before {
    name: String,
    root: i64,
    /// How many rows should be there at the end, as far as the file has not deleted any on purpose.
    rows: i64,
    columns: BTreeSet<String>,
    /// With their text, where CREATE INDEX made them.
    indexes: Vec<(Index, Option<String>)>,
    triggers: BTreeMap<String, String>,
    /// The highest id, where the table is AUTOINCREMENT.
    highest: Option<i64>,
}

/// One file, and what it does to rows.
pub(super) struct Hazards<'d> {
    draft: &'d Draft<'d>,
    /// The tables that it can touch.
    tables: &'d BTreeSet<String>,
    intent: Intent,
    /// Every table was given a row, so that a reference that fails is the file's doing.
    pub(super) covered: bool,
    pub(super) faults: Vec<Fault>,
    before: BTreeMap<String, Before>,
    /// What was broken before the file, and at its end what is after it.
    broken: Broken,
    violations: Option<Violations>,
    /// What the file says that it does.
    outright: Outright,
    /// While a DROP TABLE runs with foreign keys on: what stood in the tables that refer to it.
    children: BTreeMap<String, Child>,
    lost_children: Vec<LostChild>,
}

/// Rows of a table that refers to another, and how many of them do by each column.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Child {
    rows: i64,
    references: BTreeMap<String, i64>,
}

struct LostChild {
    /// What it is called now.
    name: String,
    parent: String,
    deleted: i64,
    nulled: Vec<String>,
    /// As it was.
    before: Child,
    range: Range<usize>,
}

impl<'d> Hazards<'d> {
    pub(super) fn new(
        draft: &'d Draft<'d>,
        tables: &'d BTreeSet<String>,
        intent: Intent,
        broken: Broken,
    ) -> Self {
        Self {
            draft,
            tables,
            intent,
            covered: true,
            faults: Vec::new(),
            before: BTreeMap::new(),
            broken,
            violations: None,
            outright: Outright::default(),
            children: BTreeMap::new(),
            lost_children: Vec::new(),
        }
    }

    fn text(&self, statement: &Statement) -> &'d str {
        statement.text(&self.draft.text)
    }

    fn foreign_keys_on(&self) -> bool {
        self.draft.transaction.as_ref().is_none_or(|transaction| transaction.settings.foreign_keys)
    }

    fn hazard(&mut self, range: Range<usize>, rule: Rule, message: impl AsRef<str>) {
        self.faults.push(hazard(range, rule, message.as_ref()));
    }

    /// A statement that runs on empty tables, and fails on filled ones.
    pub(super) fn fails_with_rows(&mut self, range: Range<usize>, error: &rusqlite::Error) {
        let message = message(error);
        let has = |part: &str| message.contains(part);
        let statement = self.draft.script.statements.iter().find(|statement| statement.end > range.start);
        // A deferred violation shows as late as at COMMIT.
        let drops = statement.is_some_and(|statement| {
            statement.kind == StatementKind::Commit || dropped(self.text(statement)).is_some()
        });
        let way_out = if has("Cannot add a NOT NULL column") {
            "give the column a DEFAULT"
        } else if has("Cannot add a column with non-constant default") {
            "add it with a constant default or none, and UPDATE the rows"
        } else if has("Cannot add a REFERENCES column") {
            "add it without a default, and UPDATE the rows"
        } else if has("NOT NULL constraint failed") {
            "give that column a value for the rows that are there"
        } else if has("UNIQUE constraint failed") {
            "make the rows that are there differ first"
        } else if has("CHECK constraint failed") {
            "make the rows that are there fit first"
        } else if has("FOREIGN KEY constraint failed") && !drops {
            "change or delete first what refers to these rows"
        } else if has("cannot add a STORED column") {
            "make it VIRTUAL, or rebuild the table"
        } else if has("FOREIGN KEY constraint failed") {
            "to rebuild a table that others refer to, write PRAGMA foreign_keys = OFF; before BEGIN and \
             PRAGMA foreign_keys = ON; after COMMIT"
        } else {
            "make it work for the rows that are there"
        };
        self.hazard(
            range,
            Rule::FailsWithRows,
            format!(
                "{message}, once there are rows: it runs on empty tables, and fails on a user's; {way_out}"
            ),
        );
    }

    /// Counts what refers, directly or through others, to a table that is about to be dropped.
    fn count_children(&self, conn: &Connection, parent: &str) -> rusqlite::Result<BTreeMap<String, Child>> {
        let keys = schema::all_foreign_keys(conn)?;
        let mut found: BTreeMap<String, Child> = BTreeMap::new();
        let mut open = vec![key(parent)];
        while let Some(parent) = open.pop() {
            for (child, foreign_key) in &keys {
                if key(&foreign_key.parent) != parent || key(child) == parent {
                    continue;
                }
                if !found.contains_key(child) {
                    let rows = schema::count(conn, child)?;
                    found.insert(child.clone(), Child { rows, references: BTreeMap::new() });
                    open.push(key(child));
                }
                let Some(entry) = found.get_mut(child) else { continue };
                for (column, _) in &foreign_key.columns {
                    let sql = format!("SELECT count({}) FROM main.{}", quoted(column), quoted(child));
                    let references = conn.query_row(&sql, [], |row| row.get(0))?;
                    entry.references.insert(column.clone(), references);
                }
            }
        }
        Ok(found)
    }

    fn compare_children(
        &mut self,
        conn: &Connection,
        parent: &str,
        range: &Range<usize>,
    ) -> rusqlite::Result<()> {
        let roots = schema::roots(conn)?;
        for (name, before) in std::mem::take(&mut self.children) {
            if !roots.contains_key(&key(&name)) {
                continue;
            }
            let rows = schema::count(conn, &name)?;
            let deleted = before.rows - rows;
            let mut nulled = Vec::new();
            for (column, references) in &before.references {
                let sql = format!("SELECT count({}) FROM main.{}", quoted(column), quoted(&name));
                let now: i64 = conn.query_row(&sql, [], |row| row.get(0))?;
                if deleted <= 0 && now < *references {
                    nulled.push(column.clone());
                }
            }
            if deleted > 0 || !nulled.is_empty() {
                self.lost_children.push(LostChild {
                    name,
                    parent: parent.to_owned(),
                    deleted,
                    nulled,
                    before,
                    range: range.clone(),
                });
            }
        }
        Ok(())
    }

    /// The children that are still there at the end, and have not been given back what they lost.
    fn report_lost_children(&mut self, conn: &Connection) -> rusqlite::Result<BTreeSet<String>> {
        let roots = schema::roots(conn)?;
        let mut lost = BTreeSet::new();
        let mut drops: BTreeMap<(usize, String), (Range<usize>, Vec<String>)> = BTreeMap::new();
        for child in std::mem::take(&mut self.lost_children) {
            let name = &child.name;
            if !roots.contains_key(&key(name)) {
                continue;
            }
            let rows = schema::count(conn, name)?;
            let what = if child.deleted > 0 {
                if rows >= child.before.rows {
                    continue;
                }
                format!("deletes rows of {name}")
            } else {
                format!("sets {} of {name} to NULL", listed(&child.nulled))
            };
            lost.insert(key(name));
            drops
                .entry((child.range.start, child.parent))
                .or_insert_with(|| (child.range, Vec::new()))
                .1
                .push(what);
        }
        for ((_, parent), (range, what)) in drops {
            self.hazard(
                range,
                Rule::DeletesChildRows,
                format!(
                    "with foreign keys on, dropping {parent} {}; write PRAGMA foreign_keys = OFF; before BEGIN and \
                     PRAGMA foreign_keys = ON; after COMMIT",
                    listed(&what)
                ),
            );
        }
        Ok(lost)
    }

    fn snapshot(&mut self, conn: &Connection) -> rusqlite::Result<()> {
        let roots = schema::roots(conn)?;
        self.outright.known = roots.keys().cloned().collect();
        for table in self.tables {
            let Some(&root) = roots.get(table) else { continue };
            let (name, sql): (String, String) = conn.query_row(
                "SELECT name, sql FROM main.sqlite_master WHERE type = 'table' AND name = ?1 COLLATE NOCASE",
                [table],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            let indexes = indexes_with_text(conn, &name)?;
            let columns = schema::columns(conn, &name)?.into_iter().map(|column| key(&column.name)).collect();
            let highest = is_autoincrement(&sql).then(|| highest_id(conn, &name)).transpose()?;
            let before = Before {
                rows: schema::count(conn, &name)?,
                triggers: schema::triggers(conn, &name)?,
                name,
                root,
                columns,
                indexes,
                highest,
            };
            self.before.insert(table.clone(), before);
        }
        Ok(())
    }

    /// Compares every table with what it was.
    fn compare(&mut self, conn: &Connection, commit: &Range<usize>) -> rusqlite::Result<()> {
        let roots = schema::roots(conn)?;
        let names: BTreeMap<i64, &String> = roots.iter().map(|(name, root)| (*root, name)).collect();
        let lost = self.report_lost_children(conn)?;
        let before = std::mem::take(&mut self.before);
        // A page that a dropped table leaves may be taken by a new one, so only tables that stayed are known by it.
        let stayed = |root: i64| {
            before
                .values()
                .any(|table| table.root == root && !self.outright.dropped_tables.contains(&key(&table.name)))
        };
        let mut rebuilt = Vec::new();
        for (table, before) in &before {
            let Some(root) = roots.get(table) else { continue };
            let is_same = *root == before.root && !self.outright.dropped_tables.contains(table);
            // Another table took the name: renamed, and not rebuilt. Where the old one still stands under another name,
            // no row is lost, and without a copied row it is no rebuild either.
            let took_the_name = *root != before.root && stayed(*root);
            let is_kept = names.get(&before.root).is_some_and(|now| {
                *now != table
                    && !self.outright.dropped_tables.contains(table)
                    && !self.outright.created_tables.contains(*now)
            });
            let is_new = is_kept && schema::count(conn, table)? == 0;
            if !is_same && !took_the_name && !is_new {
                rebuilt.push((table.clone(), is_kept));
            }
        }
        for (table, is_kept) in rebuilt {
            let Some(before) = before.get(&table) else { continue };
            let at = self.outright.gone.get(&table).cloned().unwrap_or_else(|| commit.clone());
            self.compare_rebuilt(conn, before, &at, is_kept || lost.contains(&table))?;
        }
        Ok(())
    }

    fn compare_rebuilt(
        &mut self,
        conn: &Connection,
        before: &Before,
        at: &Range<usize>,
        rows_are_told: bool,
    ) -> rusqlite::Result<()> {
        let name = &before.name;
        let rows = schema::count(conn, name)?;
        let deleted = self.outright.deleted(name);
        if rows < before.rows - deleted && !rows_are_told {
            let left = if rows == 0 { "none".to_owned() } else { format!("{rows}") };
            self.hazard(
                at.clone(),
                Rule::LosesRows,
                format!(
                    "{name} is rebuilt, and {left} of its {} rows come out of it; copy all of them with INSERT INTO … \
                     SELECT before the old table is dropped",
                    before.rows
                ),
            );
        }
        let columns: BTreeSet<String> =
            schema::columns(conn, name)?.into_iter().map(|column| key(&column.name)).collect();
        let removed: BTreeSet<&String> = before.columns.difference(&columns).collect();
        let indexes = indexes_with_text(conn, name)?;
        let mut lost: Vec<&str> = Vec::new();
        for (index, sql) in &before.indexes {
            let Some(sql) = sql else { continue };
            // What stood on a column that went, or came back under another name or as a constraint, is not lost.
            let gone_with_column = schema::words(sql).iter().any(|word| removed.contains(word));
            let alike = |(other, other_sql): &&(Index, Option<String>)| {
                let columns_tell = !index.partial && index.columns.iter().all(Option::is_some);
                other.columns == index.columns
                    && other.partial == index.partial
                    && (other.unique || !index.unique)
                    && (columns_tell || other_sql.as_deref().map(indexed) == Some(indexed(sql)))
            };
            let alike_before = before.indexes.iter().filter(alike).count();
            let same_name = |(now, _): &(Index, Option<String>)| {
                now.name.eq_ignore_ascii_case(&index.name) && (now.unique || !index.unique)
            };
            let is_there =
                indexes.iter().any(same_name) || indexes.iter().filter(alike).count() >= alike_before;
            if !gone_with_column && !is_there && !self.outright.dropped_indexes.contains(&key(&index.name)) {
                lost.push(&index.name);
            }
        }
        if !lost.is_empty() {
            let plural = if lost.len() == 1 { "index" } else { "indexes" };
            self.hazard(
                at.clone(),
                Rule::LosesIndex,
                format!(
                    "{name} is rebuilt, and loses its {plural} {}; create {} again after the old table is dropped",
                    listed(&lost),
                    if lost.len() == 1 { "it" } else { "them" }
                ),
            );
        }
        let here = schema::triggers(conn, name)?;
        let anywhere = all_triggers(conn)?;
        let is_there = |trigger: &String| {
            here.contains_key(trigger)
                || (anywhere.contains(trigger) && self.outright.created_triggers.contains(trigger))
        };
        let lost: Vec<&str> = before
            .triggers
            .keys()
            .filter(|trigger| !is_there(trigger) && !self.outright.dropped_triggers.contains(*trigger))
            .filter_map(|trigger| before.triggers.get(trigger).map(String::as_str))
            .collect();
        if !lost.is_empty() {
            let plural = if lost.len() == 1 { "trigger" } else { "triggers" };
            self.hazard(
                at.clone(),
                Rule::LosesTrigger,
                format!(
                    "{name} is rebuilt, and loses its {plural} {}; create {} again after the old table is dropped",
                    listed(&lost),
                    if lost.len() == 1 { "it" } else { "them" }
                ),
            );
        }
        if let Some(highest) = before.highest {
            let sql: String = conn.query_row(
                "SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = ?1 COLLATE NOCASE",
                [name],
                |row| row.get(0),
            )?;
            if is_autoincrement(&sql) && highest_id(conn, name)? < highest {
                self.hazard(
                    at.clone(),
                    Rule::ResetsAutoincrement,
                    format!(
                        "{name} is rebuilt, and its AUTOINCREMENT would hand out ids again that its rows have had; copy \
                         the ids with the rows"
                    ),
                );
            }
        }
        Ok(())
    }

    /// What is broken now and was not, and had been there.
    fn report_broken(&mut self, conn: &Connection, commit: &Range<usize>) -> rusqlite::Result<()> {
        let mut now = broken::broken(conn)?;
        now.told = std::mem::take(&mut self.broken.told);
        let mut dangling: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
        for reference @ (child, missing) in &now.keys {
            let table = missing.split('.').next().unwrap_or_default();
            // A table that has never been may be yet to come.
            if !self.broken.keys.contains(reference) && self.outright.known.contains(&key(table)) {
                dangling.entry(missing).or_default().push(child);
            }
        }
        for (missing, children) in &dangling {
            now.told.extend(children.iter().map(|child| ((*child).clone(), (*missing).clone())));
        }
        for (missing, children) in dangling {
            let table = missing.split('.').next().unwrap_or_default();
            let at =
                self.outright.gone.get(&key(table)).cloned().or_else(|| self.outright.last_change.clone());
            let children = listed(&children);
            self.hazard(
                at.unwrap_or_else(|| commit.clone()),
                Rule::DanglingReference,
                format!(
                    "after this file a foreign key of {children} refers to {missing}, which is gone, so no row can be \
                     written there; create the new table under another name, copy the rows, drop the old one, and \
                     rename the new one last"
                ),
            );
        }
        for ((kind, name), told) in &now.objects {
            if self.broken.objects.contains_key(&(*kind, name.clone())) {
                continue;
            }
            now.told.insert(((*kind).to_owned(), name.clone()));
            let at = self.outright.last_change.clone().unwrap_or_else(|| commit.clone());
            self.hazard(
                at,
                Rule::DanglingReference,
                format!("after this file the {kind} {name} no longer works ({told}); drop it before, and create it again after"),
            );
        }
        self.broken = now;
        Ok(())
    }

    /// What the schema has of broken things after the file.
    pub(super) fn into_broken(self) -> Broken {
        self.broken
    }

    /// A statement that means something else to a SQLite that takes no double-quoted strings.
    fn check_quotes(&mut self, conn: &Connection, statement: &Statement) -> rusqlite::Result<()> {
        let text = self.text(statement);
        if !text.contains('"') {
            return Ok(());
        }
        let mut text = text.to_owned();
        // One at a time is told, so each is put in single quotes before the next look.
        while let Some(told) =
            with_strict_quotes(conn, || conn.prepare(&text).err().map(|error| message(&error)))?
            && let Some(name) = misread_name(&told)
            && conn.prepare(&text).is_ok()
            && let Some((start, end)) = quoted_place(&text, name)
        {
            let from = statement.first.start;
            self.double_quoted(from + start..from + end, name);
            text.replace_range(start..=start, "'");
            text.replace_range(end - 1..end, "'");
        }
        Ok(())
    }

    fn double_quoted(&mut self, range: Range<usize>, name: &str) {
        self.hazard(
            range,
            Rule::DoubleQuotedString,
            format!(
                "there is no column \"{name}\", so SQLite takes it for the string '{name}', and a misspelt column \
                 would be one too; write '{name}' for the string"
            ),
        );
    }
}

impl Watch for Hazards<'_> {
    fn begun(&mut self, stage: &Stage) -> rusqlite::Result<()> {
        if self.intent.restructures {
            self.snapshot(&stage.conn)?;
        }
        if !self.foreign_keys_on() {
            self.violations = Some(Violations::read(&stage.conn)?);
        }
        Ok(())
    }

    fn before(&mut self, stage: &Stage, statement: &Statement) -> rusqlite::Result<()> {
        if self.intent.quotes {
            self.check_quotes(&stage.conn, statement)?;
        }
        if self.intent.restructures
            && self.foreign_keys_on()
            && let Some(("table", parent)) = dropped(self.text(statement)).as_ref().map(|(k, n)| (*k, n))
        {
            self.children = self.count_children(&stage.conn, parent)?;
        }
        Ok(())
    }

    fn after(&mut self, stage: &Stage, statement: &Statement, _: &Touched) -> rusqlite::Result<()> {
        if !self.intent.restructures && !self.intent.breaks {
            return Ok(());
        }
        let text = self.text(statement);
        if !self.children.is_empty()
            && let Some(("table", table)) = dropped(text)
        {
            self.compare_children(&stage.conn, &table, &statement.first)?;
        }
        if let Some((from, to)) = renamed(text) {
            for child in self.lost_children.iter_mut().filter(|child| key(&child.name) == key(&from)) {
                child.name.clone_from(&to);
            }
        }
        self.outright.note(statement, text, stage.conn.changes());
        Ok(())
    }

    fn committing(&mut self, stage: &Stage, commit: Option<&Statement>) -> rusqlite::Result<()> {
        let end = self.draft.text.len();
        let commit = commit.map_or(end..end, |commit| commit.first.clone());
        if self.intent.restructures {
            self.compare(&stage.conn, &commit)?;
        }
        if self.intent.breaks || self.intent.programs {
            self.check_programs(&stage.conn, &commit)?;
        }
        if let Some(before) = self.violations.take() {
            let after = Violations::read(&stage.conn)?;
            let roots = schema::roots(&stage.conn)?;
            for cause in after.new_since(&before) {
                // A parent that is gone is told as what it is.
                let is_gone =
                    matches!(&cause, Cause::ForeignKeys { parent, .. } if !roots.contains_key(&key(parent)));
                if !is_gone && self.covered {
                    self.hazard(
                        commit.clone(),
                        Rule::ForeignKeyViolation,
                        format!(
                            "{cause}; on a user's rows the runner would refuse this file before its COMMIT"
                        ),
                    );
                }
            }
        }
        Ok(())
    }
}

impl Hazards<'_> {
    fn check_programs(&mut self, conn: &Connection, commit: &Range<usize>) -> rusqlite::Result<()> {
        if self.intent.breaks {
            self.report_broken(conn, commit)?;
        } else {
            // What has never worked may be waiting for a table yet to come.
            let told = std::mem::take(&mut self.broken.told);
            self.broken = Broken { told, ..broken::broken(conn)? };
        }
        if self.intent.programs && self.intent.quotes {
            let created: Vec<(Range<usize>, String)> = self
                .draft
                .script
                .statements
                .iter()
                .filter(|statement| self.text(statement).contains('"'))
                .filter_map(|statement| {
                    Some((statement.first.clone(), created_program(self.text(statement))?))
                })
                .collect();
            for (range, name) in created {
                if let Some(told) = with_strict_quotes(conn, || broken::program_error(conn, &name))??
                    && let Some(misread) = misread_name(&told)
                    && broken::program_error(conn, &name)?.is_none()
                {
                    let misread = misread.to_owned();
                    let text = self.draft.text.get(range.start..).unwrap_or_default();
                    let place = quoted_place(text, &misread);
                    let range =
                        place.map_or(range.clone(), |(start, end)| range.start + start..range.start + end);
                    self.double_quoted(range, &misread);
                }
            }
        }
        Ok(())
    }
}

/// A hazard, and how a file says that it means it.
pub(super) fn hazard(range: Range<usize>, rule: Rule, message: &str) -> Fault {
    Fault::new(
        range,
        rule,
        format!("{message}; if it is meant, say so in the file: -- migrate: allow({rule}): reason"),
    )
}

/// Runs with SQLite taking double quotes for names only, as <https://sqlite.org/quirks.html#dblquote> advises.
fn with_strict_quotes<T>(conn: &Connection, work: impl FnOnce() -> T) -> rusqlite::Result<T> {
    let set = |on| -> rusqlite::Result<()> {
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, on)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, on)?;
        Ok(())
    };
    set(false)?;
    let result = work();
    set(true)?;
    Ok(result)
}

/// The name in SQLite's `no such column: "x" - should this be a string literal in single-quotes?`.
fn misread_name(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("no such column: \"")?;
    let (name, rest) = rest.split_once('"')?;
    rest.contains("string literal").then_some(name)
}

/// Where a name stands in double quotes.
fn quoted_place(text: &str, name: &str) -> Option<(usize, usize)> {
    let is = |token: &Token<'_>| token.text.starts_with('"') && token.unquoted().as_deref() == Some(name);
    token::significant(text).find(is).map(|token| (token.start, token.end()))
}

fn all_triggers(conn: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let mut statement = conn.prepare("SELECT name FROM main.sqlite_master WHERE type = 'trigger'")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|name| name.map(|name| key(&name))).collect()
}

/// The indexes of a table, with their text where CREATE INDEX made them.
fn indexes_with_text(conn: &Connection, table: &str) -> rusqlite::Result<Vec<(Index, Option<String>)>> {
    let mut indexes = Vec::new();
    for index in schema::indexes(conn, table)? {
        // A constraint's own index has no text, and a key WITHOUT ROWID no index.
        let sql = conn
            .query_row(
                "SELECT sql FROM main.sqlite_master WHERE type = 'index' AND name = ?1",
                [&index.name],
                |row| row.get(0),
            )
            .optional()?
            .flatten();
        indexes.push((index, sql));
    }
    Ok(indexes)
}

/// What an index is over: everything from the first parenthesis of its text on.
fn indexed(sql: &str) -> Vec<String> {
    let tokens = token::significant(sql).skip_while(|token| token.text != "(");
    tokens.map(|token| token.text.to_ascii_lowercase()).collect()
}

fn is_autoincrement(create: &str) -> bool {
    token::significant(create).any(|token| token.is_word("autoincrement"))
}

/// The highest id that an AUTOINCREMENT table has handed out (<https://sqlite.org/autoinc.html>).
fn highest_id(conn: &Connection, table: &str) -> rusqlite::Result<i64> {
    let sql = format!(
        "SELECT max(coalesce((SELECT max(rowid) FROM main.{}), 0),
                    coalesce((SELECT seq FROM main.sqlite_sequence WHERE name = ?1 COLLATE NOCASE), 0))",
        quoted(table)
    );
    conn.query_row(&sql, [table], |row| row.get(0))
}

/// `a`, `a and b`, `a, b and c`
fn listed(items: &[impl AsRef<str>]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<_> = most.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", most.join(", "), last.as_ref())
        }
    }
}
