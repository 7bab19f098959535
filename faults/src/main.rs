//! One command per kind of fault. Each prints what it has seen, and fails on one violation.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use faults::{heap, power, sweeps};

#[derive(Parser)]
#[command(about, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Takes as many points as before a release, instead of as many as on every change.
    #[arg(long, global = true)]
    long: bool,
    /// What chance begins from.
    #[arg(long, global = true, default_value_t = 1)]
    seed: u64,
}

#[derive(Subcommand)]
enum Command {
    /// Every call into the file system fails in turn, once and for ever, and writes find the disk full.
    Io,
    /// Every allocation of SQLite fails in turn, once and for ever.
    Memory,
    /// Every few steps of SQLite's virtual machine are interrupted in turn.
    Interrupt,
    /// The database may not grow beyond each size on the way.
    Full,
    /// An authorizer denies each thing that it is asked for in turn.
    Denied,
    /// Every lock is held by somebody else in turn.
    Busy,
    /// The power is cut after every write, sync and delete.
    Power,
    /// Every call into the file system fails in turn while the next start recovers from a crash.
    Recovery,
}

fn main() -> ExitCode {
    heap::install();
    let Arguments { command, long, seed } = Arguments::parse();
    match command {
        Command::Io => sweeps::io(long),
        Command::Memory => sweeps::memory(long),
        Command::Interrupt => sweeps::interrupt(long),
        Command::Full => sweeps::full(long),
        Command::Denied => sweeps::denied(long),
        Command::Busy => sweeps::busy(long),
        Command::Power => power::power(long, seed),
        Command::Recovery => power::recovery(long),
    }
}
