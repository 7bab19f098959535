//! The one line that makes a new file in `migrations/` rebuild this package.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
