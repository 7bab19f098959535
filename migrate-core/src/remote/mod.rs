//! What the texts of the files say to an engine on other machines: what it cannot run, and what each of its nodes would
//! come to another value of. Text only: nothing is asked of an engine, and what a run does stands in
//! embed-migrations-remote.

mod catalog;
pub(crate) mod door;
mod engines;
mod shape;
mod stamp;
mod varies;

use std::ops::Range;

use self::catalog::Catalog;
use self::shape::Shape;
pub use self::stamp::Stamp;
use crate::model::migration::{Migration, Settings};
use crate::model::set::{Migrations, Set};
use crate::sql::token::{Token, significant};

/// An engine, by what it can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// libSQL: sqld and Turso.
    LibSql,
    /// rqlite, which sends statements to its nodes, and has each run them.
    Rqlite,
}

impl Engine {
    /// As a message calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LibSql => "libSQL",
            Self::Rqlite => "rqlite",
        }
    }
}

/// Why a file cannot run on an engine, and where in it that shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which one of the migrations.
    pub position: usize,
    /// In bytes of the file.
    pub range: Range<usize>,
    /// The statement, or none where it stands outside of the transaction.
    pub statement: &'static str,
    /// Why.
    pub reason: String,
}

/// Looks at the migrations from one on, which are pending, in the light of those before. Gives for each of them the
/// columns of its record whose value the client has to give.
///
/// # Errors
///
/// The first statement that the engine cannot run.
pub fn review(
    engine: Engine,
    migrations: &'static [Migration],
    set: Migrations,
    pending_from: usize,
) -> Result<Vec<Vec<Stamp>>, Refusal> {
    let Set { table, stand_ins, .. } = *set.set();
    let mut review = Review::new(engine, table, stand_ins);
    let mut stamps = Vec::new();
    for (position, migration) in migrations.iter().enumerate() {
        let file = File {
            settings: migration.mode().settings,
            text: migration.sql(),
            statements: migration.statements().collect(),
        };
        let pending = position >= pending_from;
        if let Some(Found { range, statement, reason, .. }) = review.file(&file, pending).into_iter().next() {
            return Err(Refusal { position, range, statement, reason });
        }
        if pending {
            stamps.push(review.stamps());
        }
    }
    Ok(stamps)
}

/// A file, as far as an engine sees it.
pub(crate) struct File<'a> {
    pub(crate) settings: Settings,
    /// All of it.
    pub(crate) text: &'a str,
    /// The statements of its transaction, and where each begins.
    pub(crate) statements: Vec<(usize, &'a str)>,
}

/// What an engine has against a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found<'a> {
    /// In bytes of the file.
    pub(crate) range: Range<usize>,
    /// The statement, or none where it stands outside of the transaction.
    pub(crate) statement: &'a str,
    pub(crate) reason: String,
    /// It can run, and each node would come to something else.
    pub(crate) varies: bool,
}

/// A look at files in order.
pub(crate) struct Review<'r> {
    engine: Engine,
    table: &'r str,
    /// The functions, collations and modules of the application, in lower case.
    stand_ins: &'r [&'r str],
    catalog: Catalog,
}

impl<'r> Review<'r> {
    pub(crate) fn new(engine: Engine, table: &'r str, stand_ins: &'r [&'r str]) -> Self {
        Self { engine, table, stand_ins, catalog: Catalog::default() }
    }

    /// Looks at the next file: everything that the engine has against it, where it is `judged`.
    pub(crate) fn file<'a>(&mut self, file: &File<'a>, judged: bool) -> Vec<Found<'a>> {
        let engine = self.engine;
        let mut found = Vec::new();
        if judged && file.settings.legacy_alter_table {
            let word = significant(file.text).find(|token| token.is_word("legacy_alter_table"));
            let range = word.map_or(0..0, |token| token.range());
            let reason = format!("{} does not run PRAGMA legacy_alter_table in a migration", engine.name());
            found.push(Found { range, statement: "", reason, varies: false });
        }
        self.catalog.begin(file.settings.foreign_keys);
        for &(offset, text) in &file.statements {
            let tokens: Vec<_> = significant(text).collect();
            let shape = Shape::of(&tokens);
            if judged {
                let refused = engines::refused(engine, &tokens, &shape)
                    .or_else(|| engines::missing(engine, &tokens, self.stand_ins))
                    .map(|refused| (refused, false))
                    .or_else(|| Some((anew(engine, &self.catalog, &tokens, &shape, self.table)?, true)));
                found.extend(refused.map(|((range, reason), varies)| Found {
                    range: offset + range.start..offset + range.end,
                    statement: text.trim_start(),
                    reason,
                    varies,
                }));
            }
            self.catalog.enter(text, shape);
        }
        if judged && engine == Engine::Rqlite {
            let lost =
                self.stamps().into_iter().find(|stamp| stamp.assignment("2000-01-01 00:00:00.000").is_none());
            found.extend(lost.map(|stamp| {
                let reason = format!(
                    "each node of rqlite would come to another value of the DEFAULT {} in the tracking table",
                    stamp.default()
                );
                let (offset, text) = file.statements.first().copied().unwrap_or_default();
                let first = significant(text).next().map_or(0..0, |token| token.range());
                let range = offset + first.start..offset + first.end;
                Found { range, statement: text.trim_start(), reason, varies: true }
            }));
        }
        found
    }

    /// The columns of a record whose value the client has to give, after the last file.
    fn stamps(&self) -> Vec<Stamp> {
        let of = self.catalog.varying_defaults(self.table);
        of.map(|(column, default)| Stamp::new(column, default)).collect()
    }
}

/// What every node of rqlite would evaluate for itself, and at every restart anew.
fn anew(
    engine: Engine,
    catalog: &Catalog,
    tokens: &[Token<'_>],
    shape: &Shape,
    table: &str,
) -> Option<(Range<usize>, String)> {
    if engine != Engine::Rqlite {
        return None;
    }
    let anew = catalog.evaluated(tokens, shape, table)?;
    let reason = format!(
        "each node of rqlite runs the statement for itself, and would come to another value of {}; give it as a constant",
        anew.what
    );
    Some((anew.range, reason))
}
