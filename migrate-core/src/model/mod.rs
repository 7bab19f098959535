//! What migrations are, and what can be said about them without SQL and without a database. Pure.

pub(crate) mod digest;
pub(crate) mod divergence;
pub(crate) mod event;
pub(crate) mod files;
pub(crate) mod migration;
pub(crate) mod name;
pub(crate) mod numbering;
pub(crate) mod place;
pub(crate) mod plan;
pub(crate) mod problem;
pub(crate) mod report;
pub(crate) mod rule;
pub(crate) mod set;
pub(crate) mod status;
#[cfg(feature = "local")]
pub(crate) mod step;
pub(crate) mod timestamp;
