//! The names around a call are none of the expansion's affair, also where it is an error.
#![allow(non_camel_case_types, dead_code, unused_macros)]

mod core {}
mod std {}
struct Migrations;
struct NONE;
macro_rules! compile_error { ($($tokens:tt)*) => {} }

fn main() {
    let _: ::embed_migrations::Migrations = ::embed_migrations::embed_migrations!("typo");
}
