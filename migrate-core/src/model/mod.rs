//! What migrations are, and what can be said about them without SQL and without a database. Pure.

pub(crate) mod migration;
pub(crate) mod name;
pub(crate) mod plan;
pub(crate) mod problem;
pub(crate) mod status;
