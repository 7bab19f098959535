//! The run, through the facade only: what a caller is promised, every trap that was met, random histories against a
//! naive model, and SQLite itself as the oracle. Nothing here names the core's feature `build`, which brings a SQLite
//! along, so all of it runs on a system's SQLite too.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
#![allow(clippy::result_large_err, reason = "the size of its error is the library's affair")]

#[path = "../support/databases.rs"]
mod databases;
#[path = "../support/rights.rs"]
mod rights;

mod backup;
mod from_dir;
mod model;
mod open;
mod oracle;
mod releases;
mod runner;
mod steps;
mod timestamps;
mod traps;
mod verify;
