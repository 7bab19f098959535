//! The migrations of [embed-migrations](https://docs.rs/embed-migrations), which is the crate to use, on engines that run
//! on other machines: libSQL (sqld, Turso) and rqlite.
//!
//! Each file goes over in one request that is atomic on the engine and carries its own guard, so that nodes that start at
//! once, an answer that is lost, a request that arrives twice and a leader that dies in between leave every migration
//! applied exactly once. A [`Session`] does no I/O: it says what to send, and is told what came back.

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

mod answer;
mod attempt;
mod clock;
mod engine;
mod error;
#[cfg(feature = "http")]
mod http;
mod libsql;
mod look;
mod patience;
mod request;
mod rqlite;
#[cfg(feature = "http")]
mod runner;
mod server;
mod session;
mod words;

pub use engine::{LibSql, Rqlite};
pub use error::{Cause, EngineError, Error, Lost};
pub use look::Object;
pub use request::{Request, Step};
#[cfg(feature = "http")]
pub use runner::Runner;
pub use session::Session;
