//! The commands and the options that all of them share. What a command takes is declared beside what it does.

use clap::{Parser, Subcommand};

use crate::failure::{Failure, Outcome};
use crate::scope::Scope;
use crate::{
    back, baseline, check, completions, explain, import, init, lock, new, renumber, schema, status, up,
    verify,
};

/// Migrations for SQLite that are embedded in a program: write, check and apply them.
///
/// The folder and its options are read from the calls of `embed_migrations!` in the package's sources, so there is
/// nothing to configure.
#[derive(Debug, Parser)]
#[command(name = "cargo-migrate", bin_name = "cargo migrate", version, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 fine, 1 problems found, 2 wrong usage or an unreadable file, 3 pending migrations \
                        (status), 4 a database that is newer or has another history (status, up)."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) scope: Scope,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Options),
    New(new::Options),
    Check(check::Options),
    Status(status::Options),
    Up(up::Options),
    Verify(verify::Options),
    Back(back::Options),
    Baseline(baseline::Options),
    Schema(schema::Options),
    Lock(lock::Options),
    Import(import::Options),
    Renumber(renumber::Options),
    Explain(explain::Options),
    Completions(completions::Options),
}

impl Cli {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let Self { scope, command } = self;
        match command {
            Command::Init(options) => init::run(&scope, &options),
            Command::New(options) => new::run(&scope, &options),
            Command::Check(options) => check::run(&scope, &options),
            Command::Status(options) => status::run(&scope, &options),
            Command::Up(options) => up::run(&scope, &options),
            Command::Verify(options) => verify::run(&scope, &options),
            Command::Back(options) => back::run(&options),
            Command::Baseline(options) => baseline::run(&scope, &options),
            Command::Schema(options) => schema::run(&scope, &options),
            Command::Lock(options) => lock::run(&scope, &options),
            Command::Import(options) => import::run(&scope, &options),
            Command::Renumber(options) => renumber::run(&scope, &options),
            Command::Explain(options) => explain::run(&options),
            Command::Completions(options) => completions::run(&options),
        }
    }
}
