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
use super::hazards::{Hazards, Intent, LostNulls};
use super::rows::{self, Filled, Recipes, Rows};
use super::stage::{Refusal, Stage, Unwatched};
use super::stand_ins::StandIns;
use crate::check::draft::Draft;
use crate::check::fault::{Fault, Faults};
use crate::live::locate::{failure, message};
use crate::live::schema::{self, key};
use crate::model::migration::Settings;
use crate::model::rule::Rule;
use crate::sql::quote::quoted;
use crate::sql::script::Statement;
use crate::sql::token;
use crate::sql::verb::Verb;

/// How rows are put in and taken out: references may run in circles.
const UNCHECKED: Settings = Settings { foreign_keys: false, legacy_alter_table: false };

pub(super) struct WithRows {
    pub(super) stage: Stage,
    pub(super) catalog: Catalog,
    pub(super) tracking_table: Option<String>,
    pub(super) broken: Broken,
    /// Some file so far may have left rows of its own.
    pub(super) seeded: bool,
    pub(super) recipes: Recipes,
    /// The file from which on nothing more is judged, since the database was no longer in step with the empty one.
    pub(super) gave_up: Option<usize>,
    /// The files that were ended before their end.
    pub(super) endless: Vec<usize>,
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
            recipes: Recipes::default(),
            gave_up: None,
            endless: Vec::new(),
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
        if self.gave_up.is_some() {
            return Judgement::default();
        }
        // What goes wrong here is wrong with our rows, and no reason to refuse anybody's build.
        self.try_run(file, draft, empty, touched, intent, judge).unwrap_or_else(|_| {
            self.gave_up = Some(file);
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
        let mut tables = BTreeSet::new();
        if judge {
            tables = self.reached(touched, intent.restructures || intent.changes_rows);
        }
        self.seeded |= intent.fills;
        let breaks = intent.restructures || (intent.alters && self.catalog.programs);
        let intent = Intent { breaks, ..intent };
        self.stage.begin_budget();
        let judgement = if judge {
            let (others, lost) = self.probe(file, draft, &tables, intent)?;
            let mut judgement = self.judge(file, draft, &tables, intent)?;
            if judgement.complete {
                judgement.faults.extend(others.into_iter().flat_map(|other| other.faults(file)));
                // What is lost of any rows is told already.
                let loses = |fault: &Fault| matches!(fault.rule, Rule::LosesRows | Rule::DeletesChildRows);
                if !judgement.faults.iter().any(loses) {
                    judgement.faults.extend(lost);
                }
            }
            judgement
        } else {
            let refused = self.stage.run(draft, &mut Unwatched { unchecked: false })?.refusal.is_some();
            if refused && self.stage.run(draft, &mut Unwatched { unchecked: true })?.refusal.is_some() {
                self.gave_up = Some(file);
                return Ok(Judgement::default());
            }
            if intent.restructures || intent.programs {
                self.broken = Broken::history(&self.stage.conn)?;
            }
            Judgement::default()
        };
        if intent.temporary {
            self.stage.clear_temporary()?;
        }
        self.follow(draft)?;
        // Rows go along with a table that is renamed, and into one that is created from a query.
        for statement in &draft.script.statements {
            match &statement.verb {
                Verb::Rename { to, .. } => tables.insert(key(to)),
                verb => verb.created_table().is_some_and(|table| tables.insert(key(table))),
            };
        }
        tables.extend(self.reached(touched, false));
        tables.retain(|table| self.catalog.is_filled(table) && Some(table) != self.tracking_table.as_ref());
        self.restore(&tables, empty)?;
        Ok(judgement)
    }

    /// Runs a file on filled tables, under the eyes of the hazards.
    fn judge(
        &mut self,
        file: usize,
        draft: &Draft<'_>,
        tables: &BTreeSet<String>,
        intent: Intent,
    ) -> rusqlite::Result<Judgement> {
        self.unchecked(tables)?;
        let compared = intent.restructures || intent.changes_rows || intent.compares;
        let rows = if compared { Rows::Two } else { Rows::One };
        let filled = rows::fill(&self.stage.conn, &self.catalog, &mut self.recipes, tables, rows)?;
        let covered = tables.iter().all(|table| filled.contains_key(table));
        let broken = std::mem::take(&mut self.broken);
        let mut hazards = Hazards::new(file, draft, tables, &filled, intent, broken);
        let Some(refusal) = self.stage.run(draft, &mut hazards)?.refusal else {
            let (faults, broken) = hazards.into_parts();
            self.broken = broken;
            return Ok(Judgement { faults, complete: true });
        };
        if is_interrupted(&refusal) {
            self.endless.push(file);
        }
        if !is_ours(&refusal, covered) {
            hazards.fails_with_rows(&self.stage, refusal);
        }
        let (mut faults, broken) = hazards.into_parts();
        self.empty(tables)?;
        // Without rows it has to run, as it did on the empty database, and shows what it does to the schema. Its own rows
        // come back later.
        let nothing = Filled::new();
        let mut hazards = Hazards::new(file, draft, tables, &nothing, intent, broken).without_rows();
        let refused = self.stage.run(draft, &mut hazards)?.refusal.is_some();
        let (more, broken) = hazards.into_parts();
        faults.extend(more);
        self.broken = broken;
        if refused {
            self.gave_up = Some(file);
        }
        Ok(Judgement { faults, complete: false })
    }

    /// Runs a file on the rows that a constraint would meet in real life, and takes everything back. What it fails with
    /// counts only where it does not fail with other rows as well. The same goes for the rows with NULLs that it loses.
    fn probe(
        &mut self,
        file: usize,
        draft: &Draft<'_>,
        tables: &BTreeSet<String>,
        intent: Intent,
    ) -> rusqlite::Result<(Vec<OtherRows>, Vec<Fault>)> {
        let (mut found, mut lost) = (Vec::new(), Vec::new());
        if tables.is_empty() || !intent.meets_rows {
            return Ok((found, lost));
        }
        let nothing = Filled::new();
        let some = draft.script.statements.iter().any(|statement| holds_some(draft, statement));
        for (rows, rule) in [
            (Rows::WithNulls, Rule::FailsWithNulls),
            (Rows::WithDuplicates { some }, Rule::FailsWithDuplicates),
        ] {
            let Self { stage, catalog, recipes, .. } = self;
            let fill = |conn: &Connection| rows::fill(conn, catalog, recipes, tables, rows).map(drop);
            // Who has duplicates may well want to merge them.
            let mut nulls = (rows == Rows::WithNulls && intent.restructures)
                .then(|| LostNulls::new(file, draft, tables, &nothing, intent));
            let refusal = match &mut nulls {
                Some(nulls) => stage.probe(draft, nulls, fill)?,
                None => stage.probe(draft, &mut Unwatched { unchecked: false }, fill)?,
            };
            lost.extend(nulls.into_iter().flat_map(LostNulls::into_faults));
            if let Some(refusal) = refusal.filter(|refusal| OtherRows::explain(rule, draft, refusal)) {
                found.push(OtherRows { rule, refusal });
            }
        }
        Ok((found, lost))
    }

    /// What is broken at the end of the history and was never reported, as faults of the files that brought it.
    pub(super) fn end(&self, drafts: &[Draft<'_>]) -> Vec<Fault> {
        if self.gave_up.is_some() {
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
        // A file may write anything here, NULL most easily.
        let (name, seq): (Value, Value) = (row.get(0)?, row.get(1)?);
        to.execute("INSERT INTO main.sqlite_sequence (name, seq) VALUES (?1, ?2)", (name, seq))?;
    }
    Ok(())
}

/// What a file fails with on other rows than distinct ones.
struct OtherRows {
    rule: Rule,
    refusal: Refusal,
}

impl OtherRows {
    /// Whether a refusal is what these rows are for.
    fn explain(rule: Rule, draft: &Draft<'_>, refusal: &Refusal) -> bool {
        let Some(code) = failure(&refusal.error).map(|failure| failure.extended_code) else { return false };
        !refusal.stand_in
            && match rule {
                Rule::FailsWithNulls => {
                    matches!(code, ffi::SQLITE_CONSTRAINT_NOTNULL | ffi::SQLITE_CONSTRAINT_CHECK)
                        || (alters(draft, refusal)
                            && matches!(code & 0xff, ffi::SQLITE_ERROR | ffi::SQLITE_CONSTRAINT))
                }
                _ => matches!(
                    code,
                    ffi::SQLITE_CONSTRAINT_UNIQUE
                        | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                        | ffi::SQLITE_CONSTRAINT_ROWID
                ),
            }
    }

    fn faults(self, file: usize) -> Vec<Fault> {
        let message = message(&self.refusal.error);
        let mut faults = Faults::of(file);
        let message = match self.rule {
            Rule::FailsWithNulls => format!(
                "{message}, once a column is NULL that may be: it runs on rows without NULLs and fails on a user's; give \
                 those rows a value first, with UPDATE … WHERE … IS NULL or coalesce()"
            ),
            _ => format!(
                "{message}, once two rows agree in columns that need not differ: it runs on distinct rows and fails on a \
                 user's; merge or delete duplicates first"
            ),
        };
        faults.add_hazard(self.refusal.range, self.rule, message);
        faults.into_found()
    }
}

/// Whether it makes a unique index of some of the rows, or of what an expression makes of them.
fn holds_some(draft: &Draft<'_>, statement: &Statement) -> bool {
    let tokens = || token::significant(draft.statement(statement));
    matches!(statement.verb, Verb::CreateIndex { unique: true })
        && (tokens().any(|token| token.is_word("where"))
            || tokens().filter(|token| token.text == "(").count() > 1)
}

/// Whether it is an ALTER TABLE that is refused. It holds the rows that are there against a column or a constraint, and has
/// no code of its own for what it finds.
fn alters(draft: &Draft<'_>, refusal: &Refusal) -> bool {
    let statement = draft.script.statement_at(refusal.range.start);
    statement.is_some_and(|statement| matches!(statement.verb, Verb::AddColumn(_) | Verb::Alter))
}

/// Whether a refusal is no reason to accuse a file: rows that we could not make, a value that only a stand-in has made, a
/// search index that was never told of the rows, or a query that does not end on them.
fn is_ours(refusal: &Refusal, covered: bool) -> bool {
    let Some(failure) = failure(&refusal.error) else { return false };
    // RESTRICT fails as a trigger does.
    let refers =
        matches!(failure.extended_code, ffi::SQLITE_CONSTRAINT_FOREIGNKEY | ffi::SQLITE_CONSTRAINT_TRIGGER);
    (refers && !covered)
        || (refusal.stand_in && failure.code == ErrorCode::ConstraintViolation)
        || matches!(failure.code, ErrorCode::DatabaseCorrupt | ErrorCode::OperationInterrupted)
}

/// Whether it was ended, since it went on for longer than a file should.
fn is_interrupted(refusal: &Refusal) -> bool {
    failure(&refusal.error).is_some_and(|failure| failure.code == ErrorCode::OperationInterrupted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_statement_says_is_no_excuse_for_it() {
        let sql = "SELECT 'FOREIGN KEY constraint failed' FROM missing";
        let refusal = |code| Refusal {
            range: 0..0,
            error: rusqlite::Error::SqlInputError {
                error: ffi::Error::new(code),
                msg: "no such table: missing".to_owned(),
                sql: sql.to_owned(),
                offset: 0,
            },
            stand_in: false,
        };
        assert!(refusal(ffi::SQLITE_ERROR).error.to_string().contains("FOREIGN KEY"));
        assert!(!is_ours(&refusal(ffi::SQLITE_ERROR), false));
        assert!(is_ours(&refusal(ffi::SQLITE_CONSTRAINT_FOREIGNKEY), false));
        assert!(!is_ours(&refusal(ffi::SQLITE_CONSTRAINT_FOREIGNKEY), true));
        let constraint = refusal(ffi::SQLITE_CONSTRAINT_UNIQUE);
        assert!(!is_ours(&constraint, true));
        assert!(is_ours(&Refusal { stand_in: true, ..constraint }, true));
    }
}
