//! How the compiler shows what is wrong with a call, in its own frame: where an error stands, that there is one for
//! each problem, and that nothing follows from one but itself. The words are the affair of `folders`.
//!
//! `TRYBUILD=overwrite cargo test --test build compiler` writes the frames anew; read every line of the difference.

use std::fs;

use crate::crates;

/// The folders that the cases embed, by the name that they have there.
const FOLDERS: [(&str, &str); 8] = [
    ("migrations", "folders/sql-error/misspelt_column/migrations"), // where none is named
    ("typo", "folders/sql-error/misspelt_table/migrations"),
    ("gap", "folders/missing-version/one/migrations"),
    ("odd", "folders/sql-error/after_tabs_and_wide_characters/migrations"),
    ("several", "folders/several-rules/one_file/migrations"),
    ("right", "accepted/rebuild"),
    ("steps", "folders/unknown-step/no_file_calls_it/migrations"),
    ("too_long", "accepted/too_long_with_rows"),
];

#[test]
fn the_compiler_shows_what_it_did() {
    // trybuild makes a package of its own, and that is where the macro looks for folders.
    let package = crates::target_folder().join("tests/trybuild").join(env!("CARGO_PKG_NAME"));
    for (name, case) in FOLDERS {
        let (from, to) = (crates::package().join("tests/build").join(case), package.join(name));
        if to.exists() {
            fs::remove_dir_all(&to).expect("the last copy can be removed");
        }
        crates::copy(&from, &to);
    }
    trybuild::TestCases::new().compile_fail("tests/build/compiler/*.rs");
}

#[test]
fn nothing_follows_from_a_mistake() {
    let folder = crates::package().join("tests/build/compiler");
    for file in crates::names(&folder, false) {
        let shown = fs::read_to_string(folder.join(&file)).expect(&file);
        // The compiler's own errors have numbers, and its lints are those of an expansion that went on.
        for echo in ["error[E", "warning:", "-D warnings"] {
            assert!(!file.ends_with(".stderr") || !shown.contains(echo), "{file}: `{echo}` is an echo");
        }
    }
}
