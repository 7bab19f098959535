//! The protocols against real servers: sqld, and one to three nodes of rqlite.
//!
//! Every test needs the servers, and is ignored without them: `migrate-remote/tests/servers/install`, then
//! `cargo test -p embed-migrations-remote --features http --test real -- --ignored`.

mod plain;
mod servers;
#[path = "../sets.rs"]
mod sets;
