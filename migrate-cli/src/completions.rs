//! `cargo migrate completions SHELL`.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::cli::Cli;
use crate::failure::{Failure, Outcome};
use crate::output;

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(after_help = "They complete `cargo-migrate`. For bash: cargo migrate completions bash > \
                        ~/.local/share/bash-completion/completions/cargo-migrate")]
pub(crate) struct Options {
    shell: Shell,
}

pub(crate) fn run(options: &Options) -> Result<Outcome, Failure> {
    let mut text = Vec::new();
    // `bin_name` has a space in it for `--help`, which no shell completes.
    let mut command = Cli::command().bin_name("cargo-migrate");
    clap_complete::generate(options.shell, &mut command, "cargo-migrate", &mut text);
    output::print(&String::from_utf8_lossy(&text));
    Ok(Outcome::Fine)
}
