//! The rehearsal with rows: a second database, in step with the empty one, whose tables hold rows whenever a
//! file is run on it.
//!
//! Before a file, the tables that it can touch are filled; after it, they are made equal to the empty database's
//! again. So every file is judged on the history so far plus fresh rows, and not on what earlier files have made
//! of older ones.

use std::collections::BTreeSet;

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, ffi, params_from_iter};

use super::broken::Broken;
use super::catalog::Catalog;
use super::hazards::{Hazards, Intent};
use super::rows;
use super::stage::{Outcome, Stage, Unwatched};
use super::stand_ins::StandIns;
use crate::check::draft::Draft;
use crate::check::fault::{Fault, Faults};
use crate::live::locate::failure;
use crate::live::schema::{self, key};
use crate::model::migration::Settings;
use crate::model::rule::Rule;
use crate::sql::quote::quoted;
use crate::sql::token;

/// How rows are put in and taken out: references may run in circles.
const UNCHECKED: Settings = Settings { foreign_keys: false, legacy_alter_table: false };

pub(super) struct WithRows {
    stage: Stage,
    catalog: Catalog,
    tracking_table: Option<String>,
    broken: Broken,
    /// Some file so far may have left rows of its own.
    seeded: bool,
    /// It is no longer in step with the empty database, and can judge nothing more.
    lost: bool,
}

/// What a file's run with rows has shown.
#[derive(Default)]
pub(super) struct Judgement {
    pub(super) faults: Vec<Fault>,
    /// The file ran to its end, so that a hazard that is not among the faults did not happen.
    pub(super) complete: bool,
}

impl WithRows {
    pub(super) fn new(stand_ins: &StandIns, tracking_table: Option<&str>) -> rusqlite::Result<Self> {
        Ok(Self {
            stage: Stage::new(stand_ins, tracking_table, false)?.with_budget(),
            catalog: Catalog::default(),
            tracking_table: tracking_table.map(key),
            broken: Broken::default(),
            seeded: false,
            lost: false,
        })
    }

    /// Runs a file that has just run on the empty database, and touched these tables there. Without `judge`, only
    /// to stay in step.
    pub(super) fn run(
        &mut self,
        file: usize,
        draft: &Draft<'_>,
        empty: &Stage,
        touched: &[String],
        intent: Intent,
        judge: bool,
    ) -> Judgement {
        if self.lost {
            return Judgement::default();
        }
        // What goes wrong here is wrong with our rows, and no reason to refuse anybody's build.
        self.try_run(file, draft, empty, touched, intent, judge).unwrap_or_else(|_| {
            self.lost = true;
            Judgement::default()
        })
    }

    fn try_run(
        &mut self,
        file: usize,
        draft: &Draft<'_>,
        empty: &Stage,
        touched: &[String],
        intent: Intent,
        judge: bool,
    ) -> rusqlite::Result<Judgement> {
        let mut judgement = Judgement::default();
        let mut tables = BTreeSet::new();
        if judge {
            tables = self.reached(touched, intent.restructures || intent.changes_rows);
        }
        self.unchecked(&tables)?;
        let compared = intent.restructures || intent.changes_rows || intent.compares;
        let rows = if compared { rows::ROWS } else { 1 };
        let filled = rows::fill(&self.stage.conn, &self.catalog, &tables, rows)?;
        self.seeded |= intent.fills;
        let intent =
            Intent { breaks: intent.restructures || (intent.alters && self.catalog.programs), ..intent };
        self.stage.begin_budget();
        let mut hazards = Hazards::new(file, draft, &tables, intent, std::mem::take(&mut self.broken));
        hazards.file.covered = tables.iter().all(|table| filled.contains_key(table));
        let Outcome { refusal, .. } = if judge {
            self.stage.run(draft, &mut hazards)?
        } else {
            self.stage.run(draft, &mut Unwatched { unchecked: false })?
        };
        judgement.complete = judge && refusal.is_none();
        match refusal {
            None => (judgement.faults, self.broken) = hazards.into_parts(),
            Some(refusal) => {
                if judge && !is_ours(&refusal.error, hazards.file.covered) {
                    hazards.fails_with_rows(refusal);
                    (judgement.faults, self.broken) = hazards.into_parts();
                } else {
                    self.broken = hazards.into_broken();
                }
                self.empty(&tables)?;
                // Without rows it has to run, as it did on the empty database. Its own rows come back below.
                if self.stage.run(draft, &mut Unwatched { unchecked: true })?.refusal.is_some() {
                    self.lost = true;
                    return Ok(judgement);
                }
                if intent.restructures || intent.programs {
                    self.broken = Broken::history(&self.stage.conn)?;
                }
            }
        }
        self.follow(draft)?;
        if !judge && (intent.restructures || intent.programs) {
            self.broken = Broken::history(&self.stage.conn)?;
        }
        tables.extend(self.reached(touched, false));
        tables.retain(|table| self.catalog.get(table).is_some());
        self.restore(&tables, empty)?;
        Ok(judgement)
    }

    /// What is broken at the end of the history and was never reported, as faults of the files that brought it.
    pub(super) fn end(&self, drafts: &[Draft<'_>]) -> Vec<Fault> {
        if self.lost {
            return Vec::new();
        }
        let Ok(broken) = self.broken.refreshed(&self.stage.conn) else { return Vec::new() };
        let mut found = Vec::new();
        for (names, message) in broken.unreported() {
            let missing = names.map(|name| key(name.split('.').next().unwrap_or_default()));
            let mentions = |draft: &Draft<'_>| {
                let words = schema::words(&draft.text);
                missing.iter().all(|name| words.contains(name))
            };
            let Some((file, draft)) = drafts.iter().enumerate().rev().find(|(_, draft)| mentions(draft))
            else {
                continue;
            };
            if draft.shipped {
                continue;
            }
            let place = token::significant(&draft.text)
                .find(|token| token.unquoted().is_some_and(|name| Some(&key(&name)) == missing.last()));
            let mut faults = Faults::of(file);
            faults.add_hazard(place.map_or(0..0, |token| token.range()), Rule::DanglingReference, message);
            found.extend(faults.into_found());
        }
        found
    }

    /// The tables that can be reached from these, the tracking table apart.
    fn reached(&self, named: &[String], children: bool) -> BTreeSet<String> {
        let mut tables = self.catalog.reached(named, children);
        if let Some(tracking_table) = &self.tracking_table {
            tables.remove(tracking_table);
        }
        tables
    }

    /// Keeps the catalog in step with what a file has changed.
    fn follow(&mut self, draft: &Draft<'_>) -> rusqlite::Result<()> {
        for statement in &draft.script.statements {
            if !self.catalog.follow(&self.stage.conn, &statement.verb)? {
                self.catalog = Catalog::read(&self.stage.conn)?;
                break;
            }
        }
        Ok(())
    }

    fn unchecked(&mut self, tables: &BTreeSet<String>) -> rusqlite::Result<()> {
        // Switching costs two statements, and most files touch no reference.
        if self.catalog.any_related(tables) { self.stage.set(UNCHECKED) } else { Ok(()) }
    }

    fn empty(&mut self, tables: &BTreeSet<String>) -> rusqlite::Result<()> {
        self.unchecked(tables)?;
        for table in tables {
            rows::empty(&self.stage.conn, table, self.catalog.programs)?;
        }
        Ok(())
    }

    /// Makes tables equal to the empty database's.
    fn restore(&mut self, tables: &BTreeSet<String>, empty: &Stage) -> rusqlite::Result<()> {
        self.empty(tables)?;
        for table in tables {
            if self.seeded {
                copy(&empty.conn, &self.stage.conn, table)?;
            }
            if self.catalog.autoincrement {
                copy_sequence(&empty.conn, &self.stage.conn, table)?;
            }
        }
        Ok(())
    }
}

/// Copies the rows that the migrations themselves have made.
fn copy(from: &Connection, to: &Connection, table: &str) -> rusqlite::Result<()> {
    let Ok(mut select) = from.prepare(&format!("SELECT 1 FROM main.{} LIMIT 1", quoted(table))) else {
        return Ok(());
    };
    if select.exists([])? {
        let columns: Vec<String> = schema::columns(from, table)?
            .into_iter()
            .filter(|column| !column.generated)
            .map(|column| quoted(&column.name))
            .collect();
        let places: Vec<_> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
        let columns = columns.join(", ");
        let mut select = from.prepare(&format!("SELECT {columns} FROM main.{}", quoted(table)))?;
        let width = places.len();
        let insert = format!(
            "INSERT OR IGNORE INTO main.{} ({columns}) VALUES ({})",
            quoted(table),
            places.join(", ")
        );
        rows::without_triggers(to, || {
            let mut insert = to.prepare(&insert)?;
            let mut rows = select.raw_query();
            while let Some(row) = rows.next()? {
                let values: Vec<Value> =
                    (0..width).map(|index| row.get(index)).collect::<rusqlite::Result<_>>()?;
                insert.execute(params_from_iter(values))?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// How far an AUTOINCREMENT table has handed out ids.
fn copy_sequence(from: &Connection, to: &Connection, table: &str) -> rusqlite::Result<()> {
    to.execute("DELETE FROM main.sqlite_sequence WHERE name = ?1 COLLATE NOCASE", [table])?;
    let mut sequence =
        from.prepare("SELECT name, seq FROM main.sqlite_sequence WHERE name = ?1 COLLATE NOCASE")?;
    let mut rows = sequence.query([table])?;
    while let Some(row) = rows.next()? {
        let (name, seq): (String, i64) = (row.get(0)?, row.get(1)?);
        to.execute("INSERT INTO main.sqlite_sequence (name, seq) VALUES (?1, ?2)", (name, seq))?;
    }
    Ok(())
}

/// Whether a refusal is no reason to accuse a file: rows that we could not make, a search index that was never told of
/// them, or a query that does not end on them.
fn is_ours(error: &rusqlite::Error, covered: bool) -> bool {
    let Some(failure) = failure(error) else { return false };
    // RESTRICT fails as a trigger does.
    let refers =
        matches!(failure.extended_code, ffi::SQLITE_CONSTRAINT_FOREIGNKEY | ffi::SQLITE_CONSTRAINT_TRIGGER);
    (refers && !covered)
        || matches!(failure.code, ErrorCode::DatabaseCorrupt | ErrorCode::OperationInterrupted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_statement_says_is_no_excuse_for_it() {
        let sql = "SELECT 'FOREIGN KEY constraint failed' FROM missing";
        let error = |code| rusqlite::Error::SqlInputError {
            error: ffi::Error::new(code),
            msg: "no such table: missing".to_owned(),
            sql: sql.to_owned(),
            offset: 0,
        };
        assert!(error(ffi::SQLITE_ERROR).to_string().contains("FOREIGN KEY"));
        assert!(!is_ours(&error(ffi::SQLITE_ERROR), false));
        assert!(is_ours(&error(ffi::SQLITE_CONSTRAINT_FOREIGNKEY), false));
        assert!(!is_ours(&error(ffi::SQLITE_CONSTRAINT_FOREIGNKEY), true));
    }
}
