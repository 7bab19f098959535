//! What a run tells while it runs.

use std::path::PathBuf;
use std::time::Duration;

use super::migration::Migration;

/// What happens during a run.
///
/// # Examples
///
/// See [`Runner::on_event`](https://docs.rs/embed-migrations/latest/embed_migrations/struct.Runner.html#method.on_event).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A migration is about to run.
    #[non_exhaustive]
    Started {
        /// The migration.
        migration: &'static Migration,
        /// Which one of this call it is, from 1.
        position: usize,
        /// How many this call has to apply.
        total: usize,
    },
    /// A statement of a migration has run, so that a long file shows how far it is. It is not in the database for good yet.
    /// An engine elsewhere is sent a file whole, so a run there tells of no step.
    #[non_exhaustive]
    Step {
        /// The migration.
        migration: &'static Migration,
        /// Which one of its statements it was, from 1; BEGIN and COMMIT are not counted.
        statement: usize,
        /// How many it has.
        of: usize,
    },
    /// A migration is in the database for good. Migrations may share a transaction, so several can have
    /// started before the first of them is applied.
    #[non_exhaustive]
    Applied {
        /// The migration.
        migration: &'static Migration,
        /// How long its statements took, without the COMMIT.
        elapsed: Duration,
    },
    /// The database is copied, and nothing in it has changed yet.
    #[non_exhaustive]
    BackedUp {
        /// The copy.
        path: PathBuf,
        /// How long it took, while other connections could not write.
        elapsed: Duration,
    },
}
