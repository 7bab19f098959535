//! What a statement touches, as SQLite's own authorizer tells while it is prepared
//! (<https://sqlite.org/c3ref/set_authorizer.html>).

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

/// What statements touch.
#[derive(Debug, Default)]
pub(super) struct Touched {
    /// Adds rows to the tracking table.
    pub(super) records: bool,
    /// Changes or deletes rows of the tracking table, or puts a trigger on it.
    pub(super) meddles: bool,
    /// Creates something temporary.
    pub(super) temporary: bool,
    /// Creates a table or a view.
    pub(super) creates: bool,
    /// Creates a view or a trigger.
    pub(super) programs: bool,
    /// Drops something.
    pub(super) drops: bool,
    /// Alters a table: renames something, or adds or drops a column.
    pub(super) alters: bool,
    /// Changes or deletes rows of a table other than the tracking table.
    pub(super) changes_rows: bool,
    /// May leave rows in a table other than the tracking table.
    pub(super) fills: bool,
    /// Sets rows beside each other: an index that is made, rows that are copied.
    pub(super) compares: bool,
    /// Every table that it reads, writes or alters, triggers and views included.
    pub(super) tables: Vec<String>,
}

impl Touched {
    /// Adds what another statement touches.
    pub(super) fn extend(&mut self, other: &Touched) {
        self.temporary |= other.temporary;
        self.programs |= other.programs;
        self.alters |= other.alters;
        self.changes_rows |= other.changes_rows;
        self.fills |= other.fills;
        self.compares |= other.compares;
        for table in &other.tables {
            self.table(table);
        }
    }

    fn table(&mut self, name: &str) {
        if !name.starts_with("sqlite_") && !self.tables.iter().any(|known| known == name) {
            self.tables.push(name.to_owned());
        }
    }
}

pub(super) struct Observer {
    touched: Arc<Mutex<Touched>>,
}

impl Observer {
    pub(super) fn new(conn: &mut Connection, tracking_table: Option<&str>) -> Self {
        let touched = Arc::new(Mutex::new(Touched::default()));
        let seen = Arc::clone(&touched);
        let tracking_table = tracking_table.map(str::to_owned);
        let hook = move |context: AuthContext<'_>| {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            let in_main = context.database_name.is_none_or(|database| database == "main");
            let tracking = |table: &str| {
                in_main && tracking_table.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(table))
            };
            match context.action {
                AuthAction::Insert { table_name }
                | AuthAction::Update { table_name, .. }
                | AuthAction::Delete { table_name }
                | AuthAction::Read { table_name, .. }
                | AuthAction::AlterTable { table_name, .. }
                | AuthAction::DropTable { table_name }
                | AuthAction::CreateIndex { table_name, .. }
                | AuthAction::CreateTrigger { table_name, .. }
                    if in_main =>
                {
                    seen.table(table_name);
                }
                _ => {}
            }
            match context.action {
                AuthAction::Insert { table_name } if tracking(table_name) => seen.records = true,
                AuthAction::Update { table_name, .. }
                | AuthAction::Delete { table_name }
                | AuthAction::CreateTrigger { table_name, .. }
                | AuthAction::CreateTempTrigger { table_name, .. }
                    if tracking(table_name) =>
                {
                    seen.meddles = true;
                }
                // Everything temporary is entered into that catalog, also what was created as `temp.name`.
                AuthAction::Insert { table_name: "sqlite_temp_master" } => seen.temporary = true,
                AuthAction::Insert { table_name: "sqlite_master" } if !in_main => seen.temporary = true,
                AuthAction::Update { table_name, .. } | AuthAction::Delete { table_name } => {
                    seen.changes_rows |= !table_name.starts_with("sqlite_");
                }
                AuthAction::Insert { table_name } => {
                    let user = !table_name.starts_with("sqlite_");
                    seen.fills |= user;
                    seen.compares |= user;
                }
                AuthAction::CreateIndex { .. } => seen.compares = true,
                // CREATE TABLE … AS SELECT fills without an INSERT.
                AuthAction::Select => seen.fills = true,
                AuthAction::CreateTable { .. } => seen.creates = true,
                AuthAction::CreateView { .. } => {
                    seen.creates = true;
                    seen.programs = true;
                }
                AuthAction::CreateTrigger { .. } => seen.programs = true,
                AuthAction::DropTable { .. }
                | AuthAction::DropVtable { .. }
                | AuthAction::DropView { .. }
                | AuthAction::DropIndex { .. }
                | AuthAction::DropTrigger { .. } => seen.drops = true,
                AuthAction::AlterTable { .. } => seen.alters = true,
                // Would reach out of the rehearsal.
                AuthAction::Attach { .. } | AuthAction::Detach { .. } => return Authorization::Deny,
                _ => {}
            }
            Authorization::Allow
        };
        // Older rusqlite returns nothing here. It fails only for an authorizer that panics or a closed connection.
        let _ = conn.authorizer(Some(hook));
        Self { touched }
    }

    /// Starts anew.
    pub(super) fn forget(&self) {
        self.take();
    }

    /// What has been touched since the last look.
    pub(super) fn take(&self) -> Touched {
        std::mem::take(&mut *self.touched.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
