//! The arguments of the macro, `"folder", functions = ["name/2"], collations = ["name"]`: what is to be embedded, and
//! how. The macro parses its tokens with it, and a tool the source of a package.

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, LitBool, LitStr, Token, bracketed};

use crate::rehearsal::StandIns;

/// The folder beside Cargo.toml where no other is named.
const FOLDER: &str = "migrations";

/// The arguments of `embed_migrations!`.
#[derive(Debug)]
pub struct Args {
    /// As it was written, relative to Cargo.toml.
    pub folder: String,
    /// Where it was written; absent where it was left out.
    pub folder_span: Option<Span>,
    /// The functions, collations and modules of the application.
    pub stand_ins: StandIns,
    /// The previous release must be able to use the database.
    pub compatible: bool,
}

/// The arguments of `checked_sql!`: the name of the macro that it defines, then those of `embed_migrations!`.
#[derive(Debug)]
pub struct CheckedArgs {
    /// What the macro is to be called.
    pub name: Ident,
    /// The migrations that make the schema.
    pub args: Args,
}

impl Parse for CheckedArgs {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        const ACCEPTED: &str = "checked_sql! takes the name of the macro to define, as in checked_sql! { sql }, and then \
                                what embed_migrations! takes";
        let name = input.parse().map_err(|error| syn::Error::new(error.span(), ACCEPTED))?;
        if !input.is_empty() {
            input.parse::<Token![,]>().map_err(|error| syn::Error::new(error.span(), ACCEPTED))?;
        }
        Ok(Self { name, args: input.parse()? })
    }
}

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        // What the parser expected says less than what there is to write.
        let accepted = |error: syn::Error| syn::Error::new(error.span(), ACCEPTED);
        let mut args = Self::of(FOLDER);
        if input.peek(LitStr) {
            let literal: LitStr = input.parse()?;
            args.folder = folder(&literal)?;
            args.folder_span = Some(literal.span());
            if !input.is_empty() {
                input.parse::<Token![,]>().map_err(accepted)?;
            }
        }
        let mut seen: Vec<Ident> = Vec::new();
        let mut wrong: Option<syn::Error> = None;
        while !input.is_empty() {
            let option: Ident = input.parse().map_err(accepted)?;
            if seen.contains(&option) {
                return Err(syn::Error::new(
                    option.span(),
                    format!("`{option}` is given twice; give it once"),
                ));
            }
            let refused = |_| syn::Error::new(option.span(), ACCEPTED);
            match option.to_string().as_str() {
                "functions" => args.stand_in(list(input).map_err(refused)?, StandIns::function, &mut wrong),
                "collations" => args.stand_in(list(input).map_err(refused)?, StandIns::collation, &mut wrong),
                "modules" => args.stand_in(list(input).map_err(refused)?, StandIns::module, &mut wrong),
                "compatible" => args.compatible = switch(input).map_err(refused)?,
                _ => return Err(syn::Error::new(option.span(), ACCEPTED)),
            }
            seen.push(option);
            if !input.is_empty() {
                input.parse::<Token![,]>().map_err(accepted)?;
            }
        }
        wrong.map_or(Ok(args), Err)
    }
}

impl Args {
    /// A folder, and nothing else.
    #[must_use]
    pub fn of(folder: &str) -> Self {
        Self {
            folder: folder.to_owned(),
            folder_span: None,
            stand_ins: StandIns::default(),
            compatible: false,
        }
    }

    fn stand_in(
        &mut self,
        names: Punctuated<LitStr, Token![,]>,
        add: fn(&mut StandIns, &str) -> Result<(), String>,
        wrong: &mut Option<syn::Error>,
    ) {
        for name in names {
            if let Err(message) = add(&mut self.stand_ins, &name.value()) {
                let error = syn::Error::new(name.span(), message);
                match wrong {
                    Some(all) => all.combine(error),
                    None => *wrong = Some(error),
                }
            }
        }
    }
}

impl std::str::FromStr for Args {
    type Err = String;

    /// The arguments as they are written in a program.
    fn from_str(arguments: &str) -> Result<Self, String> {
        syn::parse_str(arguments).map_err(|error| error.to_string())
    }
}

/// `= true`
fn switch(input: ParseStream<'_>) -> syn::Result<bool> {
    input.parse::<Token![=]>()?;
    Ok(input.parse::<LitBool>()?.value)
}

/// `= ["…", "…"]`
fn list(input: ParseStream<'_>) -> syn::Result<Punctuated<LitStr, Token![,]>> {
    input.parse::<Token![=]>()?;
    let list;
    bracketed!(list in input);
    Punctuated::parse_terminated(&list)
}

const ACCEPTED: &str = "embed_migrations! takes a folder, functions = [\"name/2\"], collations = [\"name\"], modules = [\"name\"] and \
     compatible = true";

fn folder(literal: &LitStr) -> syn::Result<String> {
    let value = literal.value();
    let folder = value.trim_end_matches('/');
    if folder.is_empty() || std::path::Path::new(folder).is_absolute() {
        let message = "the folder is relative to Cargo.toml, as in \"migrations\" or \"../migrations\"";
        return Err(syn::Error::new(literal.span(), message));
    }
    Ok(folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &str) -> Result<String, String> {
        syn::parse_str::<Args>(args).map(|args| args.folder).map_err(|error| error.to_string())
    }

    #[test]
    fn every_argument_may_be_left_out() {
        for (args, folder) in [
            ("", "migrations"),
            ("\"db/migrations/\"", "db/migrations"),
            ("\"../migrations\",", "../migrations"),
            ("functions = [\"a/1\", \"b\",],", "migrations"),
            ("\"m\", collations = [], functions = []", "m"),
        ] {
            assert_eq!(parse(args).as_deref(), Ok(folder), "{args}");
        }
    }

    #[test]
    fn anything_else_says_what_is_accepted() {
        for (args, told) in [
            ("migrations", "takes a folder"),
            ("\"\"", "relative to Cargo.toml"),
            ("\"/etc\"", "relative to Cargo.toml"),
            ("\"m\" \"n\"", "takes a folder"),
            ("function = []", "takes a folder"),
            ("5", "takes a folder"),
            ("functions = [\"a/b\"]", "number of arguments"),
            ("functions = [a]", "takes a folder"),
            ("functions = \"a\"", "takes a folder"),
            ("functions = [], functions = []", "twice"),
            ("collations = [\"\"]", "does not name a collation"),
            ("modules = [\"vec0(\"]", "does not name a module"),
            ("compatible = yes", "takes a folder"),
        ] {
            let error = parse(args).expect_err(args);
            assert!(error.contains(told), "{args}: {error}");
        }
    }
}
