//! Runs migrations under every fault that can be caused, through the public API only, and holds what is left
//! against what is promised: whole or absent, recorded exactly once.
#![allow(clippy::expect_used, clippy::panic, reason = "what this suite needs for itself has to be there")]

pub mod around;
pub mod backup;
pub mod damaged;
pub mod heap;
pub mod hostile;
pub mod kill;
pub mod ladder;
pub mod oracle;
pub mod planted;
pub mod point;
pub mod power;
pub mod process;
pub mod race;
pub mod sweeps;
pub mod tally;
pub mod text;
pub mod vfs;
