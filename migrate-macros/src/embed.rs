//! What was checked and rehearsed -> an expression of the type `Migrations`.
//!
//! A mistake becomes one `compile_error!` per problem in front of a valid expression, so that nothing else is
//! reported.

use std::path::Path;

use embed_migrations_core::__build::{Args, Embedded, EmbeddedMigration, Joined, NamedStep, Note, embed_at};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::Token;
use syn::parse::{Parse, ParseStream};

use super::home;

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let Input { facade, args } = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let private = quote!(#facade::__private);
    match args.and_then(|args| try_expand(&args, &private)) {
        Ok(tokens) => tokens,
        Err(error) => {
            let errors = error.into_iter().map(|error| error.to_compile_error());
            quote!({ #(#errors;)* #private::NONE })
        }
    }
}

/// `$crate, arguments`. Wrong arguments are kept, since the path is needed to report them without echoes.
struct Input {
    /// One token, whatever the dependency is called.
    facade: TokenTree,
    args: syn::Result<Args>,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let facade = input.parse()?;
        input.parse::<Token![,]>()?;
        let rest: TokenStream = input.parse()?;
        Ok(Self { facade, args: syn::parse2(rest) })
    }
}

fn try_expand(args: &Args, private: &TokenStream) -> syn::Result<TokenStream> {
    // At the folder's name where there is one; at the call, the compiler would add that the error comes from a macro.
    let span = args.folder_span.unwrap_or_else(Span::call_site);
    let root = std::env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| {
        syn::Error::new(
            span,
            "CARGO_MANIFEST_DIR is not set, so there is no telling where the folder is; cargo sets it",
        )
    })?;
    let embedded = embed_at(Path::new(&root), args, home().as_ref()).map_err(|problems| {
        let mut errors = problems
            .into_iter()
            .map(|problem| syn::Error::new(args.span_of(&problem).unwrap_or(span), problem));
        let first = errors.next().unwrap_or_else(|| syn::Error::new(span, "the folder has a problem"));
        errors.fold(first, |mut all, error| {
            all.combine(error);
            all
        })
    })?;
    Ok(tokens(&embedded, args, private))
}

fn tokens(embedded: &Embedded, args: &Args, private: &TokenStream) -> TokenStream {
    let folder = &args.folder;
    let compatible = args.compatible.then(|| quote!(.compatible()));
    let steps = args.steps.iter().map(|NamedStep { name, path, .. }| quote!(#name => #path));
    let steps_count = args.steps.len();
    // A macro of the facade's, which knows whether there is anything that can call them.
    let with_steps =
        (steps_count > 0).then(|| quote!(let set = #private::with_steps!(set, #steps_count, #(#steps),*);));
    let Embedded { migrations, table, rehearsed_with, shipped, tracked, notes } = embedded;
    let stand_ins = args.stand_ins.names();
    let stand_ins = (!stand_ins.is_empty()).then(|| quote!(.stand_ins(&[#(#stand_ins),*])));
    let shipped = (*shipped > 0).then(|| quote!(.shipped(#shipped)));
    // `env!` keeps the path of this machine out of the tokens, and makes cargo notice when it changes.
    let package = quote!(::core::env!("CARGO_MANIFEST_DIR"));
    let files = migrations.iter().map(|migration| migration.file_name.as_str());
    let others = tracked.iter().map(String::as_str);
    let tests = others.clone().filter(|file_name| file_name.ends_with(".sql"));
    let tracked = files.chain(others);
    let mut joined = Joined::default();
    let positions: Vec<_> = migrations
        .iter()
        .map(|EmbeddedMigration { file_name, version_length, sql, boundaries, mode }| {
            let (at, lengths) = joined.add(file_name, *version_length, sql, boundaries);
            let mode = mode.iter().map(|call| Ident::new(call, Span::call_site()));
            quote!([#(#at),*] [#(#lengths),*] #(#mode)*;)
        })
        .collect();
    let Joined { names, sql, ends, digest } = joined;
    let digest = digest.bits();
    // On a stable compiler, a macro can warn only of the use of something deprecated.
    let notes = notes.iter().map(|Note { file, message }| {
        let note = format!("{file} {message} (#[allow(deprecated)] hides this note)");
        let used = Ident::new("NOT_JUDGED", args.folder_span.unwrap_or_else(Span::call_site));
        quote!(const _: () = {
            #[deprecated(note = #note)]
            const NOT_JUDGED: () = ();
            #used
        };)
    });
    quote!({
        #(#notes)*
        #private::tracked!(#folder, #(#tracked)*);
        static FILES: #private::Files = #private::Files::new(
            #names, #sql, &[#(#ends),*], #private::positions!(#(#positions)*), #private::Digest::new(#digest)
        );
        fn migrations() -> &'static [#private::Migration] {
            static MIGRATIONS: #private::Later = #private::Later::new();
            MIGRATIONS.of(&FILES)
        }
        static SET: #private::Set = {
            let set = #private::Set::new(&FILES, migrations, #table).rehearsed_with(#rehearsed_with)#compatible #stand_ins #shipped;
            #with_steps
            if ::core::cfg!(debug_assertions) { set.read_from(#package, #folder, &[#(#tests),*]) } else { set }
        };
        #private::Migrations::__new(&SET)
    })
}
