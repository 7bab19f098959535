//! What errors and requests show, and what they never show.

use std::error::Error as _;

use embed_migrations_remote::{EngineError, Error, LibSql, Lost, Rqlite, Step};

use crate::sets::counting;

#[test]
fn no_secret_is_shown_by_anything() {
    let migrations = counting(2);
    let rqlite = Rqlite::new("http://alice:hunter2@127.0.0.1:9").basic("alice", "s3cret");
    let libsql = LibSql::new("libsql://127.0.0.1?authToken=t0ken").token("t0ken2");
    let mut shown = format!("{rqlite:?}{libsql:?}");
    for (mut session, answer) in [
        (rqlite.session(&migrations), "no such user alice:s3cret, nor YWxpY2U6czNjcmV0"),
        (libsql.session(&migrations), "no such token t0ken2"),
    ] {
        shown.push_str(&format!("{session:?}"));
        let Ok(Some(Step::Request(request))) = session.next() else { panic!("a request") };
        assert!(request.headers().any(|(name, value)| name == "authorization" && value.len() > 10));
        shown.push_str(&format!("{request:?}{}", request.url()));
        let error = session.receive(404, answer.as_bytes()).expect_err("404");
        shown.push_str(&format!("{error}{error:?}"));
    }
    let error = Rqlite::new("http//alice:hunter2@x").session(&migrations).next().expect_err("it is no URL");
    shown.push_str(&format!("{error}{error:?}"));
    assert!(
        shown.contains("no such token (secret)\n") || shown.contains("no such token (secret)the"),
        "{shown}"
    );
    for secret in ["hunter2", "s3cret", "t0ken", "YWxpY2U"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_cause_can_be_had_at_every_step_of_the_chain() {
    let migrations = counting(1);
    let mut session = Rqlite::new("http://x").session(&migrations).deadline(std::time::Duration::ZERO);
    session.next().expect("a request");
    let error = session.lost(std::io::Error::other("cable\nout")).expect_err("no time to wait");
    let lost = error.source().and_then(|lost| lost.downcast_ref::<Lost>()).expect("a Lost");
    let io = lost.source().and_then(|io| io.downcast_ref::<std::io::Error>()).expect("the caller's own");
    assert_eq!(io.to_string(), "cable\nout");
    assert_eq!(
        format!("{error:?}"),
        "no answer for 0.0 s while reading which migrations are applied; the database could not be read back\n  \
         cause: the request got no answer\n  cause: cable\\nout\n  applied by this run and kept: nothing"
    );

    let mut session = Rqlite::new("http://x").session(&migrations).deadline(std::time::Duration::ZERO);
    session.next().expect("a request");
    let error = session.receive(200, br#"{"results":[],"error":"leader not found"}"#).expect_err("no time");
    let engine = error.source().and_then(std::error::Error::source);
    let engine = engine.and_then(|engine| engine.downcast_ref::<EngineError>()).expect("the engine's");
    assert_eq!(engine.message, "leader not found");
}

#[test]
fn an_error_is_one_line_whatever_a_server_says() {
    let migrations = counting(1);
    let mut session = LibSql::new("http://x").session(&migrations);
    session.next().expect("a request");
    let said = format!("<html>\n\u{1b}[31m{}", "x".repeat(10_000));
    let error = session.receive(418, said.as_bytes()).expect_err("it is a teapot");
    let line = error.to_string();
    assert!(matches!(error, Error::WrongServer { .. }));
    assert!(line.len() < 450 && !line.contains('\n') && !line.contains('\u{1b}'), "{line}");
    assert!(line.starts_with("the server does not answer as libSQL does: 418 <html>\\n"), "{line}");
}
