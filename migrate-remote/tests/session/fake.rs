//! Engines that are a SQLite of this process: they answer as the real ones do, and do nothing else. What real ones do
//! beside that, the tests in `real` see.

use embed_migrations::rusqlite::types::ValueRef;
use embed_migrations::rusqlite::{self, Connection};
use embed_migrations_remote::{Error, LibSql, Request, Rqlite, Session, Step};
use serde_json::{Value, json};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    LibSql,
    Rqlite,
}

pub(crate) const BOTH: [Kind; 2] = [Kind::LibSql, Kind::Rqlite];

/// A server, and every request that has reached it.
pub(crate) struct Fake {
    pub(crate) kind: Kind,
    pub(crate) conn: Connection,
    pub(crate) requests: Vec<String>,
}

impl Fake {
    pub(crate) fn new(kind: Kind) -> Self {
        let conn = Connection::open_in_memory().expect("memory");
        let fake = Self { kind, conn, requests: Vec::new() };
        fake.enforce(kind == Kind::LibSql);
        fake
    }

    /// As `rqlited -fk`.
    pub(crate) fn enforce(&self, on: bool) {
        self.conn.pragma_update(None, "foreign_keys", on).expect("it is set");
    }

    pub(crate) fn session(&self, migrations: &embed_migrations::Migrations) -> Session {
        match self.kind {
            Kind::LibSql => LibSql::new("http://fake").session(migrations),
            Kind::Rqlite => Rqlite::new("http://fake").session(migrations),
        }
    }

    /// Carries a session out to its end.
    pub(crate) fn run(&mut self, session: &mut Session) -> Result<(), Error> {
        while let Some(step) = session.next()? {
            if let Step::Request(request) = step {
                let (status, body) = self.answer(&request);
                session.receive(status, &body)?;
            }
        }
        Ok(())
    }

    pub(crate) fn answer(&mut self, request: &Request) -> (u16, Vec<u8>) {
        self.requests.push(String::from_utf8_lossy(request.body()).into_owned());
        let body: Value = serde_json::from_slice(request.body()).expect("requests are JSON");
        let answer = match self.kind {
            Kind::LibSql => self.pipeline(&body),
            Kind::Rqlite if request.url().contains("/db/query") => {
                let results: Vec<_> = sqls(&body).iter().map(|sql| self.rows(sql, false)).collect();
                json!({"results": results})
            }
            Kind::Rqlite => self.execute(&sqls(&body)),
        };
        (200, answer.to_string().into_bytes())
    }

    /// The number of a query that gives one.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.conn.query_row(sql, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    fn execute(&self, statements: &[String]) -> Value {
        self.conn.execute_batch("BEGIN").expect("no transaction is open");
        let mut results = Vec::new();
        for sql in statements {
            // To its first row, as rqlite does.
            let result = self.conn.prepare(sql).and_then(|mut statement| {
                let counts = !statement.readonly();
                statement.raw_query().next()?;
                Ok(counts)
            });
            match result {
                Ok(counts) => {
                    let changes = if counts { self.conn.changes() } else { 0 };
                    results.push(if changes > 0 { json!({"rows_affected": changes}) } else { json!({}) });
                }
                Err(error) => {
                    results.push(json!({"error": words(&error)}));
                    break;
                }
            }
        }
        let failed = results.last().is_some_and(|last| last.get("error").is_some());
        let committed = if failed { Ok(()) } else { self.conn.execute_batch("COMMIT") };
        if !self.conn.is_autocommit() {
            self.conn.execute_batch("ROLLBACK").expect("one is open");
        }
        match committed {
            Ok(()) => json!({"results": results}),
            Err(error) => json!({"results": [], "error": words(&error)}),
        }
    }

    fn rows(&self, sql: &str, typed: bool) -> Value {
        let result = || -> rusqlite::Result<Vec<Value>> {
            let mut statement = self.conn.prepare(sql)?;
            let columns = statement.column_count();
            let mut found = Vec::new();
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next()? {
                let cells = (0..columns).map(|index| row.get_ref(index).map(|value| cell(value, typed)));
                found.push(cells.collect::<rusqlite::Result<Vec<_>>>().map(Value::from)?);
            }
            Ok(found)
        };
        match result() {
            Ok(rows) => json!({"values": rows, "rows": rows}),
            Err(error) => json!({"error": words(&error)}),
        }
    }

    fn pipeline(&self, body: &Value) -> Value {
        let requests = body["requests"].as_array().expect("a list");
        let answers: Vec<_> = requests
            .iter()
            .map(|request| match request["type"].as_str() {
                Some("batch") => self.batch(request["batch"]["steps"].as_array().expect("a list")),
                _ => json!({"type": "ok", "response": {"type": "close"}}),
            })
            .collect();
        if !self.conn.is_autocommit() {
            let _ = self.conn.execute_batch("ROLLBACK");
        }
        json!({"baton": null, "results": answers})
    }

    fn batch(&self, steps: &[Value]) -> Value {
        if let Some(bad) =
            steps.iter().filter_map(|step| step["stmt"]["sql"].as_str()).find(|sql| sql.contains("1_000"))
        {
            return json!({"type": "error", "error": {"message": format!("bad number in {bad}"), "code": "SQL_PARSE_ERROR"}});
        }
        let (mut results, mut errors) = (Vec::new(), Vec::new());
        for step in steps {
            let holds =
                step.get("condition").is_none_or(|condition| self.holds(condition, &results, &errors));
            let answer = holds.then(|| self.rows(step["stmt"]["sql"].as_str().expect("SQL"), true));
            match answer {
                None => {
                    results.push(Value::Null);
                    errors.push(Value::Null);
                }
                Some(answer) if answer.get("error").is_some() => {
                    results.push(Value::Null);
                    errors.push(json!({"message": answer["error"], "code": "SQLITE_ERROR"}));
                }
                Some(answer) => {
                    results.push(answer);
                    errors.push(Value::Null);
                }
            }
        }
        json!({"type": "ok", "response": {"type": "batch", "result": {"step_results": results, "step_errors": errors}}})
    }

    fn holds(&self, condition: &Value, results: &[Value], errors: &[Value]) -> bool {
        let step = || usize::try_from(condition["step"].as_u64().expect("a step")).expect("it fits");
        let all = || condition["conds"].as_array().expect("a list").iter();
        match condition["type"].as_str() {
            Some("ok") => !results[step()].is_null(),
            Some("error") => !errors[step()].is_null(),
            Some("not") => !self.holds(&condition["cond"], results, errors),
            Some("and") => all().all(|condition| self.holds(condition, results, errors)),
            Some("or") => all().any(|condition| self.holds(condition, results, errors)),
            Some("is_autocommit") => self.conn.is_autocommit(),
            other => panic!("{other:?}"),
        }
    }
}

fn sqls(body: &Value) -> Vec<String> {
    body.as_array().expect("a list").iter().map(|sql| sql.as_str().expect("SQL").to_owned()).collect()
}

fn words(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

fn cell(value: ValueRef<'_>, typed: bool) -> Value {
    match (value, typed) {
        (ValueRef::Null, true) => json!({"type": "null"}),
        (ValueRef::Null, false) => Value::Null,
        (ValueRef::Integer(number), true) => json!({"type": "integer", "value": number.to_string()}),
        (ValueRef::Integer(number), false) => json!(number),
        (ValueRef::Real(number), true) => json!({"type": "float", "value": number}),
        (ValueRef::Real(number), false) => json!(number),
        (ValueRef::Text(text), true) => json!({"type": "text", "value": String::from_utf8_lossy(text)}),
        (ValueRef::Text(text) | ValueRef::Blob(text), false) => json!(String::from_utf8_lossy(text)),
        (ValueRef::Blob(_), true) => json!({"type": "blob", "base64": ""}),
    }
}
