//! Ctrl-C while migrations run: the statement that is running, or the next one, fails, and the runner does what it does
//! after any failure. It happens once, so that nothing is in the way of what follows. A second Ctrl-C ends the program;
//! that is safe as well, as a crash is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization, TransactionOperation};

use crate::failure::{Failure, INTERRUPTED};

/// SQLite asks once in so many of its virtual machine's instructions.
const ASK_EVERY: i32 = 1000;

#[derive(Debug, Default)]
struct Wish {
    has_come: AtomicBool,
    is_granted: AtomicBool,
}

impl Wish {
    /// Whether this is the moment to stop, which comes once.
    fn stops_here(&self) -> bool {
        self.has_come.load(Ordering::SeqCst) && !self.is_granted.swap(true, Ordering::SeqCst)
    }
}

/// What is to end a run.
#[derive(Debug)]
pub(crate) struct Interrupt(Arc<Wish>);

impl Interrupt {
    /// Lets Ctrl-C stop what runs on a connection.
    pub(crate) fn listen(conn: &mut Connection) -> Result<Self, Failure> {
        let wish = Arc::<Wish>::default();
        let come = Arc::clone(&wish);
        let pressed = move || {
            if come.has_come.swap(true, Ordering::SeqCst) {
                std::process::exit(i32::from(INTERRUPTED));
            }
        };
        ctrlc::set_handler(pressed)
            .map_err(|error| Failure::new(format!("Ctrl-C cannot be caught: {error}")))?;
        hook(conn, &wish)
            .map_err(|error| Failure::new(format!("the run could not be stopped by Ctrl-C: {error}")))?;
        Ok(Self(wish))
    }

    pub(crate) fn has_come(&self) -> bool {
        self.0.has_come.load(Ordering::SeqCst)
    }
}

/// Has SQLite ask whether to go on: within a statement, and before each.
fn hook(conn: &mut Connection, wish: &Arc<Wish>) -> rusqlite::Result<()> {
    let (within, ahead) = (Arc::clone(wish), Arc::clone(wish));
    let asked = conn.progress_handler(ASK_EVERY, Some(move || within.stops_here()));
    asked.and(conn.authorizer(Some(move |context: AuthContext<'_>| before(&ahead, &context))))
}

/// A short statement ends before SQLite asks within it, so it is asked here as well. What ends a transaction is let pass.
fn before(wish: &Wish, context: &AuthContext<'_>) -> Authorization {
    let ends = match context.action {
        AuthAction::Transaction { operation } => operation != TransactionOperation::Begin,
        AuthAction::Savepoint { .. } => true,
        _ => false,
    };
    if !ends && wish.stops_here() { Authorization::Deny } else { Authorization::Allow }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_statement_is_stopped_and_no_other() -> rusqlite::Result<()> {
        let mut conn = Connection::open_in_memory()?;
        let wish = Arc::<Wish>::default();
        hook(&mut conn, &wish)?;
        conn.execute_batch("BEGIN; SAVEPOINT a; CREATE TABLE t (n)")?;
        wish.has_come.store(true, Ordering::SeqCst);
        // What ends a transaction is let pass.
        conn.execute_batch("RELEASE a; COMMIT")?;
        assert!(conn.execute_batch("INSERT INTO t VALUES (1)").is_err());
        conn.execute_batch("INSERT INTO t VALUES (2)")
    }

    #[test]
    fn a_long_statement_is_stopped_while_it_runs() -> rusqlite::Result<()> {
        let mut conn = Connection::open_in_memory()?;
        let wish = Arc::<Wish>::default();
        hook(&mut conn, &wish)?;
        let long = "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r";
        let mut statement = conn.prepare(long)?;
        wish.has_come.store(true, Ordering::SeqCst);
        let stopped = statement.query_row([], |row| row.get::<_, i64>(0));
        assert_eq!(
            stopped.err().and_then(|error| error.sqlite_error_code()),
            Some(rusqlite::ErrorCode::OperationInterrupted)
        );
        Ok(())
    }
}
