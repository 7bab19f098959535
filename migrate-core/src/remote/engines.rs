//! What an engine cannot do, told from the text of a statement. Found by trying: sqld 0.24 and rqlite 8.

use std::ops::Range;

use super::Engine;
use super::shape::Shape;
use crate::sql::step;
use crate::sql::token::{Token, TokenKind};

/// Why one statement cannot run on an engine, and where in it that shows.
pub(super) fn refused(engine: Engine, tokens: &[Token<'_>], shape: &Shape) -> Option<(Range<usize>, String)> {
    let first = tokens.first()?;
    let on = engine.name();
    let found = |token: &Token<'_>, reason: String| Some((token.range(), reason));
    if let Some(step) = tokens.iter().find(|token| step::is_named(token)) {
        return found(step, format!("a step in Rust runs beside the database only, not on {on}"));
    }
    if let Some(temporary) = temporary(tokens) {
        return found(
            temporary,
            format!("{on} has no temporary tables; use an ordinary one, and drop it in the same file"),
        );
    }
    for (word, reason) in [
        ("vacuum", "it cannot be part of a transaction"),
        ("analyze", "its statistics belong to one node"),
        ("attach", "there is one database"),
        ("detach", "there is one database"),
    ] {
        if first.is_word(word) {
            return found(first, format!("{on} does not run {}: {reason}", first.text.to_ascii_uppercase()));
        }
    }
    if first.is_word("pragma") {
        return pragma(engine, tokens);
    }
    match engine {
        Engine::Rqlite if *shape == Shape::Rows => found(
            first,
            "rqlite runs a statement that gives rows only as far as the first one, so what it calls may not be called"
                .to_owned(),
        ),
        Engine::Rqlite => None,
        Engine::LibSql => unparsed(tokens),
    }
}

/// A function, a collation or a module of the application's, which only the connections of the application have.
pub(super) fn missing(
    engine: Engine,
    tokens: &[Token<'_>],
    stand_ins: &[&str],
) -> Option<(Range<usize>, String)> {
    let named = |token: &Token<'_>| {
        let name = token.unquoted()?.to_ascii_lowercase();
        stand_ins.iter().find(|stand_in| **stand_in == name).copied()
    };
    let is_meant = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        let after = tokens.get(at + 1);
        after.is_some_and(|after| after.text == "(")
            || before.is_some_and(|before| before.is_word("collate") || before.is_word("using"))
    };
    let mut all = tokens.iter().enumerate();
    all.find_map(|(at, token)| {
        let name = named(token).filter(|_| is_meant(at))?;
        Some((
            token.range(),
            format!("`{name}` is the application's own, and {} does not have it", engine.name()),
        ))
    })
}

/// `CREATE TEMP …`, or a name in `temp.`.
fn temporary<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<&'t Token<'a>> {
    let is_temp = |token: &Token<'_>| token.is_word("temp") || token.is_word("temporary");
    if let Some(second) = tokens.get(1).filter(|second| is_temp(second))
        && tokens.first().is_some_and(|first| first.is_word("create"))
    {
        return Some(second);
    }
    let pairs = tokens.iter().zip(tokens.iter().skip(1));
    let named = |(schema, dot): &(&Token<'_>, &Token<'_>)| {
        dot.text == "." && schema.unquoted().is_some_and(|name| name.eq_ignore_ascii_case("temp"))
    };
    pairs.into_iter().find(named).map(|(schema, _)| schema).filter(|_| {
        // In what writes rows or reads them, `temp` may be the alias of a table.
        tokens.first().is_some_and(|first| ["create", "drop", "alter"].iter().any(|word| first.is_word(word)))
    })
}

fn pragma(engine: Engine, tokens: &[Token<'_>]) -> Option<(Range<usize>, String)> {
    let mut rest = tokens.iter().skip(1);
    let mut name = rest.next()?;
    if rest.next().is_some_and(|next| next.text == ".") {
        name = rest.next()?;
    }
    let said = name.unquoted()?.to_ascii_lowercase();
    let everywhere = said == "user_version" || said == "defer_foreign_keys";
    let taken = everywhere || (said == "application_id" && engine == Engine::Rqlite);
    (!taken).then(|| (name.range(), format!("{} does not run PRAGMA {said} in a migration", engine.name())))
}

/// What the parser of libSQL does not know yet, and SQLite does.
fn unparsed(tokens: &[Token<'_>]) -> Option<(Range<usize>, String)> {
    let number = |token: &&Token<'_>| token.kind == TokenKind::Number && token.text.contains('_');
    if let Some(token) = tokens.iter().find(number) {
        return Some((token.range(), "libSQL reads no number with _ in it".to_owned()));
    }
    let longest = tokens.iter().find(|token| token.text.len() >= LONGEST_TEXT);
    if let Some(token) = longest {
        return Some((
            token.start..token.start + 1,
            format!(
                "libSQL takes no string of {LONGEST_TEXT} bytes and more; this one has {}",
                token.text.len()
            ),
        ));
    }
    if tokens.first()?.is_word("alter") {
        let mut pairs = tokens.iter().zip(tokens.iter().skip(1));
        let constraint = pairs.find(|(verb, what)| {
            let changes = verb.is_word("add") || verb.is_word("drop") || verb.is_word("alter");
            let column = verb.is_word("alter") && what.is_word("column");
            (changes && (what.is_word("constraint") || what.is_word("check"))) || column
        });
        return constraint.map(|(_, what)| {
            let reason = "libSQL cannot alter a constraint of a table; rebuild the table instead";
            (what.range(), reason.to_owned())
        });
    }
    ordered_aggregate(tokens)
}

/// From here on sqld refuses a literal.
const LONGEST_TEXT: usize = 5_000_000;

/// `group_concat(a ORDER BY b)`
fn ordered_aggregate(tokens: &[Token<'_>]) -> Option<(Range<usize>, String)> {
    // For each open parenthesis, whether a call may be in it.
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "(" => {
                let before = at.checked_sub(1).and_then(|before| tokens.get(before));
                let named = before.is_some_and(|name| {
                    matches!(name.kind, TokenKind::Word | TokenKind::QuotedName)
                        && !["over", "as", "in", "exists", "values"].iter().any(|word| name.is_word(word))
                });
                let query = tokens.get(at + 1).is_some_and(|next| {
                    ["select", "with", "values", "order", "partition"].iter().any(|word| next.is_word(word))
                });
                open.push(named && !query);
            }
            ")" => {
                open.pop();
            }
            _ if token.is_word("order") && open.last() == Some(&true) => {
                let reason = "libSQL knows no ORDER BY among the arguments of a function";
                return Some((token.range(), reason.to_owned()));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::token::significant;

    fn at(engine: Engine, sql: &str) -> Option<&str> {
        let tokens: Vec<_> = significant(sql).collect();
        let (range, reason) = refused(engine, &tokens, &Shape::of(&tokens))?;
        assert!(reason.contains(engine.name()), "{reason}");
        sql.get(range)
    }

    #[test]
    fn what_neither_engine_does_is_refused_where_it_stands() {
        for engine in [Engine::LibSql, Engine::Rqlite] {
            for (sql, place) in [
                ("VACUUM", "VACUUM"),
                ("ANALYZE t", "ANALYZE"),
                ("CREATE TEMP TABLE t (a)", "TEMP"),
                ("CREATE TEMPORARY VIEW t AS SELECT 1", "TEMPORARY"),
                ("CREATE TABLE \"temp\".t (a)", "\"temp\""),
                ("PRAGMA optimize", "optimize"),
                ("PRAGMA main.legacy_alter_table = ON", "legacy_alter_table"),
                ("SELECT migrate_step('rehash')", "migrate_step"),
            ] {
                assert_eq!(at(engine, sql), Some(place), "{engine:?} {sql}");
            }
            for sql in [
                "PRAGMA user_version = 3",
                "PRAGMA defer_foreign_keys = ON",
                "CREATE TABLE temperatures (temp)",
                "UPDATE t SET a = temp.a FROM (SELECT 1 AS a) AS temp",
                "INSERT INTO t VALUES ('migrate_step(')",
            ] {
                assert_eq!(at(engine, sql), None, "{engine:?} {sql}");
            }
        }
    }

    #[test]
    fn each_engine_has_its_own_gaps() {
        let long = format!("INSERT INTO t VALUES ('{}')", "x".repeat(LONGEST_TEXT));
        for (sql, rqlite, libsql) in [
            ("SELECT 1", Some("SELECT"), None),
            ("WITH x AS (SELECT 1) SELECT * FROM x", Some("WITH"), None),
            ("PRAGMA application_id = 3", None, Some("application_id")),
            ("UPDATE t SET a = 1_000", None, Some("1_000")),
            ("ALTER TABLE t ADD CONSTRAINT c CHECK (a)", None, Some("CONSTRAINT")),
            ("ALTER TABLE t ADD COLUMN a CONSTRAINT c CHECK (a)", None, None),
            ("CREATE VIEW v AS SELECT group_concat(a ORDER BY b) FROM t", None, Some("ORDER")),
            ("CREATE VIEW v AS SELECT group_concat((SELECT a ORDER BY b)) FROM t ORDER BY a", None, None),
            ("CREATE VIEW v AS SELECT sum(a) OVER (PARTITION BY b ORDER BY c) FROM t", None, None),
            (
                "CREATE VIEW v AS SELECT sum(a) OVER (w ORDER BY c) FROM t WINDOW w AS (PARTITION BY b)",
                None,
                None,
            ),
            ("CREATE VIEW v AS SELECT a FROM (t) ORDER BY a", None, None),
            (long.as_str(), None, Some("'")),
        ] {
            assert_eq!(at(Engine::Rqlite, sql), rqlite, "{sql:.80}");
            assert_eq!(at(Engine::LibSql, sql), libsql, "{sql:.80}");
        }
    }
}
