//! The calls of `embed_migrations!` in a source, so that a tool knows what a package embeds, and how, without being told.
//!
//! Looks at tokens alone, as a call may stand anywhere, in another macro as well. One that only another macro can
//! complete (`$folder`) is none.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::args::Args;

/// A call of the macro.
#[derive(Debug)]
pub struct Call {
    /// Counts from 1.
    pub line: usize,
    /// What it is given, or what is wrong with that.
    pub args: Result<Args, String>,
}

/// The name of the macro.
const NAME: &str = "embed_migrations";

/// Every call in a source, in order. A source that is not Rust has none.
#[must_use]
pub fn calls(source: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    // Taking a text apart costs more than looking for a word in it.
    if source.contains(NAME)
        && let Ok(tokens) = source.parse()
    {
        find(tokens, &mut calls);
    }
    calls
}

fn find(tokens: TokenStream, calls: &mut Vec<Call>) {
    let mut tokens = tokens.into_iter().peekable();
    // The line of a name and a `!` that have just been read.
    let mut called = None;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(ident) if ident == NAME && is_bang(tokens.peek()) => {
                tokens.next();
                called = Some(ident.span().start().line);
            }
            TokenTree::Group(group) => {
                if let Some(line) = called.take().filter(|_| group.delimiter() != Delimiter::None) {
                    if !is_incomplete(group.stream()) {
                        let args = syn::parse2(group.stream()).map_err(|error| error.to_string());
                        calls.push(Call { line, args });
                    }
                } else {
                    find(group.stream(), calls);
                }
            }
            _ => called = None,
        }
    }
}

fn is_bang(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == '!')
}

fn is_incomplete(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '$'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders(source: &str) -> Vec<(usize, Result<String, ()>)> {
        let calls = calls(source).into_iter();
        calls.map(|call| (call.line, call.args.map(|args| args.folder).map_err(drop))).collect()
    }

    #[test]
    fn a_call_is_found_wherever_it_stands() {
        let source = r#"
            static A: Migrations = embed_migrations!();
            mod b { static B: M = db::embed_migrations!("db/b", functions = ["f/1"]); }
            lazy! { static C: M = embed_migrations::embed_migrations! { "c" }; }
            fn main() { run(&embed_migrations!["d"]) }
        "#;
        let found = [(2, "migrations"), (3, "db/b"), (4, "c"), (5, "d")];
        assert_eq!(folders(source), found.map(|(line, folder)| (line, Ok(folder.to_owned()))));
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for source in [
            "macro_rules! embed_migrations { () => { 1 } }",
            "macro_rules! m { ($f:literal) => { embed_migrations!($f) } }",
            "use embed_migrations::{Migrations, embed_migrations};",
            "/// embed_migrations!(\"in a comment\")\nconst A: &str = \"embed_migrations!()\";",
            "embed_migrations!( this is not Rust",
        ] {
            assert_eq!(folders(source), [], "{source}");
        }
    }

    #[test]
    fn wrong_arguments_are_told() {
        assert_eq!(folders("embed_migrations!(\"/etc\")"), [(1, Err(()))]);
    }
}
