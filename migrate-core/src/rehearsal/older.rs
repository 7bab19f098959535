//! The previous release still works (`compatible = true`): what it may run is taken from the schema that it knows, and
//! must work after every file that it does not know.

use rusqlite::backup::Backup;
use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::catalog::{Catalog, Relation};
use super::rows::{self, Filled, Recipes, Rows};
use super::stand_ins::StandIns;
use crate::check::draft::Draft;
use crate::check::fault::Faults;
use crate::live::locate::message;
use crate::live::schema::{self, key};
use crate::model::rule::Rule;
use crate::sql::quote::quoted;
use crate::sql::verb::Verb;

/// The statements of a release.
pub(super) struct Release {
    /// How many files of the history it has.
    pub(super) files: usize,
    statements: Vec<Known>,
    /// Which of them work in the release itself.
    works: Vec<bool>,
}

/// A statement that the release may run, by table and column.
struct Known {
    /// What it does, as a message says it.
    does: String,
    sql: String,
    values: Vec<Value>,
    /// Only prepared, where no row could be made for its table.
    prepared: bool,
    /// The statement that gives it a row to work on.
    row: Option<usize>,
}

/// The release that files are held against, while the history runs.
pub(super) struct Older {
    /// The release that is still held against the files; none behind a file that raises the floor.
    pub(super) release: Option<Release>,
    /// There is a lock, so that not every file is a release.
    locked: bool,
    /// Some file so far has set the floor.
    pub(super) has_floor: bool,
}

impl Older {
    pub(super) fn new(locked: bool) -> Self {
        Self { release: None, locked, has_floor: false }
    }

    /// Judges the `position`th file of the history, which has just run on the empty database.
    pub(super) fn judge(
        &mut self,
        position: usize,
        draft: &Draft<'_>,
        empty: &Connection,
        stand_ins: &StandIns,
        tracking_table: Option<&str>,
        faults: &mut Faults,
    ) -> rusqlite::Result<()> {
        let floor = floor(draft);
        if !draft.shipped {
            let broken = match &self.release {
                Some(release) => release.first_broken(empty, stand_ins)?,
                None => None,
            };
            let is_first = !self.has_floor;
            match (floor, broken) {
                (Some((range, value)), _) if value != Some(position) => faults.add(
                    range,
                    Rule::WrongFloor,
                    format!(
                        "the floor is the position of the file that raises it; write PRAGMA user_version = {position}"
                    ),
                ),
                (Some((range, _)), None) if !is_first => faults.add(
                    range,
                    Rule::WrongFloor,
                    "the previous release can still use the database after this file, so nothing shuts it out; leave the \
                     PRAGMA out",
                ),
                (Some(_), _) => self.release = None,
                (None, Some((does, answer))) => report(draft, position, &does, &answer, faults),
                (None, None) => {}
            }
        }
        self.has_floor |= floor_is_set(draft);
        // What the next file is held against.
        let is_release = if self.locked { draft.shipped } else { true };
        if is_release {
            self.release = Some(Release::read(position + 1, empty, stand_ins, tracking_table)?);
        }
        Ok(())
    }
}

/// Where a file sets the floor, and to what.
fn floor(draft: &Draft<'_>) -> Option<(std::ops::Range<usize>, Option<usize>)> {
    draft.body().iter().rev().find_map(|statement| match &statement.verb {
        Verb::Pragma(pragma) if pragma.name == "user_version" => {
            let value = pragma.value.as_ref()?;
            Some((pragma.place.clone(), value.parse().ok()))
        }
        _ => None,
    })
}

fn floor_is_set(draft: &Draft<'_>) -> bool {
    floor(draft).is_some()
}

fn report(draft: &Draft<'_>, position: usize, does: &str, answer: &str, faults: &mut Faults) {
    let changes = |verb: &Verb| {
        matches!(
            verb,
            Verb::Drop { .. }
                | Verb::Rename { .. }
                | Verb::RenameColumn { .. }
                | Verb::AddColumn(_)
                | Verb::Alter
                | Verb::CreateTrigger(_)
                | Verb::CreateIndex { unique: true }
        )
    };
    let at = draft.body().iter().find(|statement| changes(&statement.verb)).or(draft.commit());
    faults.add_hazard(
        at.map_or(0..0, |statement| statement.first.clone()),
        Rule::BreaksOlderRelease,
        format!(
            "the previous release {does}, which fails after this file: {answer}; do it in two releases: add what is new, \
             copy, keep both equal with a trigger, and drop the old one later. To shut the previous release out instead, \
             write PRAGMA user_version = {position}; in this file"
        ),
    );
}

impl Release {
    /// Takes what works from the schema as it is now.
    pub(super) fn read(
        files: usize,
        from: &Connection,
        stand_ins: &StandIns,
        tracking_table: Option<&str>,
    ) -> rusqlite::Result<Self> {
        let conn = copy(from, stand_ins)?;
        let catalog = Catalog::read(&conn)?;
        let tables: Vec<(String, Relation)> = catalog
            .all()
            .filter(|entry| tracking_table.is_none_or(|table| !entry.name.eq_ignore_ascii_case(table)))
            .map(|entry| (entry.name.clone(), entry.kind))
            .collect();
        conn.execute_batch("BEGIN")?;
        let names = tables.iter().map(|(name, _)| key(name)).collect();
        let filled = rows::fill(&conn, &catalog, &mut Recipes::default(), &names, Rows::Two)?;
        conn.execute_batch("ROLLBACK")?;
        let mut release = Self { files, statements: Vec::new(), works: Vec::new() };
        for (name, kind) in &tables {
            release.take(&conn, name, *kind, &filled)?;
        }
        // What does not work there is not asked for.
        release.works = vec![true; release.statements.len()];
        for (index, _) in release.broken(&conn)? {
            if let Some(works) = release.works.get_mut(index) {
                *works = false;
            }
        }
        Ok(release)
    }

    fn take(
        &mut self,
        conn: &Connection,
        name: &str,
        kind: Relation,
        filled: &Filled,
    ) -> rusqlite::Result<()> {
        let table = quoted(name);
        // A view that is broken gives nothing to run, and is reported elsewhere.
        let Ok(all) = schema::columns(conn, name) else { return Ok(()) };
        let column = |name: &str| format!("{table}.{}", quoted(name));
        let mut read: Vec<String> = all.iter().map(|other| column(&other.name)).collect();
        let by_name: Vec<_> = all.iter().filter(|column| !column.generated).collect();
        if kind == Relation::Table && conn.prepare(&format!("SELECT {table}.rowid FROM {table}")).is_ok() {
            read.push(format!("{table}.rowid"));
        }
        self.add(
            format!("reads every column of {name}"),
            format!("SELECT {} FROM {table}", read.join(", ")),
            Vec::new(),
            false,
        );
        if kind == Relation::Virtual {
            return Ok(());
        }
        // A view takes what its INSTEAD OF triggers take.
        let row = filled.get(&key(name)).and_then(|rows| rows.last());
        let prepared = row.is_none();
        let value = |column: &str| row.and_then(|row| row.get(&key(column))).cloned().unwrap_or(Value::Null);
        let insert = |columns: &[&schema::Column], conflict: &str| {
            let names: Vec<_> = columns.iter().map(|column| quoted(&column.name)).collect();
            let places: Vec<_> = (1..=names.len()).map(|place| format!("?{place}")).collect();
            if names.is_empty() {
                format!("INSERT INTO {table} DEFAULT VALUES")
            } else {
                format!("INSERT INTO {table} ({}) VALUES ({}){conflict}", names.join(", "), places.join(", "))
            }
        };
        let values = |columns: &[&schema::Column]| columns.iter().map(|column| value(&column.name)).collect();
        self.add(
            format!("writes every column of a row into {name}"),
            insert(&by_name, ""),
            values(&by_name),
            prepared,
        );
        let made = self.statements.len() - 1;
        let required: Vec<_> = by_name
            .iter()
            .copied()
            .filter(|column| column.not_null && column.default.is_none() && column.primary_key == 0)
            .collect();
        if required.len() < by_name.len() {
            self.add(
                format!("writes a row with only the required columns into {name}"),
                insert(&required, ""),
                values(&required),
                prepared,
            );
        }
        for columns in schema::unique_keys(conn, name)? {
            let columns: Vec<_> = columns.iter().map(|column| quoted(column)).collect();
            let conflict = format!(" ON CONFLICT ({}) DO NOTHING", columns.join(", "));
            let does = format!("writes into {name} with{conflict}");
            self.add(does, insert(&by_name, &conflict), values(&by_name), prepared);
        }
        for changed in &by_name {
            let sql = format!("UPDATE {table} SET {0} = {1}", quoted(&changed.name), column(&changed.name));
            self.add(format!("updates {name}.{}", changed.name), sql, Vec::new(), prepared);
        }
        self.add(format!("deletes from {name}"), format!("DELETE FROM {table}"), Vec::new(), prepared);
        // What changes rows needs one to change.
        for known in self.statements.iter_mut().skip(made + 1).filter(|known| known.values.is_empty()) {
            known.row = Some(made);
        }
        Ok(())
    }

    fn add(&mut self, does: String, sql: String, values: Vec<Value>, prepared: bool) {
        self.statements.push(Known { does, sql, values, prepared, row: None });
    }

    /// The first statement that no longer works on a database, and what SQLite says.
    fn first_broken(
        &self,
        empty: &Connection,
        stand_ins: &StandIns,
    ) -> rusqlite::Result<Option<(String, String)>> {
        let conn = copy(empty, stand_ins)?;
        let first = self.broken(&conn)?.into_iter().next();
        Ok(first.and_then(|(index, answer)| Some((self.statements.get(index)?.does.clone(), answer))))
    }

    /// The statements that do not work on a database, and what SQLite says. Each runs by itself.
    fn broken(&self, conn: &Connection) -> rusqlite::Result<Vec<(usize, String)>> {
        let mut broken = Vec::new();
        for (index, known) in self.statements.iter().enumerate() {
            if !self.works.get(index).copied().unwrap_or_default() {
                continue;
            }
            conn.execute_batch("BEGIN")?;
            if let Some(row) = known.row.and_then(|row| self.statements.get(row)) {
                // Where it fails, that is found out by itself.
                let _ = rows::without_triggers(conn, || row.run(conn));
            }
            let result = known.run(conn);
            if !conn.is_autocommit() {
                conn.execute_batch("ROLLBACK")?;
            }
            if let Err(error) = result {
                broken.push((index, message(&error)));
            }
        }
        Ok(broken)
    }
}

impl Known {
    fn run(&self, conn: &Connection) -> rusqlite::Result<()> {
        let mut statement = conn.prepare(&self.sql)?;
        if self.prepared {
            return Ok(());
        }
        let mut rows = statement.query(params_from_iter(&self.values))?;
        while rows.next()?.is_some() {}
        Ok(())
    }
}

/// A copy to try things on. References are not checked, since each statement runs by itself; double quotes are names.
fn copy(from: &Connection, stand_ins: &StandIns) -> rusqlite::Result<Connection> {
    let mut conn = Connection::open_in_memory()?;
    stand_ins.register(&conn, &std::sync::Arc::default())?;
    Backup::new(from, &mut conn)?.step(-1)?;
    conn.execute_batch("PRAGMA foreign_keys = OFF")?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    Ok(conn)
}
