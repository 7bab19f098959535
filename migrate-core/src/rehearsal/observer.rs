//! What a statement touches, as SQLite's own authorizer tells while it is prepared
//! (<https://sqlite.org/c3ref/set_authorizer.html>).

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

/// What the statements since [`Observer::forget`] touch.
#[derive(Clone, Debug, Default)]
pub(super) struct Touched {
    /// Adds rows to the tracking table.
    pub(super) records: bool,
    /// Changes or deletes rows of the tracking table, or puts a trigger on it.
    pub(super) meddles: bool,
    /// Creates something temporary.
    pub(super) temporary: bool,
    /// Creates a table or a view.
    pub(super) creates: bool,
    /// The tables that it drops.
    pub(super) dropped_tables: Vec<String>,
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
                AuthAction::CreateTable { .. } | AuthAction::CreateView { .. } => seen.creates = true,
                AuthAction::DropTable { table_name } => seen.dropped_tables.push(table_name.to_owned()),
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

    pub(super) fn forget(&self) {
        *self.touched.lock().unwrap_or_else(PoisonError::into_inner) = Touched::default();
    }

    pub(super) fn touched(&self) -> Touched {
        self.touched.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
