//! `cargo migrate explain RULE`: the text of the documentation, which is the core's.

use clap::Args;
use embed_migrations_core::Rule;

use crate::failure::{Failure, Outcome};
use crate::output;

/// Explain a rule, with a bad and a good example
#[derive(Debug, Args)]
#[command(
    after_help = "Without a rule, all of them are listed. Every message ends with the id of its rule, such as [sql-error]."
)]
pub(crate) struct Options {
    /// The id of a rule, such as `loses-rows`.
    rule: Option<String>,
}

pub(crate) fn run(options: &Options) -> Result<Outcome, Failure> {
    let Some(id) = &options.rule else {
        for rule in Rule::ALL {
            let kind = if rule.is_hazard() { "hazard" } else { "rule" };
            output::line(format!("{:24}{kind:8}{}", rule.id(), first_sentence(rule.explanation())));
        }
        return Ok(Outcome::Fine);
    };
    let id = id.trim_matches(['[', ']']);
    let rule = Rule::from_id(id).ok_or_else(|| {
        let near = nearest(id).map(|near| format!("; did you mean `{near}`")).unwrap_or_default();
        Failure::new(format!("there is no rule `{id}`{near}; `cargo migrate explain` lists all of them"))
    })?;
    output::line(format!("{0}{rule}{0:#}\n\n{1}", output::BOLD, rule.explanation().trim_end()));
    Ok(Outcome::Fine)
}

/// The first sentence of a text, on one line.
fn first_sentence(text: &str) -> String {
    let paragraph = text.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let sentence = paragraph.split(". ").next().unwrap_or_default();
    sentence.trim_end_matches('.').to_owned()
}

/// The rule that begins most like what was asked for.
fn nearest(id: &str) -> Option<&'static str> {
    let shared = |rule: &&Rule| rule.id().bytes().zip(id.bytes()).take_while(|(a, b)| a == b).count();
    let nearest = Rule::ALL.iter().rev().max_by_key(shared)?;
    (shared(&nearest) > 2).then(|| nearest.id())
}
