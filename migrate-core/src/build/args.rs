//! The arguments of the macro, `"folder", functions = ["name/2"], collations = ["name"]`: what is to be embedded, and
//! how. The macro parses its tokens with it, and a tool the source of a package.

use proc_macro2::{Punct, Spacing, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseBuffer, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, LitBool, LitStr, Token, bracketed};

use crate::model::problem::Problem;
use crate::model::rule::Rule;
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
    /// Engines on other machines must be able to run the files.
    pub replicated: bool,
    /// What files call in Rust. No two have the same name.
    pub steps: Vec<NamedStep>,
}

/// A function of the application's that files call.
#[derive(Clone, Debug)]
pub struct NamedStep {
    /// The last segment of its path, by which files call it.
    pub name: String,
    /// The path as it was written.
    pub path: TokenStream,
    /// Where that name stands.
    pub span: Span,
}

impl NamedStep {
    /// The argument that names it, as a problem shows where it is.
    pub(crate) fn argument(&self) -> String {
        let path: String = self.path.clone().into_iter().map(|token| token.to_string()).collect();
        format!("steps = [{path}]")
    }
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
                "steps" => args.steps = steps(input, &mut wrong)?,
                "compatible" => args.compatible = switch(input).map_err(refused)?,
                "replicated" => args.replicated = switch(input).map_err(refused)?,
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
            replicated: false,
            steps: Vec::new(),
        }
    }

    /// Where the step is named that a problem is about, if it is about one.
    #[must_use]
    pub fn span_of(&self, problem: &Problem) -> Option<Span> {
        let steps = self.steps.iter().filter(|_| problem.rule == Rule::UnknownStep);
        steps.filter(|step| step.argument() == problem.file).map(|step| step.span).next()
    }

    fn stand_in(
        &mut self,
        names: Punctuated<LitStr, Token![,]>,
        add: fn(&mut StandIns, &str) -> Result<(), String>,
        wrong: &mut Option<syn::Error>,
    ) {
        for name in names {
            if let Err(message) = add(&mut self.stand_ins, &name.value()) {
                combine(wrong, syn::Error::new(name.span(), message));
            }
        }
    }
}

fn combine(wrong: &mut Option<syn::Error>, error: syn::Error) {
    match wrong {
        Some(all) => all.combine(error),
        None => *wrong = Some(error),
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
    Punctuated::parse_terminated(&in_brackets(input)?)
}

fn in_brackets<'a>(input: ParseStream<'a>) -> syn::Result<ParseBuffer<'a>> {
    let list;
    bracketed!(list in input);
    Ok(list)
}

/// `= [path::to::function, …]`
fn steps(input: ParseStream<'_>, wrong: &mut Option<syn::Error>) -> syn::Result<Vec<NamedStep>> {
    const STEPS: &str = "steps takes paths to functions, as in steps = [users::rehash_passwords]";
    let refused = |error: syn::Error| syn::Error::new(error.span(), STEPS);
    input.parse::<Token![=]>().map_err(refused)?;
    let list = in_brackets(input).map_err(refused)?;
    let mut steps: Vec<NamedStep> = Vec::new();
    while !list.is_empty() {
        let step = step(&list).map_err(refused)?;
        if steps.iter().any(|other| other.name == step.name) {
            let message = format!(
                "two steps are called `{}`, and a file could not tell them apart; give one of the functions another name \
                 [{}]",
                step.name,
                Rule::UnknownStep
            );
            combine(wrong, syn::Error::new(step.span, message));
        }
        steps.push(step);
        if !list.is_empty() {
            list.parse::<Token![,]>().map_err(refused)?;
        }
    }
    Ok(steps)
}

/// `path::to::function`. Its last segment is the name, `r#` apart.
fn step(input: ParseStream<'_>) -> syn::Result<NamedStep> {
    let mut path = TokenStream::new();
    let mut separator: Option<Token![::]> = input.parse()?;
    loop {
        if let Some(separator) = separator {
            let colon = |spacing, span| {
                let mut colon = Punct::new(':', spacing);
                colon.set_span(span);
                TokenTree::from(colon)
            };
            let [first, second] = separator.spans;
            path.extend([colon(Spacing::Joint, first), colon(Spacing::Alone, second)]);
        }
        let segment = Ident::parse_any(input)?;
        path.extend([TokenTree::from(segment.clone())]);
        separator = input.parse()?;
        if separator.is_none() {
            return Ok(NamedStep { name: segment.unraw().to_string(), path, span: segment.span() });
        }
    }
}

const ACCEPTED: &str = "embed_migrations! takes a folder, functions = [\"name/2\"], collations = [\"name\"], modules = [\"name\"], \
     steps = [path::to::function], compatible = true and replicated = true";

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
            ("steps = []", "migrations"),
            ("\"m\", steps = [a, b::c, ::d::e, crate::f, self::r#type,], compatible = true", "m"),
        ] {
            assert_eq!(parse(args).as_deref(), Ok(folder), "{args}");
        }
    }

    #[test]
    fn a_step_has_the_name_of_its_function() {
        let args: Args = "steps = [users::rehash_passwords, ::other::r#type]".parse().expect("two paths");
        let steps: Vec<_> = args.steps.iter().map(|step| (step.name.as_str(), step.argument())).collect();
        let expected = [
            ("rehash_passwords", "steps = [users::rehash_passwords]".to_owned()),
            ("type", "steps = [::other::r#type]".to_owned()),
        ];
        assert_eq!(steps, expected);
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
            ("steps = a", "steps takes paths"),
            ("steps = [\"a\"]", "steps takes paths"),
            ("steps = [a::]", "steps takes paths"),
            ("steps = [a b]", "steps takes paths"),
            ("steps = [a::<u8>]", "steps takes paths"),
            ("steps = [a::b, c::b]", "two steps are called `b`"),
            ("steps = [], steps = []", "twice"),
        ] {
            let error = parse(args).expect_err(args);
            assert!(error.contains(told), "{args}: {error}");
        }
    }
}
