//! Temporary objects: gone by COMMIT, and never in the place of one of the database's.

use std::ops::Range;

use rusqlite::Connection;

use super::Contract;
use crate::model::rule::Rule;
use crate::rehearsal::observer::Touched;
use crate::rehearsal::stage::Stage;
use crate::rehearsal::trust::Trust;
use crate::sql::quote::quoted;
use crate::sql::script::Statement;

/// Kind and name of an object of the temporary schema.
type Object = (String, String);

/// What a file has of its own in the temporary schema.
#[derive(Default)]
pub(super) struct Temporary {
    /// Each object, and the statement that made it.
    made: Vec<(Object, Range<usize>)>,
    /// One took the place of a table or view of the database, so what follows is doubtful.
    hides: bool,
    /// A temporary AUTOINCREMENT table was made, whose catalog nothing can drop.
    counts: bool,
}

impl Contract<'_, '_> {
    /// Takes note of a statement that has run.
    pub(super) fn after_temporary(
        &mut self,
        stage: &Stage,
        statement: &Statement,
        touched: &Touched,
    ) -> rusqlite::Result<()> {
        if touched.temporary {
            self.check_sequence(stage, statement)?;
            for object in temporary(&stage.conn)? {
                if !self.temporary.made.iter().any(|(known, _)| *known == object) {
                    self.temporary.made.push((object, statement.first.clone()));
                }
            }
        }
        if touched.temporary || (touched.creates && !self.temporary.made.is_empty()) {
            self.check_hidden(stage, statement)?;
        }
        Ok(())
    }

    /// SQLite keeps the numbers of AUTOINCREMENT in a catalog that it never drops again.
    fn check_sequence(&mut self, stage: &Stage, statement: &Statement) -> rusqlite::Result<()> {
        let sql = "SELECT EXISTS (SELECT 1 FROM temp.sqlite_master WHERE name = 'sqlite_sequence')";
        if self.temporary.counts || !stage.conn.query_row(sql, [], |row| row.get(0))? {
            return Ok(());
        }
        self.temporary.counts = true;
        self.faults.add(
            statement.first.clone(),
            Rule::LeftoverTemp,
            "AUTOINCREMENT in a temporary table makes temp.sqlite_sequence, which nothing can drop and which hides the \
             database's own until the connection closes; leave AUTOINCREMENT out",
        );
        Ok(())
    }

    fn check_hidden(&mut self, stage: &Stage, statement: &Statement) -> rusqlite::Result<()> {
        if self.temporary.hides {
            return Ok(());
        }
        let mut query = stage.conn.prepare(
            "SELECT m.type, m.name FROM temp.sqlite_master t JOIN main.sqlite_master m ON lower(m.name) = lower(t.name)
             WHERE t.type IN ('table', 'view') AND m.type IN ('table', 'view') AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        )?;
        let mut rows = query.raw_query();
        if let Some(row) = rows.next()? {
            let (kind, name): (String, String) = (row.get(0)?, row.get(1)?);
            self.temporary.hides = true;
            self.trust = Trust::Lost;
            self.faults.add(
                statement.first.clone(),
                Rule::LeftoverTemp,
                format!("a temporary table or view hides the {kind} {name} of the database; rename it"),
            );
        }
        Ok(())
    }

    /// Nothing may be left at COMMIT. Leaves nothing, so that the next file is judged on its own merits.
    pub(super) fn check_temporary(&mut self, stage: &Stage) -> rusqlite::Result<()> {
        if self.temporary.made.is_empty() {
            return Ok(());
        }
        let left = temporary(&stage.conn)?;
        for (object, at) in std::mem::take(&mut self.temporary.made) {
            // One that hides another is reported already.
            if left.contains(&object) && !self.temporary.hides {
                let (kind, name) = &object;
                self.faults.add(
                    at,
                    Rule::LeftoverTemp,
                    format!("the temporary {kind} {name} is still there at COMMIT; drop it before"),
                );
            }
        }
        for (kind, name) in left {
            // A trigger goes with its table, and is no longer there when its turn comes.
            stage.conn.execute_batch(&format!("DROP {kind} IF EXISTS temp.{}", quoted(&name)))?;
        }
        Ok(())
    }
}

/// What is in the temporary schema, indexes apart: they go with their tables.
fn temporary(conn: &Connection) -> rusqlite::Result<Vec<Object>> {
    let mut statement = conn.prepare(
        "SELECT type, name FROM temp.sqlite_master
         WHERE type IN ('table', 'view', 'trigger') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
