fn main() {
    println!("cargo::rerun-if-changed=app");
    println!("cargo::rerun-if-changed=jobs");
}
