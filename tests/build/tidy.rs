//! The repository agrees with itself: versions, rules, features.

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

    // Readers are told the first two numbers, which is what cargo takes as compatible before 1.0.
    let (minor, _) = version.rsplit_once('.').expect("three numbers");
    let readme = read("README.md");
    let told: Vec<_> = readme
        .lines()
        .filter(|line| line.starts_with("embed-migrations") && line.contains(" = "))
        .map(|line| between(line, "\"", "\""))
        .collect();
    assert!(!told.is_empty(), "README.md does not say how to depend on this");
    assert!(told.iter().all(|told| told == minor), "README.md says {told:?}, and this is {version}");

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
