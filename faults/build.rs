//! So that a new file of the ladder is noticed.

fn main() {
    println!("cargo::rerun-if-changed=ladder");
}
