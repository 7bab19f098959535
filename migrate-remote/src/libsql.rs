//! What libSQL is sent, and what it answers: Hrana 3 over HTTP, one `/v3/pipeline` per file, so that a transaction is never
//! left open between two requests.
//!
//! Committed is what the result of COMMIT says. Every step but the last ones runs only if the one before it went well, so
//! the first error is the one that counts.

use serde_json::{Value, json};

use crate::answer::{Answer, Cell, Outcome, unreadable};
use crate::attempt::{Attempt, Role};
use crate::error::{EngineError, Lost};

pub(crate) const PIPELINE: &str = "/v3/pipeline";

pub(crate) fn read_body(queries: &[String]) -> Value {
    // One transaction, so that all answers belong together. A query may fail, so none waits for another.
    let begin = [("BEGIN", None)];
    let queries = queries.iter().map(|query| (query.as_str(), None));
    pipeline([batch(begin.into_iter().chain(queries).chain([("COMMIT", None)]))])
}

pub(crate) fn apply_body(attempt: &Attempt) -> Value {
    let commit = attempt.sent.iter().position(|sent| sent.role == Role::Commit).unwrap_or_default();
    let steps = attempt.sent.iter().enumerate().map(|(index, sent)| {
        let condition = match sent.role {
            Role::Restore => None,
            Role::Setting if index == 0 => None,
            Role::Rollback => Some(all([not(ok(commit)), not(json!({"type": "is_autocommit"}))])),
            Role::Ahead { .. } => Some(never()),
            _ => index.checked_sub(1).map(ok),
        };
        (sent.sql.as_ref(), condition)
    });
    pipeline([batch(steps)])
}

/// Each statement in a request of its own that is read and never run: the ones that cannot be read say so.
pub(crate) fn locate_body(attempt: &Attempt) -> Value {
    pipeline(attempt.sent.iter().map(|sent| batch([(sent.sql.as_ref(), Some(never()))])))
}

fn pipeline(requests: impl IntoIterator<Item = Value>) -> Value {
    let close = json!({"type": "close"});
    json!({"baton": null, "requests": requests.into_iter().chain([close]).collect::<Vec<_>>()})
}

fn batch<'a>(steps: impl IntoIterator<Item = (&'a str, Option<Value>)>) -> Value {
    let step = |(sql, condition): (&str, Option<Value>)| {
        let statement = json!({"sql": sql, "want_rows": true});
        match condition {
            Some(condition) => json!({"stmt": statement, "condition": condition}),
            None => json!({"stmt": statement}),
        }
    };
    json!({"type": "batch", "batch": {"steps": steps.into_iter().map(step).collect::<Vec<_>>()}})
}

fn ok(step: usize) -> Value {
    json!({"type": "ok", "step": step})
}

fn not(condition: Value) -> Value {
    json!({"type": "not", "cond": condition})
}

fn all(conditions: impl IntoIterator<Item = Value>) -> Value {
    json!({"type": "and", "conds": conditions.into_iter().collect::<Vec<_>>()})
}

/// Holds for no step, whatever came of the first one.
fn never() -> Value {
    json!({"type": "or", "conds": []})
}

/// One answer per query, each with its rows or an error of its own.
pub(crate) fn read_answer(answer: &Value, queries: usize) -> Result<Vec<Answer>, Lost> {
    let result = match first(answer)? {
        Ok(result) => result,
        Err(source) => return Err(Lost::Engine { source }),
    };
    let steps = steps(result, queries + 2)?;
    let of = |index: usize| {
        let (result, error) = steps.get(index)?;
        Some(match error {
            Some(error) => Ok(Err(error.clone())),
            // Without an error there are rows, if only none.
            None => rows(result).map(Ok).ok_or_else(|| unreadable("a query has no rows".to_owned())),
        })
    };
    if let Some((_, Some(source))) = steps.first() {
        return Err(Lost::Engine { source: source.clone() });
    }
    (1..=queries).filter_map(of).collect()
}

fn rows(result: &Value) -> Option<Vec<Vec<Cell>>> {
    let rows = result.get("rows")?.as_array()?;
    Some(rows.iter().map(|row| row.as_array().into_iter().flatten().map(cell).collect()).collect())
}

fn cell(value: &Value) -> Cell {
    let text = value.get("value").and_then(Value::as_str);
    match (value.get("type").and_then(Value::as_str), text) {
        (Some("text"), Some(text)) => Cell::Text(text.to_owned()),
        (Some("integer"), Some(text)) => text.parse().map_or(Cell::Null, Cell::Integer),
        (Some("float"), _) => Cell::Real,
        (Some("blob"), _) => Cell::Blob,
        _ => Cell::Null,
    }
}

pub(crate) fn apply_answer(attempt: &Attempt, answer: &Value) -> Outcome {
    let result = match first(answer) {
        Ok(Ok(result)) => result,
        Ok(Err(error)) if is_unread(&error) => return Outcome::Unparsed(error),
        Ok(Err(source)) => return Outcome::Unclear(Lost::Engine { source }),
        Err(lost) => return Outcome::Unclear(lost),
    };
    let steps = match steps(result, attempt.sent.len()) {
        Ok(steps) => steps,
        Err(lost) => return Outcome::Unclear(lost),
    };
    let commit = attempt.sent.iter().position(|sent| sent.role == Role::Commit);
    if commit.and_then(|commit| steps.get(commit)).is_some_and(|(result, _)| !result.is_null()) {
        return Outcome::Applied { foreign_keys: None };
    }
    let failed = steps.into_iter().enumerate().find_map(|(index, (_, error))| Some((index, error?)));
    match failed {
        Some((index, error)) => Outcome::Failed { index, error },
        None => Outcome::Unclear(unreadable("it says neither that it committed nor why not".to_owned())),
    }
}

/// Which of the statements cannot be read, by its number.
pub(crate) fn locate_answer(answer: &Value) -> Option<(usize, EngineError)> {
    let results = answer.get("results")?.as_array()?;
    results.iter().enumerate().find_map(|(index, result)| Some((index, error(result.get("error")?))))
}

/// Whether an error is of a statement that was not even read.
fn is_unread(error: &EngineError) -> bool {
    matches!(error.code.as_deref(), Some("SQL_PARSE_ERROR" | "SQL_NO_STATEMENT" | "SQL_MANY_STATEMENTS"))
}

/// The result of the first request of a pipeline, or its error.
fn first(answer: &Value) -> Result<Result<&Value, EngineError>, Lost> {
    let first = answer.get("results").and_then(|results| results.get(0));
    let first = first.ok_or_else(|| unreadable("there are no results".to_owned()))?;
    if let Some(found) = first.get("error") {
        return Ok(Err(error(found)));
    }
    let result = first.get("response").and_then(|response| response.get("result"));
    result.map(Ok).ok_or_else(|| unreadable("there is no result of the batch".to_owned()))
}

/// Result and error of each step. Both are null where it was not run.
fn steps(result: &Value, sent: usize) -> Result<Vec<(&Value, Option<EngineError>)>, Lost> {
    let list = |name: &str| result.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let (results, errors) = (list("step_results"), list("step_errors"));
    if results.len() != sent || errors.len() != sent {
        return Err(unreadable(format!(
            "{} results and {} errors of {sent} steps",
            results.len(),
            errors.len()
        )));
    }
    let found = |found: &Value| (!found.is_null()).then(|| error(found));
    Ok(results.iter().zip(errors).map(|(result, error)| (result, found(error))).collect())
}

fn error(value: &Value) -> EngineError {
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    EngineError { message: text("message").unwrap_or_else(|| value.to_string()), code: text("code") }
}

/// The byte of the statement that a message points at, as `… (at offset 7)`. Only ever a place to show.
pub(crate) fn offset(message: &str) -> Option<usize> {
    message.rsplit_once("(at offset ")?.1.strip_suffix(')')?.parse().ok()
}
