//! What a run tells `tracing`: names, levels and fields, as a subscriber of a program hears them.
//!
//! A program of its own, whose tests take turns: who listens is remembered for the whole process, and a run that nobody hears,
//! at the wrong moment beside one of these, could leave the wrong answer behind.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::result_large_err, reason = "the size of its error is the library's affair")]

#[path = "../support/databases.rs"]
mod databases;

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use embed_migrations::{Error, Migrations, embed_migrations};
use insta::assert_snapshot;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use databases::{Db, history, memory, on};

static LESSON: Migrations = embed_migrations!();

/// Writes down everything of ours, a line each.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<String>>);

impl Lines {
    fn line(&self, what: &str, metadata: &Metadata<'_>, fields: &str) {
        assert_eq!(metadata.target(), "embed_migrations");
        let mut lines = self.0.lock().expect("no panic");
        writeln!(lines, "{} {what}{fields}", metadata.level()).expect("a String grows");
    }

    /// What was written. How long something took is not for a snapshot: `5` for any time at all.
    fn take(&self) -> String {
        let text = std::mem::take(&mut *self.0.lock().expect("no panic"));
        let words = text.split_inclusive([' ', '\n']).map(|word| match word.split_once("_ms=") {
            Some((name, time)) => {
                assert!(time.trim_end().parse::<u64>().is_ok(), "{time}");
                format!("{name}_ms=5{}", &time[time.trim_end().len()..])
            }
            None => word.to_owned(),
        });
        words.collect()
    }
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).expect("a String grows");
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "embed_migrations"
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut fields = Fields(String::new());
        attributes.record(&mut fields);
        self.line(&format!("span {}", attributes.metadata().name()), attributes.metadata(), &fields.0);
        Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        self.line("event", event.metadata(), &fields.0);
    }

    fn enter(&self, _: &Id) {
        self.0.lock().expect("no panic").push_str("{\n");
    }

    fn exit(&self, _: &Id) {
        self.0.lock().expect("no panic").push_str("}\n");
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}
}

/// What is written down while something runs, as it is.
fn heard(run: impl FnOnce()) -> Lines {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let lines = Lines::default();
    tracing::subscriber::with_default(lines.clone(), run);
    lines
}

/// What is told while something runs.
fn told(run: impl FnOnce()) -> String {
    heard(run).take()
}

#[test]
fn a_run_is_a_span_with_an_event_for_each_migration() {
    let mut conn = memory();
    let told_first = told(|| drop(LESSON.run(&mut conn).expect("all is well")));
    assert_snapshot!(told_first, @r#"
    INFO span migrate
    {
    INFO event message=migration applied version="000" name="create_schema_migrations" elapsed_ms=5
    INFO event message=migration applied version="001" name="create_users" elapsed_ms=5
    INFO event message=migration applied version="002" name="add_bio_to_users" elapsed_ms=5
    }
    "#);
    let told_second = told(|| drop(LESSON.run(&mut conn).expect("nothing pending")));
    assert_snapshot!(told_second, @r"
    INFO span migrate
    {
    }
    ");
}

#[test]
fn to_open_a_database_is_a_run_too() {
    let opened =
        told(|| drop(LESSON.runner().target("000").open_with(":memory:", |_| Ok(())).expect("all is well")));
    assert_snapshot!(opened, @r#"
    INFO span migrate
    {
    INFO event message=migration applied version="000" name="create_schema_migrations" elapsed_ms=5
    }
    "#);
}

#[test]
fn time_is_measured_for_whoever_listens() {
    let slow = "CREATE TABLE t AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 300000) SELECT n FROM c;";
    let migrations = history(&[on(slow)]);
    let lines = heard(|| drop(migrations.run(&mut memory()).expect("all is well")));
    let text = lines.0.lock().expect("no panic").clone();
    let slow = text.lines().find(|line| line.contains("version=\"001\"")).expect("its line");
    assert!(!slow.ends_with("elapsed_ms=0"), "{slow}");
}

#[test]
fn a_failure_says_where() {
    let migrations =
        history(&[on("CREATE TABLE t (a NOT NULL);"), on("SELECT 1;\n  INSERT INTO t VALUES (NULL);")]);
    let failed = told(|| assert!(migrations.run(&mut memory()).is_err()));
    assert_snapshot!(failed, @r#"
    INFO span migrate
    {
    INFO event message=migration applied version="000" name="create_schema_migrations" elapsed_ms=5
    INFO event message=migration applied version="001" name="step" elapsed_ms=5
    ERROR event message=002_step.sql:3:15: the migration failed; the database is at 001_step.sql file="002_step.sql" line=3 column=15 cause=NOT NULL constraint failed: t.a
    }
    "#);
    let refused = told(|| {
        let mut conn = memory();
        conn.execute_batch("BEGIN").expect("it begins");
        assert!(matches!(LESSON.run(&mut conn), Err(Error::InTransaction)));
    });
    assert_snapshot!(refused, @r"
    INFO span migrate
    {
    ERROR event message=the connection is in a transaction; commit or roll back before running migrations
    }
    ");
}

#[test]
fn a_wait_is_told_with_its_time() {
    let db = Db::new();
    let other = db.open();
    other.execute_batch("BEGIN IMMEDIATE").expect("it begins");
    let mut conn = db.open();
    let waited = told(|| {
        let result = LESSON.runner().lock_timeout(Duration::from_millis(5)).run(&mut conn);
        assert!(matches!(result, Err(Error::LockTimeout { .. })));
    });
    assert!(waited.contains("DEBUG event message=waited for another connection waited_ms=5\n"), "{waited}");
    assert!(waited.contains("ERROR event message=timed out after"), "{waited}");
}
