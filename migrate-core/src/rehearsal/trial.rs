//! Pending files on a copy of a real database, one by one: first under the eyes of the hazards, on the rows that are there,
//! and taken back; then by the runner, as it will be.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::types::Value;

use super::broken::Broken;
use super::catalog::Catalog;
use super::hazards::{Hazards, Intent};
use super::rows::Filled;
use super::stage::Stage;
use crate::check::Folder;
use crate::check::fault::{Fault, Faults};
use crate::live::locate::message;
use crate::live::schema;
use crate::model::migration::Migration;
use crate::model::problem::Problem;
use crate::model::rule::Rule;
use crate::model::set::Migrations;
use crate::run::error::Error;
use crate::sql::quote::quoted;

/// How many rows of a table are looked at to see whether their values come out of a rebuild.
const SAMPLE: usize = 100;

/// What has come of one file.
#[derive(Debug)]
pub struct Tried {
    /// The hazards that have happened to rows, those that the file allows apart.
    pub hazards: Vec<Problem>,
    /// How long the runner took, or why it failed.
    pub result: Result<Duration, Error>,
    /// The tables whose number of rows is another one, with the number before and after: absent where there is no table.
    pub rows: Vec<(String, Option<i64>, Option<i64>)>,
    /// How many bytes the database has before and after.
    pub size: (i64, i64),
}

/// A copy of a database on which files are tried.
pub struct Trial {
    folder: Folder<'static>,
    migrations: Migrations,
    stage: Stage,
    broken: Broken,
}

impl Trial {
    /// `conn` is a copy that may be changed.
    pub(crate) fn new(
        folder: Folder<'static>,
        migrations: Migrations,
        conn: Connection,
    ) -> rusqlite::Result<Self> {
        Ok(Self { broken: Broken::history(&conn)?, stage: Stage::on(conn), folder, migrations })
    }

    /// Which files the copy lacks.
    ///
    /// # Errors
    ///
    /// See [`Migrations::status`].
    pub fn pending(&self) -> Result<&'static [Migration], Error> {
        Ok(self.migrations.status(&self.stage.conn)?.pending())
    }

    /// Tries the next file. After one that the runner has refused, no other can be.
    ///
    /// # Errors
    ///
    /// What SQLite says to a question about the copy.
    pub fn run(&mut self, migration: &'static Migration) -> rusqlite::Result<Tried> {
        let (rows, size) = (self.rows()?, self.size()?);
        let hazards = self.judge(migration)?;
        let begun = Instant::now();
        let mut runner = self.migrations.runner().target(migration.version());
        let result = runner.run(&mut self.stage.conn).map(|_| begun.elapsed());
        let now = self.rows()?;
        let names: BTreeSet<_> = rows.keys().chain(now.keys()).cloned().collect();
        let changed = names.into_iter().filter_map(|name| {
            let (before, after) = (rows.get(&name).copied(), now.get(&name).copied());
            (before != after).then_some((name, before, after))
        });
        Ok(Tried { hazards, result, rows: changed.collect(), size: (size, self.size()?) })
    }

    /// Runs a file on the rows that are there, and takes it back.
    fn judge(&mut self, migration: &Migration) -> rusqlite::Result<Vec<Problem>> {
        let file = self.folder.drafts.iter().position(|draft| draft.file_name == migration.file_name());
        let Some((file, draft)) = file.and_then(|file| Some((file, self.folder.drafts.get(file)?))) else {
            return Ok(Vec::new());
        };
        let tracking = self.folder.table.as_deref().map(schema::key);
        let catalog = Catalog::read(&self.stage.conn)?;
        let tables = catalog.all().filter(|entry| catalog.is_filled(&entry.name));
        let tables: BTreeSet<_> = tables
            .map(|entry| schema::key(&entry.name))
            .filter(|table| Some(table) != tracking.as_ref())
            .collect();
        let mut filled = Filled::new();
        for table in &tables {
            filled.insert(table.clone(), sample(&self.stage.conn, table)?);
        }
        let broken = std::mem::take(&mut self.broken);
        // Nothing has been seen of the file on empty tables, so that everything is looked at.
        let intent = Intent {
            restructures: true,
            alters: true,
            breaks: true,
            changes_rows: true,
            fills: true,
            compares: true,
            programs: true,
            references: true,
            quotes: false,
            meets_rows: true,
            temporary: false,
        };
        let mut hazards = Hazards::new(file, draft, &tables, &filled, intent, broken);
        let refusal = self.stage.try_out(draft, &mut hazards)?;
        let (mut faults, broken) = hazards.into_parts();
        self.broken = broken;
        if let Some(refusal) = refusal {
            let mut refused = Faults::of(file);
            let said = message(&refusal.error);
            refused.add(refusal.range, Rule::FailsWithRows, format!("{said}, on the rows of this database"));
            // What came before it says little.
            faults = refused.into_found();
        }
        let allowed = &draft.directives.allowed;
        faults.retain(|fault: &Fault| fault.certain || !allowed.iter().any(|(rule, _)| *rule == fault.rule));
        let known = self.folder.problems.len();
        self.folder.report(faults);
        Ok(self.folder.problems.split_off(known))
    }

    fn rows(&self) -> rusqlite::Result<BTreeMap<String, i64>> {
        let catalog = Catalog::read(&self.stage.conn)?;
        let tracking = self.folder.table.as_deref().unwrap_or_default();
        let tables = catalog
            .all()
            .filter(|entry| catalog.is_filled(&entry.name) && !entry.name.eq_ignore_ascii_case(tracking));
        tables.map(|entry| Ok((entry.name.clone(), schema::count(&self.stage.conn, &entry.name)?))).collect()
    }

    fn size(&self) -> rusqlite::Result<i64> {
        let sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        self.stage.conn.query_row(sql, [], |row| row.get(0))
    }
}

/// Some rows of a table, by column.
fn sample(conn: &Connection, table: &str) -> rusqlite::Result<Vec<BTreeMap<String, Value>>> {
    let columns = schema::columns(conn, table)?.into_iter().filter(|column| !column.generated);
    let columns: Vec<_> = columns.map(|column| column.name).collect();
    let list: Vec<_> = columns.iter().map(|name| quoted(name)).collect();
    let sql = format!("SELECT {} FROM main.{} LIMIT {SAMPLE}", list.join(", "), quoted(table));
    let mut statement = conn.prepare(&sql)?;
    let rows = statement.query_map([], |row| {
        columns.iter().enumerate().map(|(at, name)| Ok((schema::key(name), row.get(at)?))).collect()
    })?;
    rows.collect()
}
