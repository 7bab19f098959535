fn main() {
    println!("cargo::rerun-if-changed=../../target/field/histories/ours");
}
