//! What a CREATE text says, in parts that can be compared: space, comments, quotes and the case of names make no
//! difference, strings do. Reads texts as SQLite keeps them in `sqlite_master`, which it has accepted already.
//!
//! SQLite's PRAGMAs are not asked, since they do not show CHECK, COLLATE, DEFERRABLE or AUTOINCREMENT.

use std::collections::BTreeSet;

use super::token::{self, Token, TokenKind};

/// A token, as far as it makes a difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    /// A name, a keyword, a number or a symbol, in lower case.
    Word(String),
    /// A string, exactly.
    Text(String),
}

/// A piece of a definition: what it says, and how a message shows it.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pieces: Vec<Piece>,
    pub(crate) shown: String,
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.pieces == other.pieces
    }
}

/// What a CREATE text says.
#[derive(Clone, Debug)]
pub(crate) enum Definition {
    Table(Table),
    /// An index, a view, a trigger, a virtual table.
    Whole(Part),
}

#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) columns: Vec<Column>,
    /// Those that stand by themselves, in any order.
    pub(crate) constraints: Vec<Part>,
    /// STRICT, WITHOUT ROWID, in alphabetical order.
    pub(crate) options: Part,
}

#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// As it is written, without quotes.
    pub(crate) name: String,
    pub(crate) part: Part,
}

/// The columns that a CREATE TABLE names, in lower case.
pub(crate) fn column_names(sql: &str) -> BTreeSet<String> {
    let tokens: Vec<_> = token::significant(sql).collect();
    let names = body(&tokens).map(|(items, _)| items).unwrap_or_default();
    names.into_iter().filter_map(|item| Some(column_name(item)?.to_ascii_lowercase())).collect()
}

impl Definition {
    /// Reads the text of an object. `names` are those that an expression in it can mean, in lower case: a word in double
    /// quotes that is none of them is a string.
    pub(crate) fn of(sql: &str, names: &BTreeSet<String>) -> Self {
        let tokens: Vec<_> = token::significant(sql).collect();
        let Some((items, options)) = body(&tokens) else {
            return Self::Whole(Part::of(&tokens, true, names));
        };
        let part = |tokens: &[Token<'_>]| Part::of(tokens, false, names);
        let mut table = Table { columns: Vec::new(), constraints: Vec::new(), options: part(&[]) };
        for item in items {
            match column_name(item) {
                Some(name) => table.columns.push(Column { name, part: part(item) }),
                None => table.constraints.push(part(item)),
            }
        }
        let mut options: Vec<_> = options.split(|token| token.text == ",").map(part).collect();
        options.sort_by(|a, b| a.pieces.cmp(&b.pieces));
        table.options = Part {
            pieces: options.iter().flat_map(|option| option.pieces.clone()).collect(),
            shown: options.iter().map(|option| option.shown.as_str()).collect::<Vec<_>>().join(", "),
        };
        Self::Table(table)
    }
}

impl Part {
    /// `computes`: an expression may stand anywhere in it. Otherwise, in an item of a table, only in the parentheses after
    /// a few words.
    fn of(tokens: &[Token<'_>], computes: bool, names: &BTreeSet<String>) -> Self {
        const EXPRESSION_FOLLOWS: [&str; 3] = ["check", "default", "as"];
        let mut pieces = Vec::with_capacity(tokens.len());
        let mut shown = String::new();
        let mut before: [Option<&Token<'_>>; 2] = [None, None];
        let mut depth = 0_usize;
        let mut computed = computes;
        for (at, token) in tokens.iter().enumerate() {
            match token.text {
                "(" => {
                    let opens = |word: &&str| before[1].is_some_and(|last| last.is_word(word));
                    computed |= depth == 0 && EXPRESSION_FOLLOWS.iter().any(opens);
                    depth += 1;
                }
                ")" => {
                    depth = depth.saturating_sub(1);
                    computed &= computes || depth > 0;
                }
                _ => {}
            }
            let qualifies = tokens.get(at + 1).is_some_and(|next| next.text == ".");
            pieces.push(piece(token, before, (computed && !qualifies).then_some(names)));
            // One space for whatever stands in between.
            if before[1].is_some_and(|last| last.end() < token.start) {
                shown.push(' ');
            }
            shown.push_str(token.text);
            before = [before[1], Some(token)];
        }
        Self { pieces, shown }
    }
}

/// What a token says after the two tokens `before` it. `names` are there where a word in double quotes may be a string.
fn piece(token: &Token<'_>, before: [Option<&Token<'_>>; 2], names: Option<&BTreeSet<String>>) -> Piece {
    // After these, `"x"` is a name whatever names there are.
    const NAME_FOLLOWS: [&str; 14] = [
        ".",
        "as",
        "collate",
        "constraint",
        "from",
        "index",
        "into",
        "join",
        "on",
        "references",
        "table",
        "trigger",
        "update",
        "view",
    ];
    // After DEFAULT, any other word is a string.
    const CONSTANTS: [&str; 7] =
        ["null", "true", "false", "current_time", "current_date", "current_timestamp", "values"];
    let [earlier, last] = before;
    let follows = |word: &str| last.is_some_and(|last| last.text.eq_ignore_ascii_case(word));
    let is_default = follows("default") && !earlier.is_some_and(|earlier| earlier.is_word("set"));
    // `a IS DISTINCT FROM "x"` names no table.
    let compares = follows("from") && earlier.is_some_and(|earlier| earlier.is_word("distinct"));
    let plain = token.unquoted().unwrap_or_else(|| token.text.to_owned());
    let folded = plain.to_ascii_lowercase();
    let is_text = match token.kind {
        TokenKind::Text => true,
        TokenKind::Word => is_default && !CONSTANTS.contains(&folded.as_str()),
        TokenKind::QuotedName => {
            is_default
                || (token.text.starts_with('"')
                    && names.is_some_and(|names| !names.contains(&folded))
                    && (compares || !NAME_FOLLOWS.iter().any(|word| follows(word))))
        }
        _ => false,
    };
    if is_text { Piece::Text(plain) } else { Piece::Word(folded) }
}

/// What stands between the commas in the parentheses of a CREATE TABLE, and what follows them.
fn body<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<(Vec<&'t [Token<'a>]>, &'t [Token<'a>])> {
    let is_table =
        matches!(tokens, [create, table, ..] if create.is_word("create") && table.is_word("table"));
    let open = tokens.iter().position(|token| token.text == "(").filter(|_| is_table)?;
    let mut items = Vec::new();
    let mut depth = 0_usize;
    let mut start = open + 1;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 || (depth == 1 && token.text == ",") {
            items.push(tokens.get(start..at)?);
            start = at + 1;
        }
        if depth == 0 {
            return Some((items, tokens.get(start..)?));
        }
    }
    None
}

/// The name of the column that an item defines; nothing where it is a constraint.
fn column_name(item: &[Token<'_>]) -> Option<String> {
    const CONSTRAINTS: [&str; 5] = ["constraint", "primary", "unique", "check", "foreign"];
    let first = item.first()?;
    if CONSTRAINTS.iter().any(|word| first.is_word(word)) { None } else { first.unquoted() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        let names = |sql: &str| column_names(sql);
        match (Definition::of(one, &names(one)), Definition::of(other, &names(other))) {
            (Definition::Table(one), Definition::Table(other)) => {
                one.columns
                    .iter()
                    .map(|column| &column.part)
                    .eq(other.columns.iter().map(|column| &column.part))
                    && one.constraints == other.constraints
                    && one.options == other.options
            }
            (Definition::Whole(one), Definition::Whole(other)) => one == other,
            _ => false,
        }
    }

    #[test]
    fn the_way_of_writing_makes_no_difference() {
        for (one, other) in [
            ("CREATE TABLE t (a INT)", "CREATE TABLE \"T\"(\n `A` int -- x\n)"),
            ("CREATE TABLE t (a, b)", "CREATE TABLE t (a /* , c */, [B])"),
            ("CREATE TABLE t (a DEFAULT 'x')", "CREATE TABLE t (a DEFAULT \"x\")"),
            ("CREATE TABLE t (a DEFAULT 'x')", "CREATE TABLE t (a DEFAULT x)"),
            ("CREATE TABLE t (a DEFAULT x'0a')", "CREATE TABLE t (a DEFAULT X'0A')"),
            ("CREATE TABLE t (a DEFAULT NULL)", "CREATE TABLE t (a DEFAULT null)"),
            ("CREATE TABLE t (a CHECK (a <> 'x'))", "CREATE TABLE t (a CHECK (a <> \"x\"))"),
            ("CREATE TABLE t (a CHECK (a <> 1))", "CREATE TABLE t (a CHECK (\"A\" <> 1))"),
            ("CREATE TABLE t (a CHECK (a <> 't'))", "CREATE TABLE t (a CHECK (a <> \"t\"))"),
            ("CREATE TABLE t (a CHECK (t.a <> 1))", "CREATE TABLE t (a CHECK (\"T\".\"A\" <> 1))"),
            ("CREATE TABLE t (a INT)", "CREATE TABLE t (a \"INT\")"),
            ("CREATE TABLE t (a REFERENCES later (b))", "CREATE TABLE t (a REFERENCES \"later\"(\"B\"))"),
            (
                "CREATE TABLE t (a, FOREIGN KEY (a) REFERENCES p (b) ON DELETE CASCADE)",
                "CREATE TABLE t (a, FOREIGN KEY(\"a\") REFERENCES p(\"b\") ON DELETE CASCADE)",
            ),
            ("CREATE TABLE t (a) STRICT, WITHOUT ROWID", "CREATE TABLE t (a) without rowid, strict"),
            (
                "CREATE TABLE t (a REFERENCES t ON DELETE SET DEFAULT ON UPDATE CASCADE)",
                "CREATE TABLE t (a REFERENCES t ON DELETE SET DEFAULT on update cascade)",
            ),
            ("CREATE INDEX i ON t (a)", "CREATE INDEX \"i\" ON \"t\"(A)"),
        ] {
            assert!(same(one, other), "{one}\n{other}");
        }
    }

    #[test]
    fn what_is_said_makes_one() {
        for (one, other) in [
            ("CREATE TABLE t (a INT)", "CREATE TABLE t (a INTEGER)"),
            ("CREATE TABLE t (a DEFAULT 'x')", "CREATE TABLE t (a DEFAULT 'X')"),
            ("CREATE TABLE t (a DEFAULT x)", "CREATE TABLE t (a DEFAULT X)"),
            ("CREATE TABLE t (a DEFAULT 1)", "CREATE TABLE t (a DEFAULT '1')"),
            ("CREATE TABLE t (a DEFAULT x'00')", "CREATE TABLE t (a DEFAULT 'x''00')"),
            (
                "CREATE TABLE t (a REFERENCES p (b) DEFAULT (\"x\"))",
                "CREATE TABLE t (a REFERENCES p (b) DEFAULT (\"X\"))",
            ),
            ("CREATE TABLE t (a CHECK (a <> \"x\"))", "CREATE TABLE t (a CHECK (a <> \"X\"))"),
            (
                "CREATE TABLE t (a CHECK (a IS DISTINCT FROM \"x\"))",
                "CREATE TABLE t (a CHECK (a IS DISTINCT FROM \"X\"))",
            ),
            ("CREATE TABLE t (a, b)", "CREATE TABLE t (b, a)"),
            ("CREATE TABLE t (a)", "CREATE TABLE t (a) STRICT"),
            ("CREATE TABLE t (a COLLATE nocase)", "CREATE TABLE t (a)"),
            ("CREATE TABLE t (a, UNIQUE (a))", "CREATE TABLE t (a UNIQUE)"),
            ("CREATE INDEX i ON t (a)", "CREATE INDEX i ON t (a DESC)"),
            ("CREATE INDEX i ON t (a)", "CREATE UNIQUE INDEX i ON t (a)"),
            ("CREATE VIEW v AS SELECT 'a'", "CREATE VIEW v AS SELECT 'A'"),
        ] {
            assert!(!same(one, other), "{one}\n{other}");
        }
    }

    #[test]
    fn columns_are_told_from_constraints() {
        let sql = "CREATE TABLE t (a INT CHECK (f(a, 1)), \"check\" TEXT, CHECK (a > 1), CONSTRAINT k UNIQUE (a, b), b)";
        assert_eq!(column_names(sql).into_iter().collect::<Vec<_>>(), ["a", "b", "check"]);
        let Definition::Table(table) = Definition::of(sql, &column_names(sql)) else {
            panic!("it is a table")
        };
        let constraints: Vec<_> = table.constraints.iter().map(|part| part.shown.as_str()).collect();
        assert_eq!(constraints, ["CHECK (a > 1)", "CONSTRAINT k UNIQUE (a, b)"]);
        assert_eq!(
            table.columns.first().map(|column| column.part.shown.as_str()),
            Some("a INT CHECK (f(a, 1))")
        );
    }

    #[test]
    fn what_is_no_table_is_compared_as_a_whole() {
        for sql in ["CREATE VIRTUAL TABLE t USING fts5(a, b)", "CREATE INDEX i ON t (a)", "CREATE TABLE", ""]
        {
            assert!(matches!(Definition::of(sql, &BTreeSet::new()), Definition::Whole(_)), "{sql}");
        }
    }
}
