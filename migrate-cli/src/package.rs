//! The package whose migrations are meant. Its manifest is read here, since a command should start fast; only a package
//! that is asked for by name is looked up by cargo.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;

/// A package.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) edition: String,
    /// The folder of its Cargo.toml.
    pub(crate) root: PathBuf,
    /// The folder of the workspace's Cargo.toml.
    pub(crate) workspace: PathBuf,
    /// Its build script, where the manifest names one.
    pub(crate) build: Option<String>,
    dependencies: Vec<String>,
}

const MANIFEST: &str = "Cargo.toml";

impl Package {
    pub(crate) fn find(manifest_path: Option<&Path>, name: Option<&str>) -> Result<Self, Failure> {
        let manifest = match manifest_path {
            Some(path) => std::path::absolute(path).map_err(|error| Failure::file(path, error))?,
            None => nearest()?,
        };
        if let Some(name) = name {
            return Self::read(&member(&manifest, name)?);
        }
        Self::read(&manifest)
    }

    fn read(manifest: &Path) -> Result<Self, Failure> {
        let table = parse(manifest)?;
        let root = manifest.parent().unwrap_or(Path::new("/")).to_owned();
        let Some(package) = table.get("package") else {
            return Err(Failure::file(
                manifest,
                "this is a workspace without a package of its own; name a member with -p, or work in its folder",
            ));
        };
        let workspace = root
            .ancestors()
            .find(|folder| parse(&folder.join(MANIFEST)).is_ok_and(|table| table.contains_key("workspace")))
            .unwrap_or(&root)
            .to_owned();
        let field = |name: &str| package.get(name).and_then(toml::Value::as_str).map(str::to_owned);
        Ok(Self {
            name: field("name").ok_or_else(|| Failure::file(manifest, "the package has no name"))?,
            version: field("version").unwrap_or_else(|| "0.0.0".to_owned()),
            edition: field("edition").unwrap_or_else(|| "2021".to_owned()),
            build: field("build"),
            dependencies: dependencies(&table),
            root,
            workspace,
        })
    }

    /// Whether the manifest lists a dependency, under whatever name.
    pub(crate) fn depends_on(&self, name: &str) -> bool {
        self.dependencies.iter().any(|dependency| dependency == name)
    }

    /// A path as it is shown: relative to where the command is run, where that is above it.
    pub(crate) fn shown(&self, path: &Path) -> String {
        let here = env::current_dir().unwrap_or_default();
        path.strip_prefix(&here).unwrap_or(path).display().to_string()
    }
}

/// The names of the packages that a manifest depends on.
fn dependencies(manifest: &toml::Table) -> Vec<String> {
    let listed = manifest.get("dependencies").and_then(toml::Value::as_table);
    let names = listed.into_iter().flatten().map(|(name, dependency)| {
        dependency.get("package").and_then(toml::Value::as_str).unwrap_or(name).to_owned()
    });
    names.collect()
}

fn parse(manifest: &Path) -> Result<toml::Table, Failure> {
    let text = fs::read_to_string(manifest).map_err(|error| Failure::file(manifest, error))?;
    text.parse().map_err(|error: toml::de::Error| Failure::file(manifest, error.message()))
}

/// The Cargo.toml of this folder, or of the nearest one above it.
fn nearest() -> Result<PathBuf, Failure> {
    let here = env::current_dir().map_err(|error| Failure::new(format!("the current folder: {error}")))?;
    let found = here.ancestors().map(|folder| folder.join(MANIFEST)).find(|manifest| manifest.is_file());
    found.ok_or_else(|| {
        Failure::new(format!(
            "there is no Cargo.toml in {} or above it; run this in a package, or name its manifest with --manifest-path",
            here.display()
        ))
    })
}

/// The manifest of a package of this workspace.
fn member(manifest: &Path, name: &str) -> Result<PathBuf, Failure> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version=1", "--manifest-path"])
        .arg(manifest)
        .output()
        .map_err(|error| Failure::new(format!("cargo metadata cannot be run: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!("cargo metadata: {}", said.trim_start_matches("error: ").trim())));
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| Failure::new(format!("cargo metadata says what is not JSON: {error}")))?;
    let packages = metadata.get("packages").and_then(|packages| packages.as_array());
    let packages = packages.map(Vec::as_slice).unwrap_or_default();
    let text = |package: &serde_json::Value, field: &str| {
        package.get(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    };
    match packages.iter().find(|package| text(package, "name") == name) {
        Some(package) => Ok(PathBuf::from(text(package, "manifest_path"))),
        None => {
            let names: Vec<_> = packages.iter().map(|package| text(package, "name")).collect();
            Err(Failure::new(format!(
                "there is no package `{name}` in this workspace; it has {}",
                names.join(", ")
            )))
        }
    }
}
