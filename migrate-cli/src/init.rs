//! `cargo migrate init`: what a package needs to begin with. What it has already is left as it is.

use std::fs;

use clap::Args;
use embed_migrations_core::__build::{Files, TABLE, adopt};

use crate::failure::{Failure, Outcome};
use crate::file;
use crate::output::{BOLD, line};
use crate::scope::Scope;

/// Begin: the first migration, the line in build.rs, and the Rust to paste
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Number migrations by the time at which they are written, YYYYMMDDHHMMSS, instead of 0, 1, 2 …
    #[arg(long)]
    timestamps: bool,
}

pub(crate) fn run(scope: &Scope, options: &Options) -> Result<Outcome, Failure> {
    let (package, project) = scope.project()?;
    let folder = project.path();
    fs::create_dir_all(&folder).map_err(|error| Failure::file(&folder, error))?;
    let files = project.files().map_err(|problem| Failure::new(problem.to_string()))?;
    if files.names().len() > 0 {
        line(format!("{} has migrations already: nothing written there", package.shown(&folder)));
    } else {
        let first = if options.timestamps { "0".repeat(14) } else { adopt::versions(&[], 0).first };
        let (name, text) = Files::first(&first, TABLE);
        let path = folder.join(name);
        if file::create(&path, &text)? {
            line(format!("written: {}", package.shown(&path)));
        }
    }

    let shown = &project.args().folder;
    let tracked = format!("println!(\"cargo::rerun-if-changed={shown}\");");
    let build = package.root.join(package.build.as_deref().unwrap_or("build.rs"));
    match fs::read_to_string(&build) {
        Ok(text) if text.contains(&format!("rerun-if-changed={shown}")) => {}
        Ok(_) => {
            line(format!(
                "\nAdd this line to main in {}, so that new files are noticed:\n",
                package.shown(&build)
            ));
            line(format!("    {tracked}"));
        }
        Err(_) => {
            file::create(
                &build,
                &format!("fn main() {{\n    {tracked} // so that new files are noticed\n}}\n"),
            )?;
            line(format!("written: {}", package.shown(&build)));
        }
    }

    let arguments = if shown == "migrations" { String::new() } else { format!("{shown:?}") };
    if !package.depends_on("embed-migrations") {
        line(format!("\n{BOLD}The dependency{BOLD:#}\n\n    cargo add embed-migrations --features bundled"));
    }
    line(format!(
        "\n{BOLD}The program{BOLD:#}\n\n    use embed_migrations::{{Migrations, embed_migrations}};\n\n    \
         static MIGRATIONS: Migrations = embed_migrations!({arguments});\n\n    \
         MIGRATIONS.run(&mut conn)?; // a rusqlite::Connection, when the program starts\n"
    ));
    line(format!("{BOLD}The next migration{BOLD:#}\n\n    cargo migrate new create users"));
    Ok(Outcome::Fine)
}
