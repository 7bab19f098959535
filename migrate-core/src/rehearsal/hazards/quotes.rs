//! `double-quoted-string`: what runs only because SQLite takes `"name"` for a string where no such column exists
//! (<https://sqlite.org/quirks.html#dblquote>).

use std::ops::Range;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::{File, listed};
use crate::live::locate::message;
use crate::model::place::Place;
use crate::model::rule::Rule;
use crate::rehearsal::broken;
use crate::sql::script::Statement;
use crate::sql::token::{self, Token};

/// How many names and how many places a message lists.
const MOST: usize = 10;

/// What a file has of them. It is told once: who quotes strings like this does it everywhere.
#[derive(Default)]
pub(super) struct Quotes {
    /// Each place, and the name there.
    found: Vec<(Range<usize>, String)>,
}

impl Quotes {
    /// A statement that means something else to a SQLite that takes no double-quoted strings.
    pub(super) fn check(
        &mut self,
        file: &File<'_>,
        conn: &Connection,
        statement: &Statement,
    ) -> rusqlite::Result<()> {
        let text = file.text(statement);
        if !text.contains('"') {
            return Ok(());
        }
        let mut text = text.to_owned();
        // SQLite names one at a time, so each is put in single quotes before the next look.
        while let Some(answer) =
            with_strict_quotes(conn, || conn.prepare(&text).err().map(|error| message(&error)))?
            && let Some(name) = misread_name(&answer)
            && conn.prepare(&text).is_ok()
            && let Some((start, end)) = quoted_place(&text, name)
        {
            let from = statement.first.start;
            self.found.push((from + start..from + end, name.to_owned()));
            text.replace_range(start..=start, "'");
            text.replace_range(end - 1..end, "'");
        }
        Ok(())
    }

    /// Views and triggers, whose bodies SQLite reads only when they are used.
    pub(super) fn check_programs(&mut self, file: &File<'_>, conn: &Connection) -> rusqlite::Result<()> {
        if !file.intent.programs || !file.intent.quotes {
            return Ok(());
        }
        let draft = file.draft;
        for statement in &draft.script.statements {
            let Some(name) = statement.verb.created_program().filter(|_| file.text(statement).contains('"'))
            else {
                continue;
            };
            if let Some(answer) = with_strict_quotes(conn, || broken::program_error(conn, name))??
                && let Some(misread) = misread_name(&answer)
                && broken::program_error(conn, name)?.is_none()
            {
                let start = statement.first.start;
                let place = quoted_place(draft.text.get(start..).unwrap_or_default(), misread);
                let range = place.map_or(statement.first.clone(), |(from, to)| start + from..start + to);
                self.found.push((range, misread.to_owned()));
            }
        }
        Ok(())
    }

    pub(super) fn report(mut self, file: &mut File<'_>) {
        self.found.sort_by_key(|(range, _)| range.start);
        let Some((first, _)) = self.found.first() else { return };
        let mut names: Vec<&str> = Vec::new();
        for (_, name) in &self.found {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        let what = match names.as_slice() {
            [name] => format!(
                "there is no column \"{name}\", so SQLite takes it for the string '{name}', and a misspelt column would \
                 be one too; write '{name}' for the string"
            ),
            names => {
                let (names, more) = bounded(names.iter().map(|name| format!("\"{name}\"")));
                format!(
                    "there are no columns {}{more}, so SQLite takes them for strings, and a misspelt column would be one \
                     too; write strings in single quotes",
                    if more.is_empty() { listed(&names) } else { names.join(", ") }
                )
            }
        };
        let others = self.found.iter().skip(1).map(|(range, _)| {
            let place = Place::new(&file.draft.text, range.clone());
            format!("{}:{}", place.line, place.column)
        });
        let others = match bounded(others) {
            (places, _) if places.is_empty() => String::new(),
            (places, more) => format!("; also at {}{more}", places.join(", ")),
        };
        file.faults.add_hazard(first.clone(), Rule::DoubleQuotedString, what + &others);
    }
}

/// The first of many, and how many more there are.
fn bounded(items: impl Iterator<Item = String>) -> (Vec<String>, String) {
    let mut items: Vec<String> = items.collect();
    let more = items.len().saturating_sub(MOST);
    items.truncate(MOST);
    (items, if more == 0 { String::new() } else { format!(" and {more} more") })
}

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
