//! Every kind of answer at every step: none is taken for another, nothing is applied twice or forgotten, and no session
//! panics or asks for ever.

use std::time::Duration;

use embed_migrations_remote::{Error, Lost, Session, Step};
use proptest::prelude::*;

use crate::fake::{BOTH, Fake, Kind};
use crate::sets::{counting, history};

/// What happens to one request.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Answered,
    /// It never arrives.
    Dropped,
    /// It arrives, and nobody hears of it.
    Unheard,
    /// It arrives twice, and the second answer is heard.
    Doubled,
    Unavailable,
    /// It arrives, and what is heard is 503.
    DoneUnavailable,
    /// It arrives, and this part of the answer is heard.
    Cut(usize),
    NotJson,
    OtherJson,
    NoLeader,
    Ignored,
    /// Another client has a turn before it arrives.
    Overtaken,
}

const FATES: [Fate; 11] = [
    Fate::Dropped,
    Fate::Unheard,
    Fate::Doubled,
    Fate::Unavailable,
    Fate::DoneUnavailable,
    Fate::Cut(0),
    Fate::NotJson,
    Fate::OtherJson,
    Fate::NoLeader,
    Fate::Ignored,
    Fate::Overtaken,
];

fn files() -> embed_migrations::Migrations {
    history(&[
        "CREATE TABLE counter (n INTEGER); INSERT INTO counter VALUES (2);",
        "UPDATE counter SET n = n + 1;",
        "OFF UPDATE counter SET n = n + 1;",
        "UPDATE counter SET n = n + 1;",
    ])
}

/// Carries a session out, with a fate for each request. Gives how many there were.
fn run(fake: &mut Fake, session: &mut Session, fate: impl Fn(usize) -> Fate) -> Result<usize, Error> {
    let mut number = 0;
    for _ in 0..10_000 {
        let Some(step) = session.next()? else { return Ok(number) };
        let Step::Request(request) = step else { continue };
        let fate = fate(number);
        number += 1;
        match fate {
            Fate::Answered => {
                let (status, body) = fake.answer(&request);
                session.receive(status, &body)?;
            }
            Fate::Dropped => session.lost("no connection")?,
            Fate::Unheard => {
                fake.answer(&request);
                session.lost("connection reset")?;
            }
            Fate::Doubled => {
                fake.answer(&request);
                let (status, body) = fake.answer(&request);
                session.receive(status, &body)?;
            }
            Fate::Unavailable => session.receive(503, b"Service Unavailable")?,
            Fate::DoneUnavailable => {
                fake.answer(&request);
                session.receive(503, b"")?;
            }
            Fate::Cut(at) => {
                let (status, body) = fake.answer(&request);
                session.receive(status, &body[..at.min(body.len() - 1)])?;
            }
            Fate::NotJson => session.receive(200, b"<html>")?,
            Fate::OtherJson => session.receive(200, b"{\"results\": {}}")?,
            Fate::NoLeader => session.receive(200, b"{\"results\":[],\"error\":\"leader not found\"}")?,
            Fate::Ignored => {}
            Fate::Overtaken => {
                let mut other = fake.session(&files());
                fake.run(&mut other)?;
                let (status, body) = fake.answer(&request);
                session.receive(status, &body)?;
            }
        }
    }
    panic!("it asks for ever");
}

fn assert_once(fake: &Fake, what: &str) {
    assert_eq!(fake.number("SELECT n FROM counter"), 5, "{what}");
    assert_eq!(fake.number("SELECT count(*) FROM schema_migrations"), 5, "{what}");
}

#[test]
fn every_fate_at_every_request_leaves_each_file_applied_once() {
    let migrations = files();
    for kind in BOTH {
        let mut fake = Fake::new(kind);
        let mut session = fake.session(&migrations);
        let requests = run(&mut fake, &mut session, |_| Fate::Answered).expect("it runs");
        assert_eq!(requests, 1 + 5 + 1, "one to read, one per file, and one for the violations");
        for at in 0..requests {
            for fate in FATES {
                let what = format!("{kind:?}, request {at}: {fate:?}");
                let mut fake = Fake::new(kind);
                let mut session = fake.session(&migrations);
                run(&mut fake, &mut session, |number| if number == at { fate } else { Fate::Answered })
                    .unwrap_or_else(|error| panic!("{what}: {error:?}"));
                assert_once(&fake, &what);
                // What was doubled looks as if another client had been faster.
                let other = matches!(fate, Fate::Overtaken | Fate::Doubled);
                assert!(other || session.report().applied().len() == 5, "{what}: {:?}", session.report());
            }
        }
    }
}

#[test]
fn an_answer_may_be_cut_at_any_byte() {
    let migrations = files();
    for kind in BOTH {
        for at in 0..7 {
            for cut in (0..2000).step_by(if at == 1 { 3 } else { 61 }) {
                let what = format!("{kind:?}, request {at} cut at {cut}");
                let mut fake = Fake::new(kind);
                let mut session = fake.session(&migrations);
                run(
                    &mut fake,
                    &mut session,
                    |number| if number == at { Fate::Cut(cut) } else { Fate::Answered },
                )
                .unwrap_or_else(|error| panic!("{what}: {error:?}"));
                assert_once(&fake, &what);
            }
        }
    }
}

#[test]
fn fewer_or_more_results_than_were_sent_are_no_answer() {
    let migrations = files();
    for change in [-1_isize, 1] {
        let mut fake = Fake::new(Kind::Rqlite);
        let mut session = fake.session(&migrations);
        let mut number = 0;
        while let Some(step) = session.next().expect("it goes on") {
            let Step::Request(request) = step else { continue };
            let (status, body) = fake.answer(&request);
            let mut answer: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
            if number == 1 {
                let results = answer["results"].as_array_mut().expect("a list");
                let wanted = results.len().checked_add_signed(change).expect("there are some");
                results.resize(wanted, serde_json::json!({}));
            }
            number += 1;
            session.receive(status, answer.to_string().as_bytes()).expect("it goes on");
        }
        assert_once(&fake, "results");
        // It was read again, and not taken for done.
        assert!(session.report().notes().iter().any(|note| note.starts_with("000_file.sql")), "{change}");
    }
}

#[test]
fn a_server_that_never_answers_is_told_at_the_deadline() {
    for kind in BOTH {
        let migrations = counting(3);
        let mut fake = Fake::new(kind);
        let mut session = fake.session(&migrations).deadline(Duration::from_secs(2));
        let mut waited = Duration::ZERO;
        let error = loop {
            match session.next().expect("a step") {
                Some(Step::Wait(time)) => waited += time,
                Some(Step::Request(_)) => {
                    if let Err(error) = session.lost("no route to host") {
                        break error;
                    }
                }
                None => panic!("it is not over"),
            }
        };
        assert_eq!(waited, Duration::from_secs(2));
        let Error::NoAnswer { migration: None, source, .. } = &error else { panic!("{error:?}") };
        assert!(matches!(&**source, Lost::Transport { .. }));
        assert!(session.next().expect("it is over").is_none());

        // The same when the server goes in the middle: the file under way is named, and what is known of it.
        let mut session = fake.session(&migrations).deadline(Duration::from_secs(2));
        let error =
            run(&mut fake, &mut session, |number| if number < 2 { Fate::Answered } else { Fate::Unheard });
        let Err(Error::NoAnswer { migration: Some(migration), kept, .. }) = error else {
            panic!("{error:?}")
        };
        assert_eq!((migration.version(), kept.applied.len()), ("001", 1));
    }
}

#[test]
fn a_history_that_never_is_what_it_was_read_as_is_an_error_of_its_own() {
    for kind in BOTH {
        let mut fake = Fake::new(kind);
        fake.conn.execute_batch("CREATE TABLE schema_migrations (version TEXT, name TEXT)").expect("it runs");
        let mut session = fake.session(&counting(2)).deadline(Duration::from_secs(1));
        let error = fake.run(&mut session).expect_err("the table is there, and empty");
        assert!(matches!(error, Error::HistoryMismatch { .. }), "{error:?}");
    }
}

#[test]
fn a_replica_that_is_behind_every_second_time_keeps_no_session_asking_for_ever() {
    for kind in BOTH {
        let migrations = counting(3);
        let (mut behind, mut fake) = (Fake::new(kind), Fake::new(kind));
        fake.run(&mut fake.session(&migrations).target("001")).expect("it runs");
        let mut session = fake.session(&migrations).deadline(Duration::from_secs(20));
        let mut number = 0;
        let error = loop {
            let step = match session.next() {
                Ok(step) => step,
                Err(error) => break error,
            };
            let Some(Step::Request(request)) = step else { continue };
            let is_read = !String::from_utf8_lossy(request.body()).contains("abs(");
            number += 1;
            assert!(number < 500, "it asks for ever");
            // Writes are refused at the guard, as by a primary that has something else.
            let body = match is_read {
                true if number % 4 == 1 => behind.answer(&request).1,
                true => fake.answer(&request).1,
                false => refused_at_the_guard(kind, &request),
            };
            if let Err(error) = session.receive(200, &body) {
                break error;
            }
        };
        assert!(matches!(error, Error::HistoryMismatch { .. }), "{error:?}");
    }
}

fn refused_at_the_guard(kind: Kind, request: &embed_migrations_remote::Request) -> Vec<u8> {
    let answer = match kind {
        Kind::Rqlite => serde_json::json!({"results": [{"error": "integer overflow"}]}),
        Kind::LibSql => {
            let steps = String::from_utf8_lossy(request.body()).matches("\"sql\"").count();
            let (mut results, mut errors) =
                (vec![serde_json::Value::Null; steps], vec![serde_json::Value::Null; steps]);
            for result in results.iter_mut().take(3) {
                *result = serde_json::json!({"rows": []});
            }
            errors[3] = serde_json::json!({"message": "integer overflow", "code": "SQLITE_ERROR"});
            serde_json::json!({"results": [{"type": "ok", "response": {"type": "batch", "result": {"step_results": results, "step_errors": errors}}}]})
        }
    };
    answer.to_string().into_bytes()
}

#[test]
fn a_status_that_no_retry_changes_ends_the_run_at_once() {
    for kind in BOTH {
        for status in [301, 400, 401, 403, 404, 405, 413] {
            for at in 0..3 {
                let mut fake = Fake::new(kind);
                let mut session = fake.session(&counting(2));
                let mut number = 0;
                let error = loop {
                    let step = match session.next() {
                        Ok(step) => step,
                        Err(error) => break error,
                    };
                    let Some(Step::Request(request)) = step else { continue };
                    let (mut answered, body) = fake.answer(&request);
                    if number >= at {
                        answered = status;
                    }
                    number += 1;
                    if let Err(error) = session.receive(answered, &body) {
                        break error;
                    }
                    assert!(number < 1000, "{status} at {at} asks for ever");
                };
                let fits = match status {
                    401 | 403 => matches!(error, Error::Unauthorized { .. }),
                    413 if at > 0 => matches!(error, Error::TooLarge { .. }),
                    413 => matches!(error, Error::NoAnswer { .. }),
                    _ => matches!(error, Error::WrongServer { .. }),
                };
                assert!(fits, "{kind:?} {status} at {at}: {error:?}");
            }
        }
    }
}

#[test]
fn a_transaction_that_the_engine_takes_away_is_told_with_its_statement() {
    let migrations = history(&["CREATE TABLE t (a);", "INSERT INTO t VALUES (1);"]);
    let mut fake = Fake::new(Kind::LibSql);
    fake.run(&mut fake.session(&migrations).target("001")).expect("it runs");
    let mut session = fake.session(&migrations);
    let error = loop {
        let step = match session.next() {
            Ok(step) => step,
            Err(error) => break error,
        };
        let Some(Step::Request(request)) = step else { panic!("{step:?}") };
        let body = String::from_utf8_lossy(request.body()).into_owned();
        if body.contains("IMMEDIATE") {
            // PRAGMA, its check, BEGIN and the guard went well; the statement and all after it did not.
            let steps = body.matches("\"sql\"").count();
            let taken = r#"{"message":"timed out","code":"TRANSACTION_TIMEOUT"}"#;
            let result = |step| if step < 4 { "{}" } else { "null" };
            let error = |step| if step < 4 { "null" } else { taken };
            let list = |of: &dyn Fn(usize) -> &'static str| (0..steps).map(of).collect::<Vec<_>>().join(",");
            let answer = format!(
                r#"{{"results":[{{"type":"ok","response":{{"type":"batch","result":{{"step_results":[{}],"step_errors":[{}]}}}}}}]}}"#,
                list(&result),
                list(&error)
            );
            session.receive(200, answer.as_bytes()).expect("it reads back first");
        } else {
            let (status, body) = fake.answer(&request);
            if let Err(error) = session.receive(status, &body) {
                break error;
            }
        }
    };
    let Error::TransactionLost { place, kept, .. } = &error else { panic!("{error:?}") };
    assert_eq!((place.line, kept.applied.len()), (2, 0));
    assert!(error.to_string().ends_with("the database is at 001_file.sql"), "{error}");
}

/// An answer of a real kind, with something changed in it.
fn bent(body: &[u8], at: usize, with: u8, cut: usize) -> Vec<u8> {
    let mut body = body.to_vec();
    let length = body.len();
    if let Some(byte) = body.get_mut(at % length.max(1)) {
        *byte = with;
    }
    body.truncate(cut);
    body
}

fn any_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("1".to_owned()),
        Just("-9223372036854775808".to_owned()),
        Just("\"text\"".to_owned()),
        Just("{\"type\":\"integer\",\"value\":\"x\"}".to_owned()),
        Just("{\"error\":{\"message\":3}}".to_owned()),
    ];
    let names = prop::sample::select(vec![
        "results",
        "error",
        "values",
        "type",
        "response",
        "result",
        "step_results",
        "step_errors",
        "rows",
        "message",
    ]);
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((names.clone(), inner), 0..4).prop_map(|fields| {
                let fields: Vec<_> =
                    fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
                format!("{{{}}}", fields.join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_answer_makes_a_session_panic_or_ask_for_ever(
        kind in prop::sample::select(BOTH.to_vec()),
        answers in prop::collection::vec((any::<u16>(), any_json()), 1..6),
        bytes in prop::collection::vec(any::<u8>(), 0..60),
        place in 0_usize..4000, with: u8, cut in 0_usize..6000, first in 0_usize..4,
    ) {
        let migrations = files();
        let mut fake = Fake::new(kind);
        let mut session = fake.session(&migrations).deadline(Duration::from_secs(5));
        let mut number = 0;
        while let Ok(Some(step)) = session.next() {
            let Step::Request(request) = step else { continue };
            let (status, body) = fake.answer(&request);
            let told = if number < first {
                session.receive(status, &body)
            } else if number % 3 == 0 {
                session.receive(200, &bent(&body, place, with, cut))
            } else if number % 3 == 1 {
                session.receive(200, &bytes)
            } else {
                let (status, json) = &answers[number % answers.len()];
                session.receive(if status % 2 == 0 { 200 } else { *status }, json.as_bytes())
            };
            number += 1;
            prop_assert!(number < 1000, "it asks for ever");
            if told.is_err() {
                break;
            }
        }
        // Whatever it was told, what is there is a beginning of the history with its effects, and the next run completes.
        fake.run(&mut fake.session(&migrations)).expect("it completes");
        prop_assert_eq!(fake.number("SELECT n FROM counter"), 5);
    }
}
