//! What the tests of the build share: where cargo puts things, copies of folders, and small crates to compile.

#![allow(dead_code, reason = "every test file uses another part of it")]
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by a panic")]

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The cargo that runs this test.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

/// This package.
pub(crate) fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where cargo builds, asked in the way that trybuild does.
pub(crate) fn target_folder() -> PathBuf {
    let output = cargo()
        .current_dir(package())
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .output()
        .expect("cargo runs");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("metadata is JSON");
    metadata["target_directory"].as_str().expect("there is a target directory").into()
}

/// Writes a file, and the folders that it is in.
pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder can be made");
    fs::write(path, content).expect("the file can be written");
}

/// Copies a folder and everything in it. Bytes stay as they are.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("the entry can be read");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("the entry has a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the file can be copied");
        }
    }
}

/// The entries of a folder that are themselves folders (or files), by name and sorted.
pub(crate) fn names(folder: &Path, folders: bool) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("the entry can be read"))
        .filter(|entry| entry.file_type().expect("the entry has a type").is_dir() == folders)
        .map(|entry| entry.file_name().into_string().expect("names in git are UTF-8"))
        .collect();
    names.sort();
    names
}

/// A crate of its own that depends on this package. It builds into the target folder of this workspace, so that
/// SQLite is compiled only once.
pub(crate) struct Crate {
    name: &'static str,
    folder: PathBuf,
}

impl Crate {
    /// An empty one. `dependency` is what it calls this package.
    pub(crate) fn new(name: &'static str, dependency: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("crates").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("the last crate can be removed");
        }
        let this = Self { name, folder };
        let package = package();
        this.write(
            "Cargo.toml",
            format!(
                "[package]
name = {name:?}
edition = \"2024\"

[workspace]

[dependencies]
{dependency} = {{ package = {:?}, path = {package:?}, features = [\"bundled\"] }}

[profile.release.package.libsqlite3-sys]
opt-level = 0 # it is our part that is looked at
",
                env!("CARGO_PKG_NAME"),
            ),
        );
        // The versions that are there already.
        fs::copy(package.join("Cargo.lock"), this.path("Cargo.lock")).expect("the lock file can be copied");
        this
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        write(&self.path(path), content);
    }

    /// Writes a migration that records itself.
    pub(crate) fn migration(&self, path: &str, statements: &str) {
        self.write(path, migration(path, statements));
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).expect("the file can be removed");
    }

    pub(crate) fn cargo(&self, arguments: &[&str]) -> Output {
        cargo()
            .current_dir(&self.folder)
            .args(arguments)
            .args(["--offline", "--quiet", "--color=never"])
            .env("CARGO_TARGET_DIR", target_folder())
            .output()
            .expect("cargo runs")
    }

    /// What `cargo run` prints.
    #[track_caller]
    pub(crate) fn run(&self) -> String {
        succeeded(&self.cargo(&["run"]))
    }

    /// The errors of `cargo check`, as the compiler shows them.
    pub(crate) fn errors(&self) -> Vec<String> {
        let output = self.cargo(&["check", "--message-format=json"]);
        let messages = String::from_utf8(output.stdout).expect("cargo prints UTF-8");
        messages
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .map(|line| line["message"].clone())
            .filter(|message| message["level"] == "error")
            .map(|message| message["message"].as_str().unwrap_or_default().to_owned())
            .filter(|message| !message.starts_with("aborting due to"))
            .collect()
    }

    /// The program that `cargo build` has left, of a profile.
    pub(crate) fn program(&self, profile: &str) -> PathBuf {
        target_folder().join(profile).join(format!("{}{}", self.name, std::env::consts::EXE_SUFFIX))
    }
}

/// What a command has printed, which has to have ended well.
#[track_caller]
pub(crate) fn succeeded(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}\n{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// The text of a file that records itself under its own name.
pub(crate) fn migration(path: &str, statements: &str) -> String {
    let file_name = path.rsplit('/').next().unwrap_or(path);
    let (version, name) = file_name.trim_end_matches(".sql").split_once('_').expect("a version and a name");
    format!(
        "BEGIN;\n{statements}\nINSERT INTO schema_migrations (version, name) VALUES ('{version}', '{name}');\nCOMMIT;\n"
    )
}

/// What the first file holds.
pub(crate) const TRACKING_TABLE: &str =
    "CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT NOT NULL);";

/// A line of `migrations.lock` for a file: the SHA-256 of its text, normalised and without comments.
pub(crate) fn lock_line(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a migration is text");
    let text = without_comments(&text.trim_start_matches('\u{feff}').replace("\r\n", "\n"));
    let hash: String =
        hmac_sha256::Hash::hash(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{hash}  {}\n", file.file_name().expect("a file has a name").to_string_lossy())
}

/// Line by line, as a person would take them out: a comment goes with the space before it, and a line that held
/// nothing else goes with it.
fn without_comments(text: &str) -> String {
    let mut kept = String::new();
    let mut quote = None;
    let mut in_block = false;
    for line in text.split_inclusive('\n') {
        let (body, end) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
        let mut rest = String::new();
        let mut commented = in_block;
        let mut characters = body.chars().peekable();
        while let Some(character) = characters.next() {
            let next = characters.peek().copied();
            if in_block {
                if character == '*' && next == Some('/') {
                    characters.next();
                    in_block = false;
                }
            } else if let Some(close) = quote {
                rest.push(character);
                if character == close {
                    quote = None;
                }
            } else if character == '-' && next == Some('-') {
                commented = true;
                rest.truncate(rest.trim_end_matches([' ', '\t']).len());
                break;
            } else if character == '/' && next == Some('*') {
                characters.next();
                commented = true;
                in_block = true;
                rest.truncate(rest.trim_end_matches([' ', '\t']).len());
            } else {
                quote = match character {
                    '\'' | '"' | '`' => Some(character),
                    '[' => Some(']'),
                    _ => None,
                };
                rest.push(character);
            }
        }
        if !(commented && rest.trim().is_empty()) {
            kept.push_str(&rest);
            kept.push_str(end);
        }
    }
    kept
}
