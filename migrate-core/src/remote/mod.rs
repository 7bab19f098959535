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
use crate::model::migration::Migration;
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
    table: &str,
    pending_from: usize,
) -> Result<Vec<Vec<Stamp>>, Refusal> {
    let mut catalog = Catalog::default();
    let mut stamps = Vec::new();
    for (position, migration) in migrations.iter().enumerate() {
        let pending = position >= pending_from;
        if pending && migration.mode().settings.legacy_alter_table {
            let word = significant(migration.sql()).find(|token| token.is_word("legacy_alter_table"));
            let range = word.map_or(0..0, |token| token.range());
            let reason = format!("{} does not run PRAGMA legacy_alter_table in a migration", engine.name());
            return Err(Refusal { position, range, statement: "", reason });
        }
        catalog.begin(migration.mode().settings.foreign_keys);
        for (offset, text) in migration.statements() {
            let tokens: Vec<_> = significant(text).collect();
            let shape = Shape::of(&tokens);
            if pending {
                let refused = engines::refused(engine, &tokens, &shape)
                    .or_else(|| anew(engine, &catalog, &tokens, &shape, table));
                if let Some((range, reason)) = refused {
                    let range = offset + range.start..offset + range.end;
                    return Err(Refusal { position, range, statement: text.trim_start(), reason });
                }
            }
            catalog.enter(text, shape);
        }
        if pending {
            let of = catalog.varying_defaults(table);
            let of: Vec<_> = of.map(|(column, default)| Stamp::new(column, default)).collect();
            let lost = of.iter().find(|stamp| stamp.assignment("2000-01-01 00:00:00.000").is_none());
            if let Some(stamp) = lost.filter(|_| engine == Engine::Rqlite) {
                let reason = format!(
                    "each node of rqlite would come to another value of the DEFAULT {} in the tracking table",
                    stamp.default()
                );
                let (offset, text) = migration.statements().next().unwrap_or_default();
                let first = significant(text).next().map_or(0..0, |token| token.range());
                let range = offset + first.start..offset + first.end;
                return Err(Refusal { position, range, statement: text.trim_start(), reason });
            }
            stamps.push(of);
        }
    }
    Ok(stamps)
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
