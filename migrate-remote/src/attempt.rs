//! One file as it goes over: its guard, its statements, and the checks after them, each with the part that it plays.
//!
//! Every check is a SELECT that overflows where it does not hold, since that is an error on both engines and ends the
//! transaction. Which one it was, the engine says by its number, never by a text.

use std::borrow::Cow;

use embed_migrations_core::__remote::{self as core, Engine, Stamp};
use embed_migrations_core::Migration;

/// What a statement is sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Foreign keys are not enforced (rqlite, where they cannot be switched).
    KeysOff,
    /// Foreign keys as the file wants them, and whether they are (libSQL).
    Setting,
    Begin,
    /// The history is as it was read.
    Guard,
    /// Of the file, by its number there.
    Statement(usize),
    Check(Check),
    /// The time of the record.
    Record,
    /// Changes nothing, and tells by its count whether foreign keys are enforced (rqlite).
    Probe,
    Commit,
    Rollback,
    /// Foreign keys as they were.
    Restore,
    /// A statement of a later file, which is read and never run.
    Ahead {
        position: usize,
        statement: usize,
    },
}

/// What has to hold before the transaction is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// The file's own record is there.
    Recorded,
    /// It is the only new one.
    Count,
    /// No trigger stands on the tracking table.
    Trigger,
    /// No more rows than before violate a foreign key.
    ForeignKeys,
}

#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) role: Role,
    pub(crate) sql: Cow<'static, str>,
}

/// A file under way.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// Which one of the migrations, and so how many are applied before it.
    pub(crate) position: usize,
    pub(crate) migration: &'static Migration,
    pub(crate) sent: Vec<Sent>,
}

/// What a file's request is made from.
pub(crate) struct Needs<'a> {
    pub(crate) engine: Engine,
    pub(crate) end: &'static [Migration],
    pub(crate) position: usize,
    pub(crate) table: &'static str,
    /// For a file that turns foreign keys off.
    pub(crate) violations: Option<&'a Violations>,
    pub(crate) stamps: &'a [Stamp],
    /// Of the record.
    pub(crate) time: &'a str,
    /// Nothing was sent yet, so what goes over once goes over now.
    pub(crate) first: bool,
}

/// Rows that violate a foreign key, as they were read before a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Violations {
    /// Child, parent, and how many.
    pub(crate) rows: Vec<(String, String, i64)>,
    /// Tables with a key that fits no unique column of its parent: nothing can be counted there.
    pub(crate) uncounted: Vec<String>,
}

/// Fails where what follows holds.
pub(crate) const UNLESS: &str = "SELECT abs(-9223372036854775808) WHERE ";

/// Texts of later files that are read ahead, in bytes. A larger history finds out file by file.
const LOOK_AHEAD: usize = 1 << 20;

impl Attempt {
    pub(crate) fn new(needs: &Needs<'_>) -> Option<Self> {
        let migration = needs.end.get(needs.position)?;
        let mut attempt = Self { position: needs.position, migration, sent: Vec::new() };
        let keys = core::foreign_keys(migration);
        match needs.engine {
            Engine::Rqlite if keys => {}
            Engine::Rqlite => {
                attempt.add(Role::KeysOff, format!("{UNLESS}(SELECT foreign_keys FROM pragma_foreign_keys)"));
            }
            Engine::LibSql => {
                let (word, number) = if keys { ("ON", 1) } else { ("OFF", 0) };
                attempt.add(Role::Setting, format!("PRAGMA foreign_keys = {word}"));
                attempt.add(
                    Role::Setting,
                    format!("{UNLESS}(SELECT foreign_keys FROM pragma_foreign_keys) <> {number}"),
                );
                attempt.add(Role::Begin, "BEGIN IMMEDIATE");
            }
        }
        attempt.add(Role::Guard, guard(needs));
        for (index, statement) in core::statements(migration).iter().enumerate() {
            attempt.add(Role::Statement(index), statement.text);
        }
        attempt.add_checks(needs);
        match needs.engine {
            Engine::Rqlite => attempt.add_probe(needs),
            Engine::LibSql => {
                attempt.add(Role::Commit, "COMMIT");
                attempt.add(Role::Rollback, "ROLLBACK");
                attempt.add(Role::Restore, "PRAGMA foreign_keys = ON");
                attempt.add_ahead(needs);
            }
        }
        Some(attempt)
    }

    fn add(&mut self, role: Role, sql: impl Into<Cow<'static, str>>) {
        self.sent.push(Sent { role, sql: sql.into() });
    }

    fn add_checks(&mut self, needs: &Needs<'_>) {
        let table = core::quoted(needs.table);
        let own = record(self.migration);
        self.add(
            Role::Check(Check::Recorded),
            format!("{UNLESS}NOT EXISTS (SELECT 1 FROM {table} WHERE {own})"),
        );
        let count = needs.position + 1;
        self.add(Role::Check(Check::Count), format!("{UNLESS}(SELECT count(*) FROM {table}) <> {count}"));
        if core::leaves_trigger(self.migration) {
            let name = text(needs.table);
            self.add(
                Role::Check(Check::Trigger),
                format!(
                    "{UNLESS}EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND tbl_name = {name} COLLATE NOCASE)"
                ),
            );
        }
        if let Some(violations) = needs.violations {
            self.add(Role::Check(Check::ForeignKeys), violations.check());
        }
        let assignments: Vec<_> =
            needs.stamps.iter().filter_map(|stamp| stamp.assignment(needs.time)).collect();
        if !assignments.is_empty() {
            let assignments = assignments.join(", ");
            self.add(Role::Record, format!("UPDATE {table} SET {assignments} WHERE {own}"));
        }
    }

    /// A query would say 0 where foreign keys were switched on after the start, so the writer is asked.
    fn add_probe(&mut self, needs: &Needs<'_>) {
        if needs.first && core::foreign_keys(self.migration) {
            let (table, own) = (core::quoted(needs.table), record(self.migration));
            self.add(
                Role::Probe,
                format!(
                    "UPDATE {table} SET name = name WHERE {own} AND (SELECT foreign_keys FROM pragma_foreign_keys)"
                ),
            );
        }
    }

    /// libSQL reads all statements of a request before it runs the first, and refuses the request where it cannot read
    /// one. So the first file takes the others along, to be read only.
    fn add_ahead(&mut self, needs: &Needs<'_>) {
        let later = needs.end.iter().enumerate().skip(needs.position + 1);
        let size: usize = later.clone().map(|(_, later)| later.sql().len()).sum();
        if !needs.first || size > LOOK_AHEAD {
            return;
        }
        for (position, later) in later {
            for (statement, of) in core::statements(later).iter().enumerate() {
                self.add(Role::Ahead { position, statement }, of.text);
            }
        }
    }
}

fn guard(needs: &Needs<'_>) -> String {
    let position = needs.position;
    let Some(before) = position.checked_sub(1).and_then(|before| needs.end.get(before)) else {
        let name = text(needs.table);
        return format!("{UNLESS}EXISTS (SELECT 1 FROM sqlite_master WHERE name = {name} COLLATE NOCASE)");
    };
    let (table, before) = (core::quoted(needs.table), record(before));
    // Not by max(version): as texts, '999' is more than '1000'.
    format!(
        "{UNLESS}(SELECT count(*) FROM {table}) <> {position} OR NOT EXISTS (SELECT 1 FROM {table} WHERE {before})"
    )
}

/// The row of a migration.
fn record(migration: &Migration) -> String {
    format!("version = {} AND name = {}", text(migration.version()), text(migration.name()))
}

/// A string in SQL. Neither engine's requests of many statements take values of their own for all of them.
pub(crate) fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// Each name comes as some CREATE TABLE spells it, and a rebuild may do so in another case.
const PER_KEY: &str = "GROUP BY c.\"table\" COLLATE NOCASE, c.parent COLLATE NOCASE";

impl Violations {
    /// Which rows violate a foreign key, per child and parent. `condition` is there to keep it from being counted in vain.
    pub(crate) fn query(condition: &str) -> String {
        format!(
            "SELECT c.\"table\", c.parent, count(*) FROM pragma_foreign_key_check AS c WHERE {condition} {PER_KEY}"
        )
    }

    /// The same for one table.
    pub(crate) fn query_of(child: &str, condition: &str) -> String {
        format!(
            "SELECT c.\"table\", c.parent, count(*) FROM pragma_foreign_key_check({}) AS c WHERE {condition} {PER_KEY}",
            text(child)
        )
    }

    fn check(&self) -> String {
        let from = if self.uncounted.is_empty() {
            "pragma_foreign_key_check AS c".to_owned()
        } else {
            let uncounted: Vec<_> = self.uncounted.iter().map(|table| text(table)).collect();
            format!(
                "sqlite_master AS m JOIN pragma_foreign_key_check(m.name) AS c WHERE m.type = 'table' AND m.name COLLATE NOCASE NOT IN ({})",
                uncounted.join(", ")
            )
        };
        let mut before = String::new();
        for (child, parent, rows) in &self.rows {
            before.push_str(&format!(
                " WHEN child = {} COLLATE NOCASE AND parent = {} COLLATE NOCASE THEN {rows}",
                text(child),
                text(parent)
            ));
        }
        let before = if before.is_empty() { "0".to_owned() } else { format!("CASE{before} ELSE 0 END") };
        format!(
            "{UNLESS}EXISTS (SELECT 1 FROM (SELECT c.\"table\" AS child, c.parent AS parent, count(*) AS n FROM {from} \
             {PER_KEY}) WHERE n > {before})"
        )
    }
}
