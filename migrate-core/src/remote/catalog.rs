//! What the files so far have made that evaluates something later: DEFAULTs, views and triggers, by their texts. Knows no
//! rows and no types. Where it cannot tell, as with what a foreign key sets off, it takes what could happen for what does.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::shape::{Change, Column, Shape, Write, folded};
use super::varies::{self, Varies};
use crate::sql::token::{Token, TokenKind, significant};

#[derive(Default)]
pub(super) struct Catalog {
    tables: BTreeMap<String, Table>,
    /// Their texts.
    views: BTreeMap<String, String>,
    triggers: BTreeMap<String, Trigger>,
    /// A file has turned foreign keys off, so that none sets anything off.
    keys_off: bool,
}

#[derive(Default)]
struct Table {
    columns: Vec<Column>,
    parents: BTreeSet<String>,
}

struct Trigger {
    on: String,
    change: Change,
    text: String,
}

/// What a statement would come to evaluate on each node, and where in its text.
pub(super) struct Anew {
    pub(super) range: Range<usize>,
    /// A clause that says what and by way of what.
    pub(super) what: String,
}

impl Catalog {
    pub(super) fn begin(&mut self, foreign_keys: bool) {
        self.keys_off = !foreign_keys;
    }

    /// Enters what a statement has changed.
    pub(super) fn enter(&mut self, text: &str, shape: Shape) {
        match shape {
            Shape::CreateTable { table, columns, parents, .. } => {
                // IF NOT EXISTS leaves the one that is there.
                self.tables.entry(table).or_insert(Table { columns, parents: parents.into_iter().collect() });
            }
            Shape::CreateView { view } => {
                self.views.entry(view).or_insert_with(|| text.to_owned());
            }
            Shape::CreateTrigger { trigger, on, change } => {
                let text = text.to_owned();
                self.triggers.entry(trigger).or_insert(Trigger { on, change, text });
            }
            Shape::RenameTable { table, to } => self.rename(&table, &to),
            Shape::RenameColumn { table, column, to } => {
                for known in self.tables.get_mut(&table).into_iter().flat_map(|table| &mut table.columns) {
                    if known.name == column {
                        known.name.clone_from(&to);
                    }
                }
            }
            Shape::AddColumn { table, column, parents } => {
                let table = self.tables.entry(table).or_default();
                table.columns.push(column);
                table.parents.extend(parents);
            }
            Shape::DropColumn { table, column } => {
                if let Some(table) = self.tables.get_mut(&table) {
                    table.columns.retain(|known| known.name != column);
                }
            }
            Shape::DropTable { table } => {
                self.tables.remove(&table);
                self.triggers.retain(|_, trigger| trigger.on != table);
            }
            Shape::DropView { view } => {
                self.views.remove(&view);
                self.triggers.retain(|_, trigger| trigger.on != view);
            }
            Shape::DropTrigger { trigger } => {
                self.triggers.remove(&trigger);
            }
            Shape::Write(_) | Shape::Rows | Shape::Other => {}
        }
    }

    /// SQLite renames a table also where others reference it.
    fn rename(&mut self, from: &str, to: &str) {
        if let Some(table) = self.tables.remove(from) {
            self.tables.insert(to.to_owned(), table);
        }
        for table in self.tables.values_mut() {
            if table.parents.remove(from) {
                table.parents.insert(to.to_owned());
            }
        }
        for trigger in self.triggers.values_mut() {
            if trigger.on == from {
                to.clone_into(&mut trigger.on);
            }
        }
    }

    /// The columns of a table whose DEFAULT is not constant, and it.
    pub(super) fn varying_defaults(&self, table: &str) -> impl Iterator<Item = (&str, &str)> {
        let columns =
            self.tables.get(&table.to_ascii_lowercase()).into_iter().flat_map(|table| &table.columns);
        columns.filter_map(|column| {
            let default = column.default.as_deref()?;
            is_varying(default).then_some((column.name.as_str(), default))
        })
    }

    /// What a statement that writes rows comes to evaluate on each node. `tracking` is the table whose record is given
    /// its time by the client.
    pub(super) fn evaluated(&self, tokens: &[Token<'_>], shape: &Shape, tracking: &str) -> Option<Anew> {
        let mut asked = BTreeSet::new();
        match shape {
            Shape::Write(_) | Shape::CreateTable { copies: true, .. } => {
                self.statement(tokens, shape, tracking, &mut asked)
            }
            Shape::DropTable { table } => {
                // With foreign keys on, its rows are deleted first. Its own triggers are silent.
                let what = self.set_off(table, tracking, &mut asked)?;
                Some(Anew { range: tokens.first()?.range(), what })
            }
            _ => None,
        }
    }

    fn statement(
        &self,
        tokens: &[Token<'_>],
        shape: &Shape,
        tracking: &str,
        asked: &mut BTreeSet<String>,
    ) -> Option<Anew> {
        if let Some(Varies { range, what }) = varies::varies(tokens) {
            return Some(Anew { range, what });
        }
        if let Some((token, what)) = self.views_named(tokens) {
            return Some(Anew { range: token.range(), what });
        }
        let Shape::Write(write) = shape else { return None };
        let range = tokens.get(write.at)?.range();
        let what = self.defaults_left(write, tracking).or_else(|| {
            write.changes.iter().find_map(|&change| self.fired(&write.table, change, tracking, asked))
        })?;
        Some(Anew { range, what })
    }

    /// A view that is named, and whose text varies.
    fn views_named<'t, 'a>(&self, tokens: &'t [Token<'a>]) -> Option<(&'t Token<'a>, String)> {
        let mut seen = BTreeSet::new();
        tokens.iter().find_map(|token| {
            let what = self.view(&folded(token).filter(|_| token.kind != TokenKind::Text)?, &mut seen)?;
            Some((token, what))
        })
    }

    fn view(&self, name: &str, seen: &mut BTreeSet<String>) -> Option<String> {
        let text = self.views.get(name)?;
        if !seen.insert(name.to_owned()) {
            return None;
        }
        let tokens: Vec<_> = significant(text).collect();
        if let Some(varies) = varies::varies(&tokens) {
            return Some(format!("{} in the view {name}", varies.what));
        }
        tokens.iter().filter_map(folded).find_map(|name| self.view(&name, seen))
    }

    /// A column that an INSERT leaves to a DEFAULT that varies.
    fn defaults_left(&self, write: &Write, tracking: &str) -> Option<String> {
        let given = write.columns.as_ref()?;
        if !write.changes.contains(&Change::Insert) || write.table.eq_ignore_ascii_case(tracking) {
            return None;
        }
        let (column, default) = self
            .varying_defaults(&write.table)
            .find(|(column, _)| !given.iter().any(|given| given == column))?;
        Some(format!("column {column}, which is left to its DEFAULT {default}"))
    }

    /// What the triggers of a table evaluate for a change.
    fn fired(
        &self,
        table: &str,
        change: Change,
        tracking: &str,
        asked: &mut BTreeSet<String>,
    ) -> Option<String> {
        if self.triggers.is_empty() {
            return None;
        }
        let fired =
            self.triggers.iter().filter(|(_, trigger)| trigger.on == table && trigger.change == change);
        for (name, trigger) in fired {
            if asked.insert(name.clone())
                && let Some(what) = self.body(trigger, tracking, asked)
            {
                return Some(format!("{what}, by way of the trigger {name}"));
            }
        }
        if change == Change::Insert { None } else { self.set_off(table, tracking, asked) }
    }

    /// What the foreign keys that reference a table set off when rows of it go or change.
    fn set_off(&self, table: &str, tracking: &str, asked: &mut BTreeSet<String>) -> Option<String> {
        if self.keys_off {
            return None;
        }
        let children: Vec<_> = self
            .tables
            .iter()
            .filter(|(_, child)| child.parents.contains(table))
            .map(|(name, _)| name.as_str())
            .collect();
        children.into_iter().find_map(|child| {
            if !asked.insert(format!("rows of {child}")) {
                return None;
            }
            [Change::Delete, Change::Update]
                .into_iter()
                .find_map(|change| self.fired(child, change, tracking, asked))
        })
    }

    /// What a trigger evaluates: its WHEN, and its statements.
    fn body(&self, trigger: &Trigger, tracking: &str, asked: &mut BTreeSet<String>) -> Option<String> {
        let tokens: Vec<_> = significant(&trigger.text).collect();
        let begin = tokens.iter().position(|token| token.is_word("begin")).unwrap_or(tokens.len());
        let (head, body) = tokens.split_at(begin);
        let whole = |tokens: &[Token<'_>]| varies::varies(tokens).map(|varies| varies.what);
        whole(head).or_else(|| {
            let statements =
                body.get(1..).unwrap_or_default().split(|token| token.kind == TokenKind::Semicolon);
            statements.into_iter().find_map(|tokens| {
                self.statement(tokens, &Shape::of(tokens), tracking, asked).map(|anew| anew.what)
            })
        })
    }
}

fn is_varying(default: &str) -> bool {
    varies::varies(&significant(default).collect::<Vec<_>>()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the last of the statements comes to evaluate.
    fn last(script: &[&str]) -> Option<String> {
        let mut catalog = Catalog::default();
        let mut found = None;
        for text in script {
            let tokens: Vec<_> = significant(text).collect();
            let shape = Shape::of(&tokens);
            found = catalog.evaluated(&tokens, &shape, "tracking").map(|anew| anew.what);
            catalog.enter(text, shape);
        }
        found
    }

    const TABLE: &str = "CREATE TABLE t (a, at TEXT DEFAULT (datetime('now')))";
    const VIEW: &str = "CREATE VIEW v AS SELECT date('now') AS d";
    const TRIGGER: &str =
        "CREATE TRIGGER g AFTER DELETE ON t BEGIN SELECT 1; INSERT INTO log VALUES (random()); END";

    #[test]
    fn what_comes_by_way_of_something_else_is_found() {
        for (script, what) in [
            (vec![TABLE, "INSERT INTO t (a) VALUES (1)"], "column at, which is left"),
            (vec![TABLE, "INSERT INTO t DEFAULT VALUES"], "column at"),
            (vec![TABLE, "ALTER TABLE t RENAME TO u", "INSERT INTO u (a) VALUES (1)"], "column at"),
            (vec![TABLE, "ALTER TABLE t RENAME at TO b", "INSERT INTO t (a) VALUES (1)"], "column b"),
            (
                vec![
                    "CREATE TABLE t (a)",
                    "ALTER TABLE t ADD COLUMN n DEFAULT CURRENT_TIMESTAMP",
                    "INSERT INTO T (a) VALUES (1)",
                ],
                "column n",
            ),
            (vec![VIEW, "INSERT INTO t SELECT d FROM \"V\""], "in the view v"),
            (
                vec![VIEW, "CREATE VIEW w AS SELECT * FROM v", "CREATE TABLE t AS SELECT * FROM w"],
                "in the view v",
            ),
            (vec![TABLE, TRIGGER, "DELETE FROM t"], "random(), by way of the trigger g"),
            (vec![TABLE, TRIGGER, "REPLACE INTO t VALUES (1, 2)"], "trigger g"),
            (
                vec![
                    TABLE,
                    TRIGGER,
                    "CREATE TRIGGER h AFTER INSERT ON u BEGIN DELETE FROM t; END",
                    "INSERT INTO u VALUES (1)",
                ],
                "by way of the trigger g, by way of the trigger h",
            ),
            (
                vec![
                    "CREATE TABLE p (id)",
                    "CREATE TABLE t (p REFERENCES p ON DELETE CASCADE)",
                    TRIGGER,
                    "DELETE FROM p",
                ],
                "trigger g",
            ),
            (
                vec![
                    "CREATE TABLE p (id)",
                    "CREATE TABLE t (p REFERENCES p ON DELETE CASCADE)",
                    TRIGGER,
                    "DROP TABLE p",
                ],
                "trigger g",
            ),
            (
                vec![
                    "CREATE TABLE t (a)",
                    "CREATE TRIGGER g INSERT ON t WHEN random() > 0 BEGIN SELECT 1; END",
                    "INSERT INTO t VALUES (1)",
                ],
                "random()",
            ),
            (
                vec![
                    TABLE,
                    "CREATE TRIGGER h INSERT ON u BEGIN INSERT INTO t (a) VALUES (1); END",
                    "INSERT INTO u VALUES (1)",
                ],
                "column at",
            ),
        ] {
            let found = last(&script).unwrap_or_else(|| panic!("{script:?}"));
            assert!(found.contains(what), "{script:?}: {found}");
        }
    }

    #[test]
    fn a_foreign_key_sets_off_nothing_where_it_is_off_or_says_no_action() {
        for (action, off, found) in
            [("ON DELETE CASCADE", false, true), ("ON DELETE CASCADE", true, false), ("", false, false)]
        {
            let mut catalog = Catalog::default();
            let child = format!("CREATE TABLE t (p REFERENCES p {action})");
            for text in ["CREATE TABLE p (id)", &child, TRIGGER] {
                catalog.enter(text, Shape::of(&significant(text).collect::<Vec<_>>()));
            }
            catalog.begin(!off);
            let tokens: Vec<_> = significant("DROP TABLE p").collect();
            let anew = catalog.evaluated(&tokens, &Shape::of(&tokens), "tracking");
            assert_eq!(anew.is_some(), found, "{action} off: {off}");
        }
    }

    #[test]
    fn what_is_only_created_or_gone_again_is_accepted() {
        for script in [
            vec![TABLE],
            vec![VIEW],
            vec![TRIGGER],
            vec![TABLE, "INSERT INTO t (a, at) VALUES (1, '2024-01-01')"],
            vec![TABLE, "INSERT INTO t SELECT 1, 2"],
            vec![TABLE, "UPDATE t SET a = 1"],
            vec![TABLE, TRIGGER, "INSERT INTO t VALUES (1, 2)"],
            vec![TABLE, TRIGGER, "DROP TRIGGER g", "DELETE FROM t"],
            vec![TABLE, "DROP TABLE t", "CREATE TABLE t (a, at)", "INSERT INTO t (a) VALUES (1)"],
            vec![VIEW, "DROP VIEW v", "INSERT INTO t SELECT d FROM v"],
            vec![
                "CREATE TABLE tracking (version, at DEFAULT CURRENT_TIMESTAMP)",
                "INSERT INTO Tracking (version) VALUES (1)",
            ],
            // A trigger that fires itself again and again is asked once.
            vec![
                "CREATE TRIGGER g INSERT ON t BEGIN INSERT INTO t VALUES (1); END",
                "INSERT INTO t VALUES (1)",
            ],
        ] {
            assert_eq!(last(&script), None, "{script:?}");
        }
    }
}
