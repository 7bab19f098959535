//! Every trap that was met at run time, one test each. The id in a comment is only a label: D1, F2 …
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../runtime/mod.rs"]
mod runtime;

mod files;
mod foreign_keys;
mod locks;
mod security;
mod text;
mod transactions;
mod versions;
