//! Which package and which folder a command is about: the options that say so, and what they choose.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use embed_migrations_core::__build::{Args, Project};

use crate::calls::{self, Found};
use crate::failure::Failure;
use crate::package::Package;

/// The options of every command.
#[derive(Debug, ClapArgs)]
pub(crate) struct Scope {
    /// The package, in a workspace.
    #[arg(short, long, global = true, value_name = "NAME", help_heading = "Which migrations")]
    package: Option<String>,

    /// The package's Cargo.toml; without it, the nearest one from the current folder upwards.
    #[arg(long, global = true, value_name = "PATH", help_heading = "Which migrations")]
    manifest_path: Option<PathBuf>,

    /// The folder of migrations, relative to Cargo.toml: one of those that the package embeds, or any other.
    #[arg(long, global = true, value_name = "FOLDER", help_heading = "Which migrations")]
    folder: Option<String>,

    #[command(flatten)]
    pub(crate) color: colorchoice_clap::Color,
}

impl Scope {
    /// The package.
    pub(crate) fn package(&self) -> Result<Package, Failure> {
        Package::find(self.manifest_path.as_deref(), self.package.as_deref())
    }

    /// Every folder that the package embeds, or the one that was named.
    pub(crate) fn projects(&self) -> Result<(Package, Vec<Project>), Failure> {
        let package = self.package()?;
        let calls = calls::of(&package).into_iter();
        let mut chosen = match &self.folder {
            None => calls.collect::<Result<Vec<_>, _>>()?,
            Some(folder) => {
                let folder = folder.trim_end_matches('/');
                // What is wrong elsewhere is nobody's business here.
                let named: Vec<_> = calls.flatten().filter(|found| found.args.folder == folder).collect();
                if named.is_empty() { vec![Found::unasked(folder)?] } else { named }
            }
        };
        if chosen.is_empty() {
            // What is about to be embedded.
            chosen.push(Found::unasked(&Args::of("migrations").folder)?);
        }
        let root = &package.root;
        let projects = chosen.into_iter().map(|found| Project::new(root, found.args)).collect();
        Ok((package, projects))
    }

    /// The one folder that a command is about.
    pub(crate) fn project(&self) -> Result<(Package, Project), Failure> {
        let (package, mut projects) = self.projects()?;
        let mut folders: Vec<_> = projects.iter().map(|project| project.args().folder.clone()).collect();
        folders.dedup();
        match (projects.pop(), folders.len()) {
            (Some(project), 1) => Ok((package, project)),
            _ => Err(Failure::new(format!(
                "the package embeds several folders ({}); choose one with --folder",
                folders.join(", ")
            ))),
        }
    }
}
