//! What rqlite is sent, and what it answers.
//!
//! A file is one `/db/execute` with `transaction`, and with `norwrandom`: left alone, rqlite writes a statement that says
//! random() anew, and loses STRICT and WITHOUT ROWID on the way. The history is read with `level=strong`, by way of the
//! log. Never `queue`, whose answer says nothing.

use serde_json::{Value, json};

use crate::answer::{Answer, Cell, Outcome, unreadable};
use crate::attempt::{Attempt, Role};
use crate::error::{EngineError, Lost};

pub(crate) const READ: &str = "/db/query?level=strong";
pub(crate) const APPLY: &str = "/db/execute?transaction&norwrandom&norwtime";

pub(crate) fn read_body(queries: &[String]) -> Value {
    json!(queries)
}

pub(crate) fn apply_body(attempt: &Attempt) -> Value {
    attempt.sent.iter().map(|sent| json!(sent.sql)).collect()
}

/// One answer per query, each with its rows or an error of its own.
pub(crate) fn read_answer(answer: &Value, queries: usize) -> Result<Vec<Answer>, Lost> {
    let results = results(answer)?;
    if results.len() != queries {
        return Err(unreadable(format!("{} results of {queries}", results.len())));
    }
    Ok(results.iter().map(rows).collect())
}

fn rows(result: &Value) -> Answer {
    if let Some(error) = error(result) {
        return Err(error);
    }
    let rows = result.get("values").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Ok(rows.iter().map(|row| row.as_array().into_iter().flatten().map(cell).collect()).collect())
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::String(text) => Cell::Text(text.clone()),
        Value::Number(number) => number.as_i64().map_or(Cell::Real, Cell::Integer),
        // A blob comes as a text. As a version it is none that the guard finds, so nothing is begun on it.
        _ => Cell::Null,
    }
}

pub(crate) fn apply_answer(attempt: &Attempt, answer: &Value) -> Outcome {
    let results = match results(answer) {
        Ok(results) => results,
        Err(lost) => return Outcome::Unclear(lost),
    };
    // With the first error the transaction is over, and no result follows.
    let failed = results.iter().enumerate().find_map(|(index, result)| Some((index, error(result)?)));
    let sent = attempt.sent.len();
    match failed {
        Some((index, error)) if index < sent && index + 1 == results.len() => {
            Outcome::Failed { index, error }
        }
        None if results.len() == sent => {
            let probe = attempt.sent.iter().position(|sent| sent.role == Role::Probe);
            let probed = probe.and_then(|probe| results.get(probe));
            let enforced = |result: &Value| result.get("rows_affected").and_then(Value::as_i64) == Some(1);
            Outcome::Applied { foreign_keys: probed.map(enforced) }
        }
        _ => Outcome::Unclear(unreadable(format!("{} results of {sent}", results.len()))),
    }
}

fn results(answer: &Value) -> Result<&[Value], Lost> {
    // A follower without a leader gives both, and no results.
    if let Some(source) = error(answer) {
        return Err(Lost::Engine { source });
    }
    match answer.get("results").and_then(Value::as_array) {
        Some(results) => Ok(results),
        None => Err(unreadable("there are no results".to_owned())),
    }
}

fn error(value: &Value) -> Option<EngineError> {
    let error = value.get("error")?;
    let message = error.as_str().map_or_else(|| error.to_string(), str::to_owned);
    Some(EngineError { message, code: None })
}
