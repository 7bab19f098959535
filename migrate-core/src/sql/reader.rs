//! Reads a statement's tokens into the [`Verb`] that they say.

use std::iter::Peekable;
use std::ops::Range;
use std::slice::Iter;

use super::step;
use super::token::{Token, TokenKind};
use super::verb::{
    AddColumn, CreateTable, Insert, NARROWING, Object, ObjectKind, Pragma, Update, Verb, VirtualTable,
};

/// Reads the tokens of one statement, without space, comments and the `;` at its end.
pub(super) fn statement(tokens: &[Token<'_>]) -> Verb {
    Reader { all: tokens, rest: tokens.iter().peekable() }.statement().unwrap_or(Verb::Other)
}

struct Reader<'r, 'a> {
    all: &'r [Token<'a>],
    rest: Peekable<Iter<'r, Token<'a>>>,
}

impl<'a> Reader<'_, 'a> {
    fn statement(mut self) -> Option<Verb> {
        let first = self.rest.next().filter(|token| token.kind == TokenKind::Word)?;
        // One look at the length spares the usual statement most of the comparisons.
        let verb = first.text.to_ascii_lowercase();
        Some(match verb.as_str() {
            "begin" => {
                let _ = self.word("deferred") || self.word("immediate") || self.word("exclusive");
                Verb::Begin { extra: self.after_transaction() }
            }
            "commit" | "end" => Verb::Commit { extra: self.after_transaction() },
            "rollback" => Verb::Rollback,
            "savepoint" => Verb::Savepoint,
            "release" => Verb::Release,
            "attach" => Verb::Attach,
            "detach" => Verb::Detach,
            "vacuum" => Verb::Vacuum,
            "explain" => Verb::Explain,
            "select" => Verb::Step(step::called(self.all)?),
            "pragma" => Verb::Pragma(self.pragma()?),
            "create" => self.create()?,
            "alter" => self.alter()?,
            "drop" => self.drop()?,
            "with" => {
                self.skip_common_tables();
                let first = self.rest.next()?;
                self.rows(&first.text.to_ascii_lowercase())?
            }
            verb => self.rows(verb)?,
        })
    }

    /// A statement that writes rows.
    fn rows(&mut self, verb: &str) -> Option<Verb> {
        match verb {
            "insert" | "replace" => self.insert(verb == "replace"),
            "update" => self.update(),
            "delete" => {
                self.word("from").then_some(())?;
                Some(Verb::Delete(self.object()?))
            }
            _ => None,
        }
    }

    /// What follows BEGIN or COMMIT, `TRANSACTION name` apart: SQLite allows the name, and ignores it.
    fn after_transaction(&mut self) -> Option<Range<usize>> {
        if self.word("transaction") {
            self.rest.next_if(|token| token.unquoted().is_some());
        }
        self.rest.next().map(|extra| extra.start..extra.end())
    }

    fn pragma(&mut self) -> Option<Pragma> {
        let mut name = self.rest.next()?;
        if self.symbol(".") {
            name = self.rest.next()?;
        }
        let assigned = self.symbol("=") || self.symbol("(");
        let value = assigned.then(|| {
            let parts = self.rest.by_ref().take_while(|token| token.text != ")");
            parts.map(|part| part.unquoted().unwrap_or_else(|| part.text.to_owned())).collect()
        });
        Some(Pragma { name: name.unquoted()?.to_ascii_lowercase(), value, place: name.start..name.end() })
    }

    fn create(&mut self) -> Option<Verb> {
        let temporary = self.word("temp") || self.word("temporary");
        let kind = self.rest.next()?;
        if kind.is_word("index") || kind.is_word("unique") {
            return Some(Verb::CreateIndex { unique: kind.is_word("unique") });
        }
        let virtually = kind.is_word("virtual") && self.word("table");
        if self.word("if") {
            self.rest.next();
            self.rest.next();
        }
        let object = self.object()?;
        if virtually {
            self.word("using").then_some(())?;
            let module = self.rest.next()?.unquoted()?;
            Some(Verb::CreateVirtualTable(VirtualTable {
                table: object,
                module,
                arguments: self.arguments(),
            }))
        } else if kind.is_word("view") {
            Some(Verb::CreateView(object))
        } else if kind.is_word("trigger") {
            Some(Verb::CreateTrigger(object))
        } else if kind.is_word("table") {
            Some(Verb::CreateTable(CreateTable {
                temporary,
                table: object,
                forgives: self.follows("conflict", &["ignore", "replace"]),
                references: self.says("references"),
                autoincrement: self.says("autoincrement"),
            }))
        } else {
            None
        }
    }

    /// What stands between the commas of a list in parentheses.
    fn arguments(&mut self) -> Vec<String> {
        let mut arguments = vec![String::new()];
        let mut depth = 0_usize;
        for token in self.rest.by_ref() {
            match token.text {
                "(" | "[" => depth += 1,
                ")" | "]" => depth = depth.saturating_sub(1),
                _ => {}
            }
            match (token.text, depth) {
                ("(", 1) => {}
                (_, 0) => break,
                (",", 1) => arguments.push(String::new()),
                _ => {
                    if let Some(argument) = arguments.last_mut() {
                        argument.push_str(token.text);
                        argument.push(' ');
                    }
                }
            }
        }
        arguments
            .iter()
            .map(|argument| argument.trim().to_owned())
            .filter(|argument| !argument.is_empty())
            .collect()
    }

    fn alter(&mut self) -> Option<Verb> {
        if !self.word("table") {
            return Some(Verb::Alter);
        }
        let table = self.object()?;
        if self.word("rename") {
            if self.word("to") {
                return Some(Verb::Rename { table, to: self.rest.next()?.unquoted()? });
            }
            self.word("column");
            let from = self.rest.next()?.unquoted()?;
            self.word("to").then_some(())?;
            return Some(Verb::RenameColumn { table, from, to: self.rest.next()?.unquoted()? });
        }
        // `ADD CONSTRAINT` and `ADD CHECK` add no column.
        if self.word("add")
            && !self.rest.peek().is_some_and(|next| next.is_word("constraint") || next.is_word("check"))
        {
            return Some(Verb::AddColumn(AddColumn {
                references: self.says("references"),
                checks: ["check", "as"].into_iter().any(|word| self.says(word)),
            }));
        }
        Some(Verb::Alter)
    }

    fn drop(&mut self) -> Option<Verb> {
        let word = self.rest.next()?;
        let kinds = [
            ("table", ObjectKind::Table),
            ("index", ObjectKind::Index),
            ("view", ObjectKind::View),
            ("trigger", ObjectKind::Trigger),
        ];
        let (_, kind) = kinds.into_iter().find(|(name, _)| word.is_word(name))?;
        if self.word("if") {
            self.rest.next();
        }
        Some(Verb::Drop { kind, object: self.object()? })
    }

    fn insert(&mut self, replaces: bool) -> Option<Verb> {
        let mut forgives = replaces;
        if !replaces && self.word("or") {
            // ABORT, FAIL and ROLLBACK still fail.
            forgives =
                self.rest.next().is_some_and(|token| token.is_word("ignore") || token.is_word("replace"));
        }
        self.word("into").then_some(())?;
        let table = self.object()?;
        if self.word("as") {
            self.rest.next();
        }
        let columns = self.symbol("(").then(|| {
            let names = self.rest.by_ref().take_while(|token| token.text != ")");
            names.filter_map(Token::unquoted).collect()
        });
        let query = !self.rest.peek().is_none_or(|next| next.is_word("values") || next.is_word("default"));
        let (selects_star, narrows) = if query { self.query() } else { (false, None) };
        let forgives = forgives || self.follows("on", &["conflict"]);
        Some(Verb::Insert(Insert { table, forgives, columns, selects: query, selects_star, narrows }))
    }

    /// Whether a query begins with `SELECT *`, and the first word by which it may leave rows out.
    fn query(&mut self) -> (bool, Option<&'static str>) {
        if self.word("with") {
            self.skip_common_tables();
        }
        self.word("select");
        // `*` or `t.*`
        let mut first = self.rest.clone().map(|token| token.text);
        let star = match (first.next(), first.next(), first.next()) {
            (Some("*"), ..) => true,
            (_, point, star) => point == Some(".") && star == Some("*"),
        };
        let mut depth = 0_usize;
        for token in self.rest.by_ref() {
            match token.text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                // What follows is said of rows that are there already.
                _ if depth == 0 && token.is_word("conflict") => break,
                _ if depth == 0 && token.kind == TokenKind::Word => {
                    if let Some(word) = NARROWING.iter().find(|word| token.is_word(word)) {
                        return (star, Some(word));
                    }
                }
                _ => {}
            }
        }
        (star, None)
    }

    fn update(&mut self) -> Option<Verb> {
        if self.word("or") {
            self.rest.next();
        }
        let table = self.object()?;
        while self.rest.next_if(|token| !token.is_word("set")).is_some() {}
        self.rest.next()?;
        let mut columns = Vec::new();
        let mut depth = 0_usize;
        // A target stands after SET and after each comma outside of parentheses, or is a list in parentheses.
        let mut is_target = true;
        for token in self.rest.by_ref() {
            match token.text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                "=" if depth == 0 => is_target = false,
                "," if depth == 0 => is_target = true,
                _ if depth == 0 && (token.is_word("where") || token.is_word("from")) => break,
                _ if is_target => columns.extend(token.unquoted()),
                _ => {}
            }
        }
        Some(Verb::Update(Update { table, columns }))
    }

    /// Up to the verb that common table expressions are for.
    fn skip_common_tables(&mut self) {
        const VERBS: [&str; 6] = ["insert", "replace", "delete", "update", "select", "values"];
        let mut depth = 0_usize;
        while let Some(token) = self.rest.peek() {
            match token.text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                // `replace (…)` would be a function, and stands at no such place.
                _ if depth == 0 && VERBS.iter().any(|verb| token.is_word(verb)) => return,
                _ => {}
            }
            self.rest.next();
        }
    }

    /// `name` or `schema.name`
    fn object(&mut self) -> Option<Object> {
        let name = self.rest.next()?.unquoted()?;
        if !self.symbol(".") {
            return Some(Object { schema: None, name });
        }
        Some(Object { schema: Some(name), name: self.rest.next()?.unquoted()? })
    }

    fn word(&mut self, word: &str) -> bool {
        self.rest.next_if(|token| token.is_word(word)).is_some()
    }

    fn symbol(&mut self, symbol: &str) -> bool {
        self.rest.next_if(|token| token.text == symbol).is_some()
    }

    /// Whether a word stands anywhere in the statement.
    fn says(&self, word: &str) -> bool {
        self.all.iter().any(|token| token.is_word(word))
    }

    /// Whether one of these words stands right after another somewhere in the statement.
    fn follows(&self, word: &str, followers: &[&str]) -> bool {
        let pairs = self.all.iter().zip(self.all.iter().skip(1));
        pairs
            .filter(|(before, _)| before.is_word(word))
            .any(|(_, after)| followers.iter().any(|follower| after.is_word(follower)))
    }
}
