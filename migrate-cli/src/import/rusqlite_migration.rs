//! rusqlite_migration: a folder for each migration (`01-name/up.sql`), or the array of `M::up(…)` in a Rust source, whose
//! order is that of the source.

use std::path::Path;

use embed_migrations_core::__build::adopt::first_words;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::LitStr;

use super::theirs::{Their, Theirs, digits, entries, named, text};
use crate::failure::Failure;

pub(super) fn read(path: &Path) -> Result<Theirs, Failure> {
    if path.is_file() { in_source(path) } else { in_folders(path) }
}

fn in_folders(folder: &Path) -> Result<Theirs, Failure> {
    let mut theirs = Theirs::default();
    for (name, path) in entries(folder)? {
        let (version, rest) = digits(&name);
        let up = path.join("up.sql");
        let about = rest.strip_prefix('-').filter(|_| !version.is_empty() && up.is_file());
        let Some(about) = about else {
            let reason =
                "it is no folder of a migration: those are called 01-name, and hold up.sql".to_owned();
            theirs.set_aside.push((name, reason));
            continue;
        };
        theirs.files.push(named(&format!("{name}/up.sql"), version, about, text(&up)?));
        if path.join("down.sql").exists() {
            let reason = "there is no way back; write the next file instead".to_owned();
            theirs.set_aside.push((format!("{name}/down.sql"), reason));
        }
    }
    theirs.files.sort_by_key(|their| their.number);
    Ok(theirs)
}

fn in_source(path: &Path) -> Result<Theirs, Failure> {
    let source = text(path)?;
    let tokens: TokenStream =
        source.parse().map_err(|error| Failure::file(path, format!("this is not Rust: {error}")))?;
    let mut found = Found { path, theirs: Theirs::default() };
    found.look(tokens)?;
    Ok(found.theirs)
}

struct Found<'p> {
    path: &'p Path,
    theirs: Theirs,
}

impl Found<'_> {
    /// Looks for `M::up(…)`, `M::up_with_hook(…)`, and what is called on one.
    fn look(&mut self, tokens: TokenStream) -> Result<(), Failure> {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            let TokenTree::Group(group) = token else { continue };
            let name = at.checked_sub(1).and_then(|before| tokens.get(before)).map(ToString::to_string);
            let name = name.unwrap_or_default();
            let line = group.span_open().start().line;
            let is_of = |path: &str| {
                let before: String = tokens
                    .get(at.saturating_sub(4)..at)
                    .unwrap_or_default()
                    .iter()
                    .map(ToString::to_string)
                    .collect();
                group.delimiter() == Delimiter::Parenthesis && before.ends_with(path)
            };
            if is_of("M::up") || is_of("M::up_with_hook") {
                self.take(group.stream(), line, name.ends_with("hook"))?;
                continue;
            }
            let last = self.theirs.files.last_mut();
            match (name.as_str(), last) {
                ("comment", Some(last)) => {
                    if let Ok(comment) = syn::parse2::<LitStr>(group.stream()) {
                        last.about = comment.value();
                    }
                }
                ("down" | "down_with_hook", Some(last)) => {
                    last.notes.push("its way back is set aside; write the next file instead".to_owned());
                }
                _ => self.look(group.stream())?,
            }
        }
        Ok(())
    }

    fn take(&mut self, arguments: TokenStream, line: usize, has_hook: bool) -> Result<(), Failure> {
        let origin = format!("{}:{line}", self.path.file_name().unwrap_or_default().to_string_lossy());
        let tokens: Vec<TokenTree> = arguments.into_iter().collect();
        let (sql, about) = match tokens.as_slice() {
            [TokenTree::Literal(literal), ..] => {
                let literal: LitStr = syn::parse2(TokenTree::from(literal.clone()).into())
                    .map_err(|error| Failure::new(format!("{origin}: {error}")))?;
                (literal.value(), first_words(&literal.value()))
            }
            [TokenTree::Ident(name), _, TokenTree::Group(file), ..] if name == "include_str" => {
                let file: LitStr = syn::parse2(file.stream())
                    .map_err(|_| Failure::new(format!("{origin}: include_str! takes a string here")))?;
                let path = self.path.parent().unwrap_or(Path::new(".")).join(file.value());
                let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                let (_, about) = digits(&stem);
                (text(&path)?, about.to_owned())
            }
            _ => {
                return Err(Failure::new(format!(
                    "{origin}: only a string and include_str!(\"…\") can be read from here; write the SQL out"
                )));
            }
        };
        let position = self.theirs.files.len() as u64 + 1;
        let mut notes = Vec::new();
        if has_hook {
            notes.push("its hook is Rust, and is not carried over".to_owned());
        }
        self.theirs.files.push(Their {
            origin,
            number: Some(position),
            digits: 0,
            about,
            sql,
            lines: Vec::new(),
            in_transaction: true,
            notes,
        });
        Ok(())
    }
}
