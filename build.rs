//! The lines that make a new file in a folder of migrations rebuild this package.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-changed=examples/notes");
}
