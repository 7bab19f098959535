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
// With fewer features less is called. What nobody calls at all shows with every one of them.
#![cfg_attr(not(all(feature = "build", feature = "include_dir")), allow(dead_code))]

#[cfg(feature = "build")]
mod build;
#[cfg(feature = "check")]
mod check;
#[cfg(feature = "include_dir")]
mod from_dir;
#[cfg(feature = "build")]
mod kept;
#[cfg(feature = "local")]
mod live;
mod model;
#[cfg(feature = "build")]
mod rehearsal;
#[cfg(feature = "remote")]
mod remote;
#[cfg(feature = "local")]
mod run;
mod sql;
mod stale;

pub use model::divergence::Divergence;
pub use model::event::Event;
pub use model::migration::Migration;
pub use model::place::Place;
pub use model::problem::Problem;
pub use model::report::{Kept, Reached, Report};
pub use model::rule::Rule;
pub use model::set::Migrations;
pub use model::status::Status;
#[cfg(feature = "local")]
pub use run::Runner;
#[cfg(feature = "local")]
pub use run::backup::Backup;
#[cfg(feature = "local")]
pub use run::error::{Cause, Error};
#[cfg(feature = "local")]
pub use run::verify::Verifier;

/// What the expansion of the macro names.
#[doc(hidden)]
pub mod __private {
    pub use crate::model::digest::Digest;
    pub use crate::model::files::{Files, Position};
    pub use crate::model::migration::{Migration, Mode};
    pub use crate::model::set::{Later, Migrations, NONE, Set};
    #[cfg(feature = "local")]
    pub use crate::model::step::Step;
}

/// What embed-migrations-remote asks for: the plan and what is decided by it, without a database.
#[cfg(feature = "remote")]
#[doc(hidden)]
pub mod __remote {
    pub use crate::remote::door::*;
    pub use crate::remote::{Engine, Refusal, Stamp, review};
}

/// What the macro needs while a program compiles, and the fault suite to look at single steps of it.
#[cfg(feature = "build")]
#[doc(hidden)]
pub mod __build {
    pub use crate::build::adopt;
    pub use crate::build::args::{Args, CheckedArgs, NamedStep};
    pub use crate::build::calls::{Call, calls};
    pub use crate::build::checked::{Checked, Wrong, check, checked};
    pub use crate::build::files::{Files, TABLE};
    pub use crate::build::project::Project;
    pub use crate::build::rebuild::{Change, rebuild};
    pub use crate::build::renumber::{Renamed, Renumbered};
    pub use crate::build::schema;
    pub use crate::build::steps::{check_files, check_test, file_name_parts, statement_ends};
    pub use crate::build::{Embedded, EmbeddedMigration, Note, embed, embed_at};
    pub use crate::kept::Home;
    pub use crate::model::files::Joined;
    pub use crate::rehearsal::{StandIns, Trial, Tried};
    pub use crate::remote::Engine;
    pub use crate::run::backup::back::{backups, go_back};
}
