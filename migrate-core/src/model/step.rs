//! A step in Rust: a function of the application's that a file calls by name. The only part of the model that knows of
//! a connection, since the table of steps is baked in with the set; it calls nothing.

use std::error::Error;

use rusqlite::Connection;

/// A function, and the name that files call it by.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub(crate) name: &'static str,
    pub(crate) run: Run,
}

type Run = fn(&Connection) -> Result<(), Box<dyn Error + Send + Sync>>;

impl Step {
    #[must_use]
    pub const fn new(name: &'static str, run: Run) -> Self {
        Self { name, run }
    }
}
