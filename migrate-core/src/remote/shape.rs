//! What a statement changes, as far as it decides what a later one comes to evaluate: columns with their DEFAULT, views,
//! triggers, and the table that rows are written to. Reads tokens that SQLite has accepted already; what it does not
//! know is [`Shape::Other`].

use crate::sql::token::{Token, TokenKind};

use super::varies::{closing, split};

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `parents` are those whose rows change rows here.
    CreateTable {
        table: String,
        columns: Vec<Column>,
        parents: Vec<String>,
        copies: bool,
    },
    CreateView {
        view: String,
    },
    CreateTrigger {
        trigger: String,
        on: String,
        change: Change,
    },
    RenameTable {
        table: String,
        to: String,
    },
    RenameColumn {
        table: String,
        column: String,
        to: String,
    },
    AddColumn {
        table: String,
        column: Column,
        parents: Vec<String>,
    },
    DropColumn {
        table: String,
        column: String,
    },
    DropTable {
        table: String,
    },
    DropView {
        view: String,
    },
    DropTrigger {
        trigger: String,
    },
    Write(Write),
    /// Gives rows: SELECT, VALUES, EXPLAIN.
    Rows,
    Other,
}

/// A column, and the text of its DEFAULT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// In lower case, without quotes.
    pub(crate) name: String,
    pub(crate) default: Option<String>,
}

/// What is done to rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Insert,
    Update,
    Delete,
}

/// A statement that writes rows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Write {
    pub(super) table: String,
    /// Where the table stands among the tokens.
    pub(super) at: usize,
    /// One; two where a conflict turns an INSERT into something else.
    pub(super) changes: Vec<Change>,
    /// The columns that an INSERT names. Without them it gives all, or none with DEFAULT VALUES.
    pub(super) columns: Option<Vec<String>>,
}

impl Shape {
    pub(super) fn of(tokens: &[Token<'_>]) -> Self {
        Reader { tokens, at: 0 }.statement().unwrap_or(Self::Other)
    }
}

/// A name as SQLite compares it.
pub(super) fn folded(token: &Token<'_>) -> Option<String> {
    match token.kind {
        TokenKind::Word | TokenKind::QuotedName | TokenKind::Text => {
            token.unquoted().map(|name| name.to_ascii_lowercase())
        }
        _ => None,
    }
}

struct Reader<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
}

impl<'t, 'a> Reader<'t, 'a> {
    fn peek(&self) -> Option<&'t Token<'a>> {
        self.tokens.get(self.at)
    }

    fn word(&mut self, word: &str) -> bool {
        let is = self.peek().is_some_and(|token| token.is_word(word));
        self.at += usize::from(is);
        is
    }

    fn symbol(&mut self, symbol: &str) -> bool {
        let is = self.peek().is_some_and(|token| token.text == symbol);
        self.at += usize::from(is);
        is
    }

    /// `name` or `schema.name`, and the name of the two.
    fn object(&mut self) -> Option<String> {
        let mut name = folded(self.peek()?)?;
        self.at += 1;
        if self.symbol(".") {
            name = folded(self.peek()?)?;
            self.at += 1;
        }
        Some(name)
    }

    fn if_exists(&mut self) {
        if self.word("if") {
            self.word("not");
            self.word("exists");
        }
    }

    fn statement(&mut self) -> Option<Shape> {
        self.skip_common_tables();
        let first = self.peek()?;
        self.at += 1;
        Some(match first.text.to_ascii_lowercase().as_str() {
            "select" | "values" | "explain" => Shape::Rows,
            "create" => self.create()?,
            "alter" => self.alter()?,
            "drop" => self.drop()?,
            verb @ ("insert" | "replace") => Shape::Write(self.insert(verb == "replace")?),
            "update" => {
                if self.word("or") {
                    self.at += 1;
                }
                self.write(vec![Change::Update])?
            }
            "delete" => {
                self.word("from").then_some(())?;
                self.write(vec![Change::Delete])?
            }
            _ => return None,
        })
    }

    fn write(&mut self, changes: Vec<Change>) -> Option<Shape> {
        let table = self.object()?;
        Some(Shape::Write(Write { table, at: self.at - 1, changes, columns: None }))
    }

    fn insert(&mut self, replaces: bool) -> Option<Write> {
        let mut changes = vec![Change::Insert];
        if replaces {
            changes.push(Change::Delete);
        } else if self.word("or") {
            if self.word("replace") {
                changes.push(Change::Delete);
            } else {
                self.at += 1;
            }
        }
        self.word("into").then_some(())?;
        let table = self.object()?;
        let at = self.at - 1;
        if self.word("as") {
            self.at += 1;
        }
        let mut columns = None;
        if self.peek().is_some_and(|token| token.text == "(") {
            let end = closing(self.tokens, self.at);
            let inside = self.tokens.get(self.at + 1..end).unwrap_or_default();
            columns = Some(inside.iter().filter_map(folded).collect());
            self.at = end + 1;
        }
        if self.word("default") {
            columns = Some(Vec::new());
        }
        let rest = self.tokens.get(self.at..).unwrap_or_default();
        if rest.windows(2).any(|pair| matches!(pair, [a, b] if a.is_word("do") && b.is_word("update"))) {
            changes.push(Change::Update);
        }
        Some(Write { table, at, changes, columns })
    }

    fn create(&mut self) -> Option<Shape> {
        let _ = self.word("temp") || self.word("temporary");
        if self.word("table") {
            self.if_exists();
            let table = self.object()?;
            if !self.symbol("(") {
                return Some(Shape::CreateTable {
                    table,
                    columns: Vec::new(),
                    parents: Vec::new(),
                    copies: true,
                });
            }
            let end = closing(self.tokens, self.at - 1);
            let inside = self.tokens.get(self.at..end).unwrap_or_default();
            let definitions = split(inside);
            let columns = definitions.iter().filter_map(|definition| column(definition)).collect();
            let parents = definitions.iter().flat_map(|definition| parents(definition)).collect();
            return Some(Shape::CreateTable { table, columns, parents, copies: false });
        }
        if self.word("view") {
            self.if_exists();
            return Some(Shape::CreateView { view: self.object()? });
        }
        if self.word("trigger") {
            self.if_exists();
            return self.trigger();
        }
        None
    }

    fn trigger(&mut self) -> Option<Shape> {
        let trigger = self.object()?;
        let _ = self.word("before") || self.word("after") || (self.word("instead") && self.word("of"));
        let change = if self.word("insert") {
            Change::Insert
        } else if self.word("delete") {
            Change::Delete
        } else {
            self.word("update").then_some(Change::Update)?
        };
        while !self.word("on") {
            self.peek()?;
            self.at += 1;
        }
        Some(Shape::CreateTrigger { trigger, on: self.object()?, change })
    }

    fn alter(&mut self) -> Option<Shape> {
        self.word("table").then_some(())?;
        let table = self.object()?;
        if self.word("rename") {
            if self.word("to") {
                return Some(Shape::RenameTable { table, to: self.object()? });
            }
            self.word("column");
            let column = self.object()?;
            self.word("to").then_some(())?;
            return Some(Shape::RenameColumn { table, column, to: self.object()? });
        }
        if self.word("drop") {
            self.word("column");
            return Some(Shape::DropColumn { table, column: self.object()? });
        }
        self.word("add").then_some(())?;
        self.word("column");
        let definition = self.tokens.get(self.at..).unwrap_or_default();
        Some(Shape::AddColumn { table, column: column(definition)?, parents: parents(definition) })
    }

    fn drop(&mut self) -> Option<Shape> {
        let kind = self.peek()?;
        self.at += 1;
        self.if_exists();
        let name = self.object()?;
        Some(match kind.text.to_ascii_lowercase().as_str() {
            "table" => Shape::DropTable { table: name },
            "view" => Shape::DropView { view: name },
            "trigger" => Shape::DropTrigger { trigger: name },
            _ => return None,
        })
    }

    /// Up to the verb that common table expressions are for.
    fn skip_common_tables(&mut self) {
        const VERBS: [&str; 6] = ["insert", "replace", "delete", "update", "select", "values"];
        if !self.peek().is_some_and(|token| token.is_word("with")) {
            return;
        }
        while let Some(token) = self.peek() {
            if token.text == "(" {
                self.at = closing(self.tokens, self.at);
            } else if VERBS.iter().any(|verb| token.is_word(verb)) {
                return;
            }
            self.at += 1;
        }
    }
}

/// The column that a definition defines, if it is no constraint of the table.
fn column(definition: &[Token<'_>]) -> Option<Column> {
    let first = definition.first()?;
    let constraint = ["constraint", "primary", "unique", "check", "foreign"];
    if constraint.iter().any(|word| first.is_word(word)) {
        return None;
    }
    Some(Column { name: folded(first)?, default: default(definition) })
}

/// The text of the DEFAULT in a definition.
fn default(definition: &[Token<'_>]) -> Option<String> {
    let at = definition.iter().position(|token| token.is_word("default"))? + 1;
    let end = match definition.get(at)?.text {
        "(" => closing(definition, at) + 1,
        "+" | "-" => at + 2,
        _ => at + 1,
    };
    let mut text = String::new();
    let mut last = None;
    for token in definition.get(at..end)? {
        // A comment between two tokens must not join them.
        if last.is_some_and(|last| last != token.start) {
            text.push(' ');
        }
        text.push_str(token.text);
        last = Some(token.end());
    }
    Some(text)
}

/// The tables that a column or a key references so that rows here change when rows there do.
fn parents(definition: &[Token<'_>]) -> Vec<String> {
    let acts = |window: &[Token<'_>]| match window {
        [on, change, action] => {
            on.is_word("on")
                && (change.is_word("delete") || change.is_word("update"))
                && (action.is_word("cascade") || action.is_word("set"))
        }
        _ => false,
    };
    if !definition.windows(3).any(acts) {
        return Vec::new();
    }
    let pairs = definition.iter().zip(definition.iter().skip(1));
    pairs.filter(|(word, _)| word.is_word("references")).filter_map(|(_, parent)| folded(parent)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::token::significant;

    fn shape(sql: &str) -> Shape {
        Shape::of(&significant(sql).collect::<Vec<_>>())
    }

    #[test]
    fn columns_are_read_with_their_defaults_and_parents() {
        let sql = "CREATE TABLE IF NOT EXISTS main.\"T\" (id INTEGER PRIMARY KEY, [At] TEXT NOT NULL DEFAULT (datetime('now', 'subsec')), \
                   n INT DEFAULT -1 CHECK (n <> 2), c DEFAULT current_timestamp REFERENCES p (id) ON DELETE CASCADE, o REFERENCES other ON DELETE RESTRICT, b DEFAULT x'00', CHECK (n), FOREIGN KEY (n) REFERENCES \"Q\" ON UPDATE SET NULL)";
        let Shape::CreateTable { table, columns, parents, copies } = shape(sql) else {
            panic!("{:?}", shape(sql))
        };
        assert_eq!((table.as_str(), copies), ("t", false));
        let columns: Vec<_> =
            columns.iter().map(|column| (column.name.as_str(), column.default.as_deref())).collect();
        assert_eq!(
            columns,
            [
                ("id", None),
                ("at", Some("(datetime('now', 'subsec'))")),
                ("n", Some("-1")),
                ("c", Some("current_timestamp")),
                ("o", None),
                ("b", Some("x'00'")),
            ]
        );
        assert_eq!(parents, ["p", "q"]);
    }

    #[test]
    fn a_write_names_its_table_and_what_it_gives() {
        let write = |sql: &str| match shape(sql) {
            Shape::Write(Write { table, changes, columns, .. }) => (table, changes, columns),
            other => panic!("{sql}: {other:?}"),
        };
        let columns = |names: &[&str]| Some(names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        let t = || "t".to_owned();
        use Change::{Delete, Insert, Update};
        for (sql, changes, given) in [
            ("INSERT INTO t VALUES (1)", vec![Insert], None),
            ("INSERT INTO main.T AS x (\"A\", b) SELECT 1, 2", vec![Insert], columns(&["a", "b"])),
            ("INSERT INTO t DEFAULT VALUES", vec![Insert], columns(&[])),
            ("REPLACE INTO t (a) VALUES (1)", vec![Insert, Delete], columns(&["a"])),
            ("INSERT OR REPLACE INTO t VALUES (1)", vec![Insert, Delete], None),
            ("INSERT OR IGNORE INTO t VALUES (1)", vec![Insert], None),
            (
                "INSERT INTO t(a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2",
                vec![Insert, Update],
                columns(&["a"]),
            ),
            ("WITH x(y) AS (SELECT 1) INSERT INTO t SELECT y FROM x", vec![Insert], None),
            ("UPDATE OR IGNORE t SET a = 1", vec![Update], None),
            ("DELETE FROM t", vec![Delete], None),
        ] {
            assert_eq!(write(sql), (t(), changes, given), "{sql}");
        }
    }

    #[test]
    fn what_else_changes_a_schema_is_told_apart() {
        let s = |name: &str| name.to_owned();
        for (sql, expected) in [
            (
                "CREATE TABLE t AS SELECT 1",
                Shape::CreateTable { table: s("t"), columns: vec![], parents: vec![], copies: true },
            ),
            ("CREATE VIEW IF NOT EXISTS v AS SELECT 1", Shape::CreateView { view: s("v") }),
            (
                "CREATE TRIGGER g AFTER UPDATE OF a, b ON t WHEN 1 BEGIN SELECT 1; END",
                Shape::CreateTrigger { trigger: s("g"), on: s("t"), change: Change::Update },
            ),
            (
                "CREATE TRIGGER g INSTEAD OF DELETE ON v BEGIN SELECT 1; END",
                Shape::CreateTrigger { trigger: s("g"), on: s("v"), change: Change::Delete },
            ),
            ("ALTER TABLE t RENAME TO u", Shape::RenameTable { table: s("t"), to: s("u") }),
            (
                "ALTER TABLE t RENAME a TO b",
                Shape::RenameColumn { table: s("t"), column: s("a"), to: s("b") },
            ),
            ("ALTER TABLE t DROP COLUMN a", Shape::DropColumn { table: s("t"), column: s("a") }),
            ("DROP TABLE IF EXISTS t", Shape::DropTable { table: s("t") }),
            ("DROP TRIGGER g", Shape::DropTrigger { trigger: s("g") }),
            ("WITH x AS (SELECT 1) SELECT * FROM x", Shape::Rows),
            ("VALUES (1)", Shape::Rows),
            ("CREATE INDEX i ON t (a)", Shape::Other),
            ("", Shape::Other),
        ] {
            assert_eq!(shape(sql), expected, "{sql}");
        }
    }
}
