//! The rules, the rehearsal and the runner of [embed-migrations](https://docs.rs/embed-migrations), which is the crate to use:
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

#[cfg(feature = "build")]
mod build;
#[cfg(feature = "check")]
mod check;
#[cfg(feature = "include_dir")]
mod from_dir;
#[cfg(feature = "local")]
mod live;
mod model;
#[cfg(feature = "build")]
mod rehearsal;
#[cfg(feature = "local")]
mod run;
mod sql;

pub use model::migration::{Migration, Migrations};
pub use model::problem::{Place, Problem, Rule};
pub use model::status::Status;
#[cfg(feature = "local")]
pub use run::error::{Cause, Divergence, Error, Kept};
#[cfg(feature = "local")]
pub use run::{Event, Report, Runner};

#[doc(hidden)]
pub use model::migration::{NONE as __NONE, Set as __Set};

/// What the macro needs while a program compiles, and the fault suite to look at single steps of it.
#[cfg(feature = "build")]
#[doc(hidden)]
pub mod __build {
    pub use crate::build::steps::{check_files, file_name_parts, statement_ends};
    pub use crate::build::{Embedded, EmbeddedMigration, embed};
    pub use crate::rehearsal::StandIns;
}
