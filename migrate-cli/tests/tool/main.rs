//! The real binary, on packages of a test's own.

#![allow(clippy::unwrap_used, reason = "a test fails where something cannot be done")]

mod authoring;
mod checking;
mod elsewhere;
mod histories;
mod importing;
mod package;
mod readme;
mod rebuilding;
mod returning;
mod running;
mod schema;
mod together;
mod trying;
