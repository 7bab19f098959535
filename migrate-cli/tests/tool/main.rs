//! The real binary, on packages of a test's own.

#![allow(clippy::unwrap_used, reason = "a test fails where something cannot be done")]

mod authoring;
mod checking;
mod engines;
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

#[allow(dead_code, reason = "it knows more of them than these tests do")]
#[path = "../../../migrate-remote/tests/real/servers.rs"]
mod servers;
