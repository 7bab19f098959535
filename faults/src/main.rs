//! One command per kind of fault. Each prints what it has seen, and fails on one violation.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use faults::ladder::Journal;
use faults::{
    around, backup, damaged, heap, hostile, kill, planted, power, process, race, sweeps, tally, text,
};

#[derive(Parser)]
#[command(about, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Takes as many points as before a release, instead of as many as on every change.
    #[arg(long, global = true)]
    long: bool,
    /// Ends at the first violation.
    #[arg(long, global = true)]
    first: bool,
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
    /// Nothing goes wrong: every statement stands in its own savepoint of a transaction.
    Frames,
    /// Every lock is held by somebody else in turn.
    Busy,
    /// The power is cut after every write, sync and delete.
    Power,
    /// Every call into the file system fails in turn while the next start recovers from a crash.
    Recovery,
    /// Processes are killed at random moments, alone and while eight of them race.
    Kill,
    /// Processes start at once on one database.
    Race,
    /// A backup is made under every one of these, and must be whole before anything changes.
    Backup,
    /// A database made by hand gets its history: all of it or nothing.
    Baseline,
    /// A path becomes a connection that is ready, or nothing happens to the database.
    Open,
    /// Bits, pages and lengths of the files are changed at random.
    Damaged,
    /// Somebody has prepared the database, or what lies beside it.
    Hostile,
    /// Statements are cut, names read and files checked that chance has written.
    Text,
    /// Bugs are planted in the runner, and each has to be seen by one of the other commands.
    Planted {
        /// Only this one.
        bug: Option<String>,
    },
    /// One process of `kill` and `race`.
    #[command(hide = true)]
    Child {
        path: PathBuf,
        #[arg(long)]
        journal: Option<Journal>,
        /// In milliseconds.
        #[arg(long)]
        pause: Option<u64>,
        #[arg(long)]
        backup: bool,
    },
}

fn main() -> ExitCode {
    heap::install();
    let Arguments { command, long, first, seed } = Arguments::parse();
    if first {
        tally::end_at_the_first();
    }
    match command {
        Command::Io => sweeps::io(long),
        Command::Memory => sweeps::memory(long),
        Command::Interrupt => sweeps::interrupt(long),
        Command::Full => sweeps::full(long),
        Command::Denied => sweeps::denied(long),
        Command::Frames => sweeps::frames(long),
        Command::Busy => sweeps::busy(long),
        Command::Power => power::power(long, seed),
        Command::Recovery => power::recovery(long),
        Command::Kill => kill::kill(long, seed),
        Command::Race => race::race(long),
        Command::Backup => backup::backup(long, seed),
        Command::Baseline => around::baseline(long),
        Command::Open => around::open(long),
        Command::Damaged => damaged::damaged(long, seed),
        Command::Hostile => hostile::hostile(),
        Command::Text => text::text(long, seed),
        Command::Planted { bug } => planted::planted(bug.as_deref()),
        Command::Child { path, journal, pause, backup } => {
            process::child(&path, journal, pause.map(Duration::from_millis), backup)
        }
    }
}
