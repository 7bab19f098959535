//! `double-quoted-string`: what runs only because SQLite takes `"name"` for a string where no such column exists
//! (<https://sqlite.org/quirks.html#dblquote>).

use std::ops::Range;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::File;
use crate::live::locate::message;
use crate::model::rule::Rule;
use crate::rehearsal::broken;
use crate::sql::script::Statement;
use crate::sql::token::{self, Token};

/// A statement that means something else to a SQLite that takes no double-quoted strings.
pub(super) fn check(file: &mut File<'_>, conn: &Connection, statement: &Statement) -> rusqlite::Result<()> {
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
        report(file, from + start..from + end, name);
        text.replace_range(start..=start, "'");
        text.replace_range(end - 1..end, "'");
    }
    Ok(())
}

/// Views and triggers, whose bodies SQLite reads only when they are used.
pub(super) fn check_programs(file: &mut File<'_>, conn: &Connection) -> rusqlite::Result<()> {
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
            report(file, range, misread);
        }
    }
    Ok(())
}

fn report(file: &mut File<'_>, range: Range<usize>, name: &str) {
    file.faults.add_hazard(
        range,
        Rule::DoubleQuotedString,
        format!(
            "there is no column \"{name}\", so SQLite takes it for the string '{name}', and a misspelt column would be \
             one too; write '{name}' for the string"
        ),
    );
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
