//! The repository agrees with itself: versions, rules, features, recipes.

use std::collections::BTreeSet;
use std::fs;

use embed_migrations::Rule;

use crate::crates;

#[test]
fn there_is_one_version() {
    let manifest = read("Cargo.toml");
    let version = between(&section(&manifest, "workspace.package"), "\nversion = \"", "\"");
    assert_eq!(version, env!("CARGO_PKG_VERSION"));

    // Our own packages require each other exactly as they are.
    let required: Vec<_> = section(&manifest, "workspace.dependencies")
        .lines()
        .filter(|line| line.starts_with("embed-migrations"))
        .map(|line| between(line, "version = \"", "\""))
        .collect();
    assert!(required.len() >= 2, "{required:?}");
    assert!(
        required.iter().all(|required| *required == format!("={version}")),
        "{required:?} is not {version}"
    );

    // Before a release readers depend on a checkout, and after it cargo finds the version.
    let readme = read("README.md");
    let depends = ["embed-migrations = { path = ", "cargo add embed-migrations "];
    assert!(depends.iter().all(|line| readme.contains(line)), "README.md does not say how to depend on this");

    let changelog = read("CHANGELOG.md");
    let newest = between(&changelog, "\n## ", "\n");
    assert_eq!(newest.split(',').next(), Some(version.as_str()), "CHANGELOG.md begins with another version");
}

#[test]
fn the_readme_has_every_rule_in_a_table() {
    let readme = read("README.md");
    let first_cells: Vec<_> =
        readme.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()).collect();
    for rule in Rule::ALL {
        let count = first_cells.iter().filter(|cell| cell.contains(&format!("`{rule}`"))).count();
        assert_eq!(count, 1, "README.md: {rule} must have a row in one of the tables");
    }
}

#[test]
fn ci_names_every_feature() {
    let ci = read(".ci/run");
    let features = section(&read("Cargo.toml"), "features");
    let features: Vec<_> = features.lines().filter_map(|line| Some(line.split_once(" = ")?.0)).collect();
    assert!(features.contains(&"default") && features.len() > 1, "{features:?}");
    let words: Vec<_> =
        ci.split(|character: char| !(character.is_alphanumeric() || "_-".contains(character))).collect();
    for feature in features.iter().filter(|feature| **feature != "default") {
        assert!(words.contains(feature), ".ci/run: nothing is built with the feature {feature}");
    }
}

/// Each block of code begins with the file that it comes from, and may leave lines out between two of its
/// paragraphs. It is the file that is compiled and run.
#[test]
fn each_recipe_is_code_of_its_example() {
    let (minor, _) = env!("CARGO_PKG_VERSION").rsplit_once('.').expect("three numbers");
    let recipes = read("docs/recipes.md");
    let mut shown = BTreeSet::new();
    for block in recipes.split("\n```").skip(1).step_by(2) {
        let (first, code) =
            block.split_once('\n').and_then(|(_, rest)| rest.split_once('\n')).expect("two lines");
        let (_, file) = first.split_once(' ').expect("a comment that names the file");
        // The examples depend on this checkout, where a reader depends on a release.
        let source = read(file).replace("path = \"../../..\"", &format!("version = \"{minor}\""));
        let source = without_indentation(&source);
        let mut rest = source.as_str();
        for paragraph in code.split("\n\n") {
            let paragraph = without_indentation(paragraph);
            let Some((_, after)) = rest.split_once(&paragraph) else {
                panic!("docs/recipes.md shows this, and {file} has no such lines there:\n{paragraph}");
            };
            rest = after;
        }
        shown.insert(file.to_owned());
    }

    let examples = fs::read_dir(crates::package().join("examples/others")).expect("the examples");
    for example in examples.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")) {
        let main = format!("examples/others/{example}/src/main.rs");
        if crates::package().join(&main).exists() {
            assert!(shown.contains(&main), "docs/recipes.md has no code of {main}");
        }
    }
}

/// Code of a function's body is shown at the margin.
fn without_indentation(code: &str) -> String {
    code.lines().map(|line| format!("{}\n", line.trim_start())).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(crates::package().join(path)).expect(path)
}

/// What is between two texts, the first time.
fn between(text: &str, before: &str, after: &str) -> String {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("there is no {before:?} in {text}"));
    rest.split(after).next().unwrap_or_default().to_owned()
}

/// A section of a manifest.
fn section(manifest: &str, name: &str) -> String {
    between(manifest, &format!("\n[{name}]"), "\n[")
}
