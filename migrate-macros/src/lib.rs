//! The proc macro of [embed-migrations](https://docs.rs/embed-migrations), which is the crate to use.
//!
//! A shell: arguments in, tokens out. What is right or wrong about a folder, the core decides.

#![cfg_attr(
    not(test),
    warn(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::print_stdout,
        clippy::print_stderr
    )
)]

mod checked;
mod embed;

use embed_migrations_core::__build::Home;
use proc_macro::TokenStream;

/// `embed!($crate, …)`, called by `embed_migrations::embed_migrations!(…)`.
#[proc_macro]
pub fn embed(input: TokenStream) -> TokenStream {
    embed::expand(input.into()).into()
}

/// `checked_sql!($crate, name, …)`, called by `checked_sql! { … }`: defines the macro.
#[proc_macro]
pub fn checked_sql(input: TokenStream) -> TokenStream {
    checked::define(input.into()).into()
}

/// `check_sql!("schema", "SELECT …")`, called by the macro that was defined.
#[proc_macro]
pub fn check_sql(input: TokenStream) -> TokenStream {
    checked::check_statement(input.into()).into()
}

/// Where something can be kept for the next compilation. Cargo sets it where the crate has a build script: a folder of the
/// crate's own, which lasts from one build to the next.
fn home() -> Option<Home> {
    let folder = std::env::var_os("OUT_DIR")?.into();
    Some(Home { folder, version: env!("EMBED_MIGRATIONS_SOURCES").to_owned() })
}
