//! The proc macro of [migrate](https://docs.rs/migrate), which is the crate to use.
//!
//! A shell: arguments in, tokens out. What is right or wrong about a folder, `migrate-core` decides.

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

mod args;
mod expand;

use proc_macro::TokenStream;

/// `embed!($crate, …)`, called by `migrate::embed_migrations!(…)`.
#[proc_macro]
pub fn embed(input: TokenStream) -> TokenStream {
    expand::expand(input.into()).into()
}
