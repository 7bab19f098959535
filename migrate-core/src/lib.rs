//! The rules, the rehearsal and the runner of [migrate](https://docs.rs/migrate), which is the crate to use:
//! it re-exports what is public here, and everything else may change in any release.

#![cfg_attr(
    not(test),
    warn(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::print_stdout,
        clippy::print_stderr
    )
)]

mod connection;
#[cfg(feature = "rehearsal")]
mod embed;
#[cfg(any(feature = "include_dir", feature = "rehearsal"))]
mod entry;
mod error;
#[cfg(any(feature = "include_dir", feature = "rehearsal"))]
mod folder;
mod foreign_keys;
#[cfg(feature = "include_dir")]
mod from_dir;
mod history;
mod locate;
#[cfg(feature = "rehearsal")]
mod lock;
mod migration;
mod name;
mod plan;
mod problem;
#[cfg(any(feature = "include_dir", feature = "rehearsal"))]
mod record;
#[cfg(feature = "rehearsal")]
mod rehearsal;
mod row;
mod runner;
#[cfg(any(feature = "include_dir", feature = "rehearsal"))]
mod script;
#[cfg(any(feature = "include_dir", feature = "rehearsal"))]
mod sequence;
#[cfg(feature = "rehearsal")]
mod source;
mod status;
#[cfg(feature = "rehearsal")]
mod steps;
mod token;
#[cfg(any(feature = "include_dir", feature = "rehearsal"))]
mod transaction;
mod wait;

pub use error::{Cause, Divergence, Error, Kept};
pub use migration::{Migration, Migrations};
pub use problem::{Place, Problem, Rule};
pub use runner::{Event, Report, Runner};
pub use status::Status;

#[doc(hidden)]
pub use migration::{NONE as __NONE, Set as __Set};

/// What the macro needs while a program compiles, and the fault suite to look at single steps of it.
#[cfg(feature = "rehearsal")]
#[doc(hidden)]
pub mod __build {
    pub use crate::embed::{Embedded, EmbeddedMigration, embed};
    pub use crate::rehearsal::StandIns;
    pub use crate::steps::{check_files, file_name_parts, statement_ends};
}
