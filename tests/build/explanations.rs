//! The explanation of each rule, `migrate-core/rules/RULE.md`, does what it says: its bad example breaks exactly that
//! rule, and its good one none.
//!
//! The examples go on from the migrations of this package, and from what stands before both. A block of SQL holds
//! whole files, each after a comment with its path. A listing of paths holds files of which only the names count.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use embed_migrations::Rule;
use embed_migrations_core::__build::{Args, embed};

use crate::crates;

#[test]
fn a_bad_example_breaks_its_rule_and_a_good_one_breaks_none() {
    for rule in Rule::ALL {
        let text =
            fs::read_to_string(explanations().join(format!("{rule}.md"))).expect("every rule is explained");
        let (given, examples) = text.split_once("\n## Bad\n").expect("a bad example");
        let (bad, good) = examples.split_once("\n## Good\n").expect("a good example");
        assert!(!given.trim_start().starts_with("```"), "{rule}: the explanation comes first");
        let broken_by_bad = broken(given, bad);
        assert!(!broken_by_bad.is_empty(), "{rule}: the bad example breaks no rule");
        assert!(
            broken_by_bad.iter().all(|broken| broken == rule),
            "{rule}: the bad example breaks {broken_by_bad:?}"
        );
        assert_eq!(broken(given, good), [], "{rule}: the good example breaks a rule");
    }
}

#[test]
fn nothing_is_explained_that_is_no_rule() {
    let files = crates::names(&explanations(), false);
    let mut expected: Vec<_> = Rule::ALL.iter().map(|rule| format!("{rule}.md")).collect();
    expected.sort();
    assert_eq!(files, expected);
}

fn explanations() -> PathBuf {
    crates::package().join("migrate-core/rules")
}

/// The rules that an example breaks.
fn broken(given: &str, example: &str) -> Vec<Rule> {
    let package = tempfile::tempdir().expect("a folder can be made");
    fs::create_dir(package.path().join("migrations")).expect("a folder can be made");
    let files = files(given, example);
    for (path, content) in &files {
        match path.strip_suffix('/') {
            Some(folder) => fs::create_dir(package.path().join(folder)).expect("a folder can be made"),
            None => crates::write(&package.path().join(path), content),
        }
    }
    // What an explanation says of the macro, it is told.
    let steps = ["steps = [users::rehash_passwords]"].into_iter().filter(|steps| given.contains(steps));
    let args: Args = steps.collect::<String>().parse().expect("they are arguments");
    // A floor is what compatible sets have.
    let args = Args {
        compatible: given.contains("user_version"),
        replicated: given.contains("replicated = true"),
        ..args
    };
    let problems = embed(package.path(), &args).err().unwrap_or_default();
    problems.iter().map(|problem| problem.rule).collect()
}

/// What is in the package of an example, by path.
fn files(given: &str, example: &str) -> BTreeMap<String, Vec<u8>> {
    assert!(blocks(example).count() > 0, "there is no example in {example}");
    for (_, block) in blocks(given).chain(blocks(example)) {
        let names_files = block.starts_with("-- migrations/") || block.starts_with("migrations/");
        assert!(names_files, "neither files nor a listing: {block}");
    }
    let mut files = BTreeMap::new();
    for (_, block) in blocks(given).chain(blocks(example)).filter(|(_, block)| block.starts_with("-- ")) {
        for file in block.split("-- migrations/").skip(1) {
            let (name, content) = file.split_once('\n').expect("a name, and what is in the file");
            files.insert(format!("migrations/{name}"), content.trim_start().into());
        }
    }
    let first = files.keys().find(|path| path.ends_with(".sql")).cloned();
    if let Some(first) = first {
        // Whatever this package has before it.
        for name in crates::names(&crates::package().join("migrations"), false) {
            let path = format!("migrations/{name}");
            let [version, first] = [&path, &first].map(|path| path.split('_').next().unwrap_or_default());
            // Timestamps bring a first file of their own.
            if (version.len() == first.len() && version < first) || given.contains(&format!(" {name}")) {
                let text = fs::read(crates::package().join(&path)).expect("it is there");
                files.entry(path).or_insert(text);
            }
        }
    }
    for (_, block) in
        blocks(example).filter(|(language, block)| *language == "text" && !block.starts_with("-- "))
    {
        for line in block.lines() {
            let (path, saved_as) = line.split_once("  ").unwrap_or((line, ""));
            files.insert(path.to_owned(), of_name(path, saved_as.trim()));
        }
    }
    files
}

/// A file of which a listing says only the name: it breaks no rule but by that.
fn of_name(path: &str, saved_as: &str) -> Vec<u8> {
    let Some(stem) = path.strip_suffix(".sql").and_then(|path| path.strip_prefix("migrations/")) else {
        return Vec::new();
    };
    if let Ok(text) = fs::read(crates::package().join(path))
        && saved_as.is_empty()
    {
        return text;
    }
    let (version, name) = stem.split_once('_').unwrap_or((stem, ""));
    let text = format!(
        "BEGIN; -- größer\nINSERT INTO schema_migrations (version, name) VALUES ('{version}', '{name}');\nCOMMIT;\n"
    );
    match saved_as {
        "" | "(saved as UTF-8)" => text.into(),
        "(saved as ISO-8859-1)" => text.chars().map(|c| u8::try_from(c).expect("it is in Latin-1")).collect(),
        other => panic!("{path}: {other}"),
    }
}

/// The fenced blocks of a text, with their languages.
fn blocks(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'))
}
