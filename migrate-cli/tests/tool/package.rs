//! A package in a folder of its own, and the tool run in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The binary under test.
pub(crate) const TOOL: &str = env!("CARGO_BIN_EXE_cargo-migrate");

/// A package with a program that embeds `migrations`, removed after the test.
pub(crate) struct Package {
    folder: tempfile::TempDir,
}

/// What a command has printed, and its exit code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Package {
    /// A package without migrations.
    pub(crate) fn empty() -> Self {
        let package = Self { folder: tempfile::tempdir().unwrap() };
        package.write("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        package.embeds("");
        package
    }

    /// A package with the first migration, and these after it: each a name, and what it does.
    pub(crate) fn with(migrations: &[(&str, &str)]) -> Self {
        let package = Self::empty();
        assert_eq!(package.run(&["init"]).code, Some(0));
        for (name, body) in migrations {
            package.migration(name, body);
        }
        package
    }

    /// What the program embeds.
    pub(crate) fn embeds(&self, arguments: &str) {
        self.write(
            "src/main.rs",
            &format!("static M: X = embed_migrations::embed_migrations!({arguments});\n"),
        );
    }

    /// Writes a migration, with its transaction and record.
    pub(crate) fn migration(&self, name: &str, body: &str) {
        let (version, words) = name.trim_end_matches(".sql").split_once('_').unwrap();
        self.write(
            &format!("migrations/{name}"),
            &format!(
                "BEGIN;\n{body}\nINSERT INTO schema_migrations (version, name) VALUES ('{version}', '{words}');\nCOMMIT;\n"
            ),
        );
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The names in a folder, in order, dot-files apart.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.retain(|name| !name.starts_with('.'));
        names.sort();
        names
    }

    /// The tool, to be run in the package.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_in("", arguments)
    }

    pub(crate) fn command_in(&self, folder: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(TOOL);
        command.args(arguments).current_dir(self.path(folder)).stdin(Stdio::null());
        for variable in ["DATABASE_URL", "GITHUB_WORKSPACE", "CLICOLOR_FORCE", "NO_COLOR"] {
            command.env_remove(variable);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.ran(self.command(arguments).output().unwrap())
    }

    /// What was printed, with the folder of the test as `[package]`.
    pub(crate) fn ran(&self, output: Output) -> Ran {
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            [self.folder.path().canonicalize().unwrap().as_path(), self.folder.path()]
                .iter()
                .fold(text, |text, path: &&Path| text.replace(path.to_str().unwrap(), "[package]"))
        };
        Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// What is printed where all is well.
    #[track_caller]
    pub(crate) fn succeeds(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}{}", ran.out, ran.err);
        ran.out
    }

    /// What is said where a command cannot do what it is asked to.
    #[track_caller]
    pub(crate) fn fails(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}{}", ran.out, ran.err);
        ran.err
    }

    /// What is found where something is wrong.
    #[track_caller]
    pub(crate) fn finds(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(1), "{arguments:?}: {}{}", ran.out, ran.err);
        ran.out
    }
}
