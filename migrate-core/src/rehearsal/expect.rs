//! Tests of data migrations, run while the program compiles: rows are given at the version before a migration, it is run,
//! and each expectation must give 1 in every row.

use rusqlite::backup::Backup;
use rusqlite::types::Value;
use rusqlite::{Connection, Statement as Prepared};

use super::stage::{self, Stage, Unwatched};
use super::stand_ins::StandIns;
use crate::check::draft::Draft;
use crate::check::test::Test;
use crate::live::locate::{locate, message};
use crate::model::migration::Settings;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::rule::Rule;
use crate::sql::script::Statement;
use crate::sql::token::{self, TokenKind};

/// Runs a test of the file that comes next after what `before` holds.
pub(super) fn run(
    test: &Test<'_>,
    draft: &Draft<'_>,
    before: &Connection,
    stand_ins: &StandIns,
    tracking_table: Option<&str>,
) -> rusqlite::Result<Vec<Problem>> {
    if draft.directives.not_rehearsed {
        let message = format!("{} is not rehearsed, so nothing can be expected of it", draft.file_name);
        return Ok(vec![test.problem_of_file(message)]);
    }
    if draft.calls_steps() {
        let message = format!(
            "{} calls a step in Rust, and steps run only in your program; test it there, with in_memory_at",
            draft.file_name
        );
        return Ok(vec![test.problem_of_file(message)]);
    }
    let mut stage = Stage::new(stand_ins, tracking_table, false)?.with_budget();
    copy(before, &mut stage.conn)?;
    stage.set(Settings::USUAL)?;
    for given in &test.given {
        if let Err(error) = stage::run(&stage.conn, test.statement(given)) {
            let message =
                format!("{}; the given rows must fit the schema before {}", message(&error), draft.file_name);
            return Ok(vec![refused(test, given, &error, Rule::BadTest, message)]);
        }
    }
    if let Some(refusal) = stage.run(draft, &mut Unwatched { unchecked: false })?.refusal {
        let place = Place::new(&draft.text, refusal.range);
        let at = test.expected.first().map_or(0..0, |statement| statement.first.clone());
        let message = format!(
            "{}:{}:{} fails on the given rows: {}",
            draft.file_name,
            place.line,
            place.column,
            message(&refusal.error)
        );
        return Ok(vec![test.problem(at, Rule::FailedExpectation, message)]);
    }
    let mut problems = Vec::new();
    for expected in &test.expected {
        match check(&stage.conn, test.statement(expected)) {
            Ok(None) => {}
            Ok(Some(came)) => {
                problems.push(test.problem(expected.first.clone(), Rule::FailedExpectation, came));
            }
            Err(error) => {
                let message = message(&error);
                problems.push(refused(test, expected, &error, Rule::FailedExpectation, message));
            }
        }
    }
    Ok(problems)
}

/// Copies a whole database in memory.
fn copy(from: &Connection, to: &mut Connection) -> rusqlite::Result<()> {
    Backup::new(from, to)?.step(-1).map(drop)
}

fn refused(
    test: &Test<'_>,
    statement: &Statement,
    error: &rusqlite::Error,
    rule: Rule,
    message: String,
) -> Problem {
    let at = locate(test.statement(statement), error);
    let start = statement.first.start;
    test.problem(start + at.start..start + at.end, rule, message)
}

/// What came instead, where an expectation does not hold.
fn check(conn: &Connection, query: &str) -> rusqlite::Result<Option<String>> {
    let mut statement = conn.prepare(query)?;
    if statement.column_count() != 1 {
        return Ok(Some(format!(
            "expected one column that is 1, but this gives {}; compare in SQL, as in SELECT name = 'x' FROM …",
            statement.column_count()
        )));
    }
    let Some(wrong) = first_wrong(&mut statement)? else { return Ok(None) };
    let Some((row, value)) = wrong else {
        return Ok(Some("expected 1 in every row, but this gives no row".to_owned()));
    };
    Ok(Some(match sides(conn, query, row) {
        Some([left, right]) if right.0 == right.1 => {
            format!("expected {} = {}, but row {row} has {}", left.0, right.0, left.1)
        }
        Some([left, right]) => {
            format!("expected {} = {}, but row {row} has {} and {}", left.0, right.0, left.1, right.1)
        }
        None => format!("expected 1 in every row, but row {row} gives {}", shown(&value)),
    }))
}

/// The first row that is not 1, counted from 1; `Some(None)` where there is no row at all.
fn first_wrong(statement: &mut Prepared<'_>) -> rusqlite::Result<Option<Option<(usize, Value)>>> {
    let mut rows = statement.raw_query();
    let mut count = 0;
    while let Some(row) = rows.next()? {
        count += 1;
        let value: Value = row.get(0)?;
        if value != Value::Integer(1) {
            return Ok(Some(Some((count, value))));
        }
    }
    Ok((count == 0).then_some(None))
}

/// Both sides of a query that is one comparison, as they are written and as they come out in a row.
fn sides(conn: &Connection, query: &str, row: usize) -> Option<[(String, String); 2]> {
    let mut tokens = token::significant(query).peekable();
    tokens.next_if(|token| token.is_word("select"))?;
    let start = tokens.peek()?.start;
    let mut depth = 0_usize;
    let mut equals = None;
    let mut end = query.trim_end_matches([';', ' ', '\n', '\t']).len();
    for token in tokens {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            "," => return None,
            "=" if equals.is_none() => equals = Some(token.range()),
            _ if token.is_word("is") && equals.is_none() => equals = Some(token.range()),
            _ if token.is_word("and") || token.is_word("or") || token.is_word("not") => return None,
            _ if token.is_word("from") => {
                end = token.start;
                break;
            }
            _ if token.kind == TokenKind::Semicolon => break,
            _ => {}
        }
    }
    let equals = equals?;
    // `==`
    let right_start =
        query.get(equals.end..).filter(|rest| rest.starts_with('=')).map_or(equals.end, |_| equals.end + 1);
    let (left, right) = (query.get(start..equals.start)?.trim(), query.get(right_start..end)?.trim());
    let rest = query.get(end..)?;
    let sql = format!("SELECT quote({left}), quote({right}) {rest}");
    let mut statement = conn.prepare(&sql).ok()?;
    let mut rows = statement.raw_query();
    for _ in 1..row {
        rows.next().ok()??;
    }
    let found = rows.next().ok()??;
    let (left_value, right_value) = (found.get(0).ok()?, found.get(1).ok()?);
    Some([(left.to_owned(), left_value), (right.to_owned(), right_value)])
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => format!("'{text}'"),
        Value::Blob(bytes) => format!("a BLOB of {} bytes", bytes.len()),
    }
}
