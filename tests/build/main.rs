//! The build: what is said of a broken folder, what is accepted, what the compiler shows, and what ends up in a program.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

#[path = "../support/crates.rs"]
mod crates;
#[path = "../support/rights.rs"]
mod rights;

mod accepted;
mod compiler;
mod embedding;
mod explanations;
mod folders;
mod histories;
mod kept;
mod tidy;
