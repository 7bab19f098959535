//! `checked_sql! { sql }` -> a macro `sql!` that gives a literal back once SQLite has prepared it.

use std::path::Path;

use embed_migrations_core::__build::{Checked, CheckedArgs, check, checked};
use proc_macro2::{Literal, Punct, Spacing, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Token};

use super::home;

/// `$crate, name, arguments`
struct Definition {
    facade: TokenTree,
    checked: CheckedArgs,
}

impl Parse for Definition {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let facade = input.parse()?;
        input.parse::<Token![,]>()?;
        Ok(Self { facade, checked: input.parse()? })
    }
}

pub(crate) fn define(input: TokenStream) -> TokenStream {
    let name = input.clone().into_iter().nth(2).filter(|name| matches!(name, TokenTree::Ident(_)));
    match syn::parse2(input) {
        Ok(definition) => tokens(&definition),
        Err(error) => {
            let error = error.into_compile_error();
            // Its calls are not what is wrong, so they pass.
            let passes = name
                .map(|name| quote!(#[allow(unused_macros)] macro_rules! #name { ($sql:tt) => { $sql }; }));
            quote!(#error #passes)
        }
    }
}

fn tokens(Definition { facade, checked: CheckedArgs { name, args } }: &Definition) -> TokenStream {
    let root = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let folder = &args.folder;
    let Checked { schema, tracked } = checked(Path::new(&root), args, home().as_ref());
    // What `quote!` would take for a variable of its own.
    let dollar = Punct::new('$', Spacing::Alone);
    let checks = match schema {
        Some(schema) => quote!(#facade::__private::check_sql!(#schema, #dollar sql)),
        // What is wrong with the history is told where it is embedded.
        None => quote!(#dollar sql),
    };
    let refused = format!(
        "{name}! takes one string literal: a macro sees the words of concat!(…) or of a constant, and not the text that \
         they stand for"
    );
    quote!(
        #facade::__private::tracked!(#folder, #(#tracked)*);
        #[allow(unused_macros)]
        macro_rules! #name {
            (#dollar sql:literal #dollar (,)?) => { #checks };
            (#dollar (#dollar other:tt)*) => { ::core::compile_error!(#refused) };
        }
    )
}

/// `"schema", "SELECT …"`
struct Call {
    schema: Literal,
    sql: TokenTree,
}

impl Parse for Call {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let schema = input.parse()?;
        input.parse::<Token![,]>()?;
        Ok(Self { schema, sql: input.parse()? })
    }
}

pub(crate) fn check_statement(input: TokenStream) -> TokenStream {
    let Call { schema, sql } = match syn::parse2(input) {
        Ok(call) => call,
        Err(error) => return error.into_compile_error(),
    };
    // A literal that was matched by `macro_rules!` may come in an invisible group.
    let inner = match &sql {
        TokenTree::Group(group) => group.stream(),
        other => TokenStream::from(other.clone()),
    };
    let literal: LitStr = match syn::parse2(inner) {
        Ok(literal) => literal,
        Err(error) => return syn::Error::new(error.span(), "only a string can be SQL").into_compile_error(),
    };
    // The raw text tells schemas apart; it is unescaped only where it is new.
    let key = schema.to_string();
    let unescaped = || syn::parse_str::<LitStr>(&key).map(|literal| literal.value()).unwrap_or_default();
    match check(&key, unescaped, &literal.value()) {
        Ok(()) => quote!(#literal),
        Err((range, message)) => {
            let span = within(&literal, range).unwrap_or_else(|| literal.span());
            quote_spanned!(span => { ::core::compile_error!(#message); #literal })
        }
    }
}

/// The place inside of a literal, where the compiler gives it (a nightly one) and no escape stands before it.
fn within(literal: &LitStr, range: std::ops::Range<usize>) -> Option<proc_macro2::Span> {
    let token = literal.token();
    let text = token.to_string();
    let start = text.find('"')? + 1;
    let is_plain = text.starts_with('r') || !text.contains('\\');
    if !is_plain {
        return None;
    }
    token.subspan(start + range.start..start + range.end)
}
