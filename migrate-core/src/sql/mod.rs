//! SQL as text: tokens, statements, and what a statement's own words say. Pure; SQLite is asked elsewhere.

#[cfg(feature = "local")]
pub(crate) mod definition;
pub(crate) mod named;
pub(crate) mod quote;
#[cfg(feature = "check")]
mod reader;
#[cfg(feature = "check")]
pub(crate) mod script;
pub(crate) mod step;
pub(crate) mod token;
#[cfg(feature = "check")]
pub(crate) mod verb;
