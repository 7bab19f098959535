//! `cargo migrate`: for the people who write migrations. It decides nothing about files: what is right, what a history
//! ends in, and what a lock says, the core knows. Here is how one asks, and how the answer is shown.

#![cfg_attr(
    not(test),
    warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod back;
mod baseline;
mod calls;
mod check;
mod cli;
mod completions;
mod database;
mod diff;
mod engine;
mod explain;
mod failure;
mod file;
mod finding;
mod import;
mod init;
mod interrupt;
mod lock;
mod new;
mod on;
mod output;
mod package;
mod progress;
mod renumber;
mod report;
mod schema;
mod scope;
mod status;
mod tools;
mod up;
mod verify;

use std::process::ExitCode;

use clap::Parser as _;

use self::cli::Cli;

fn main() -> ExitCode {
    // cargo calls `cargo-migrate migrate …`; by hand it is `cargo-migrate …`.
    let is_cargo = std::env::args_os().nth(1).is_some_and(|first| first == "migrate");
    let arguments = std::env::args_os().enumerate().filter(|(at, _)| !(is_cargo && *at == 1));
    let cli = Cli::parse_from(arguments.map(|(_, argument)| argument));
    cli.scope.color.write_global();
    match cli.run() {
        Ok(outcome) => ExitCode::from(outcome.code()),
        Err(failure) => {
            output::error(&failure.to_string());
            ExitCode::from(failure::CODE)
        }
    }
}
