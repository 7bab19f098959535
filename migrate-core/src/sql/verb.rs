//! What one statement says it does, read once from its tokens: the verb, its object, and the few words that rules
//! ask for. What comes of it, SQLite is asked: this is no parser of SQL, and refuses nothing.

use std::ops::Range;

use super::reader;
use super::token::Token;

/// A statement by its first words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    /// With what stands after it that belongs to no BEGIN, most often for want of a `;`.
    Begin {
        extra: Option<Range<usize>>,
    },
    /// COMMIT or END, in the same way.
    Commit {
        extra: Option<Range<usize>>,
    },
    Rollback,
    Savepoint,
    Release,
    Attach,
    Detach,
    Vacuum,
    Pragma(Pragma),
    CreateTable(CreateTable),
    CreateIndex {
        unique: bool,
    },
    CreateVirtualTable(VirtualTable),
    CreateView(Object),
    CreateTrigger(Object),
    /// `ALTER TABLE … RENAME TO …`
    Rename {
        table: Object,
        to: String,
    },
    AddColumn(AddColumn),
    /// `ALTER TABLE … RENAME COLUMN … TO …`
    RenameColumn {
        table: Object,
        from: String,
        to: String,
    },
    /// ALTER TABLE in any other form.
    Alter,
    Drop {
        kind: ObjectKind,
        object: Object,
    },
    Insert(Insert),
    Update(Update),
    Delete(Object),
    Explain,
    /// `SELECT migrate_step('name')`
    Step(String),
    Other,
}

/// What DROP can drop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ObjectKind {
    Table,
    Index,
    View,
    Trigger,
}

/// `name` or `schema.name`, without quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Object {
    pub(crate) schema: Option<String>,
    pub(crate) name: String,
}

impl Object {
    /// The name, where it is not said to be of another database than the main one.
    pub(crate) fn in_main(&self) -> Option<&str> {
        let is_main = self.schema.as_ref().is_none_or(|schema| schema.eq_ignore_ascii_case("main"));
        is_main.then_some(self.name.as_str())
    }
}

/// A PRAGMA, as far as it decides whether it may stand in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pragma {
    /// In lower case.
    pub(crate) name: String,
    pub(crate) value: Option<String>,
    /// Where the name stands.
    pub(crate) place: Range<usize>,
}

impl Pragma {
    /// The value as SQLite reads a switch (`sqlite3GetBoolean`).
    pub(crate) fn switch(&self) -> Option<bool> {
        let value = self.value.as_deref()?.to_ascii_lowercase();
        match value.as_str() {
            "on" | "yes" | "true" => Some(true),
            "off" | "no" | "false" => Some(false),
            number => number.parse::<u32>().ok().map(|number| number != 0),
        }
    }
}

/// A CREATE TABLE, virtual ones apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CreateTable {
    pub(crate) table: Object,
    pub(crate) temporary: bool,
    /// Says ON CONFLICT IGNORE or REPLACE of some key.
    pub(crate) forgives: bool,
    /// Says REFERENCES.
    pub(crate) references: bool,
    /// Says AUTOINCREMENT.
    pub(crate) autoincrement: bool,
}

impl CreateTable {
    /// The name of the table, where it becomes part of the main database.
    pub(crate) fn in_main(&self) -> Option<&str> {
        self.table.in_main().filter(|_| !self.temporary)
    }
}

/// A CREATE VIRTUAL TABLE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VirtualTable {
    pub(crate) table: Object,
    pub(crate) module: String,
    /// The arguments of the module, each as its tokens joined by spaces.
    pub(crate) arguments: Vec<String>,
}

/// ALTER TABLE … ADD COLUMN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AddColumn {
    /// Says REFERENCES.
    pub(crate) references: bool,
    /// Says CHECK or AS, which may be about values that are there.
    pub(crate) checks: bool,
}

/// The words by which a query may leave rows out; a join does so by the way.
pub(crate) const NARROWING: [&str; 7] =
    ["WHERE", "JOIN", "LIMIT", "GROUP", "DISTINCT", "EXCEPT", "INTERSECT"];

/// An INSERT or REPLACE, common table expressions before it apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Insert {
    pub(crate) table: Object,
    /// `OR IGNORE`, `REPLACE`, `ON CONFLICT`: with these, an INSERT that adds nothing is not an error.
    pub(crate) forgives: bool,
    /// The columns that it names as its targets; absent where it means all of them.
    pub(crate) columns: Option<Vec<String>>,
    /// It copies what a query gives.
    pub(crate) selects: bool,
    /// That query begins with `SELECT *`, so that the order of columns decides what goes where.
    pub(crate) selects_star: bool,
    /// The first word of that query by which rows may be left out, such as WHERE.
    pub(crate) narrows: Option<&'static str>,
}

/// An UPDATE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Update {
    pub(crate) table: Object,
    /// The columns that it sets.
    pub(crate) columns: Vec<String>,
}

impl Verb {
    /// Reads the tokens of one statement, without space, comments and the `;` at its end.
    pub(crate) fn parse(tokens: &[Token<'_>]) -> Self {
        reader::statement(tokens)
    }

    /// The table of the main database that this creates.
    pub(crate) fn created_table(&self) -> Option<&str> {
        match self {
            Self::CreateTable(create) => create.in_main(),
            _ => None,
        }
    }

    /// The view or trigger that this creates.
    pub(crate) fn created_program(&self) -> Option<&str> {
        match self {
            Self::CreateView(object) | Self::CreateTrigger(object) => Some(&object.name),
            _ => None,
        }
    }

    /// The table of the main database that this adds rows to.
    pub(crate) fn inserted_table(&self) -> Option<&str> {
        match self {
            Self::Insert(insert) => insert.table.in_main(),
            _ => None,
        }
    }

    /// The table that this drops.
    pub(crate) fn dropped_table(&self) -> Option<&str> {
        match self {
            Self::Drop { kind: ObjectKind::Table, object } => Some(&object.name),
            _ => None,
        }
    }

    /// Whether this holds rows that are there against a constraint, so that it can fail on some and not on others.
    #[cfg(feature = "build")]
    pub(crate) fn meets_rows(&self) -> bool {
        match self {
            Self::CreateIndex { unique } => *unique,
            Self::Insert(insert) => insert.selects,
            Self::AddColumn(_) => self.checks_rows(),
            // What a DELETE deletes, a trigger may put elsewhere.
            Self::Update(_) | Self::Delete(_) | Self::Alter => true,
            _ => false,
        }
    }

    /// Whether this adds a column that holds what is in the others against something.
    #[cfg(feature = "build")]
    pub(crate) fn checks_rows(&self) -> bool {
        matches!(self, Self::AddColumn(AddColumn { checks: true, .. }))
    }

    /// Whether this may give a table a foreign key.
    #[cfg(feature = "build")]
    pub(crate) fn says_references(&self) -> bool {
        match self {
            Self::CreateTable(create) => create.references,
            Self::AddColumn(add) => add.references,
            _ => false,
        }
    }

    /// Whether a table can have another trigger after this: one creates it, the other gives its table this name.
    pub(crate) fn leaves_trigger(&self) -> bool {
        matches!(self, Self::CreateTrigger(_) | Self::Rename { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::token;

    fn verb(statement: &str) -> Verb {
        Verb::parse(&token::significant(statement).collect::<Vec<_>>())
    }

    #[test]
    fn the_table_that_is_created() {
        for (statement, table) in [
            ("CREATE TABLE schema_migrations (version TEXT)", Some("schema_migrations")),
            ("create /* a */ table if not exists main.\"my \"\"table\"(a)", Some("my \"table")),
            ("CREATE TABLE [a] AS SELECT 1", Some("a")),
            ("CREATE TEMP TABLE a(b)", None),
            ("CREATE TABLE temp.a(b)", None),
            ("CREATE VIEW a AS SELECT 1", None),
            ("CREATE VIRTUAL TABLE a USING fts5(b)", None),
        ] {
            assert_eq!(verb(statement).created_table(), table, "{statement}");
        }
    }

    #[test]
    fn what_a_table_says_of_itself() {
        let of = |statement: &str| match verb(statement) {
            Verb::CreateTable(create) => (create.forgives, create.references, create.autoincrement),
            other => panic!("{other:?}"),
        };
        assert_eq!(of("CREATE TABLE a (version TEXT PRIMARY KEY ON CONFLICT IGNORE)"), (true, false, false));
        assert_eq!(of("CREATE TABLE a (version TEXT PRIMARY KEY ON CONFLICT ABORT)"), (false, false, false));
        assert_eq!(of("CREATE TABLE a (b INTEGER PRIMARY KEY AUTOINCREMENT)"), (false, false, true));
        assert_eq!(of("CREATE TABLE a (b REFERENCES c, d DEFAULT 'references')"), (false, true, false));
    }

    #[test]
    fn the_table_that_is_inserted_into() {
        for (statement, table, forgives) in [
            ("INSERT INTO a VALUES (1)", "a", false),
            ("insert or abort into main.a VALUES (1)", "a", false),
            ("INSERT OR IGNORE INTO a VALUES (1)", "a", true),
            ("INSERT OR REPLACE INTO a VALUES (1)", "a", true),
            ("REPLACE INTO a VALUES (1)", "a", true),
            ("INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING", "a", true),
            ("INSERT INTO a VALUES ('on conflict')", "a", false),
            ("WITH x AS (SELECT insert()), y AS (SELECT 1) INSERT OR IGNORE INTO a SELECT 1", "a", true),
        ] {
            let verb = verb(statement);
            assert_eq!(verb.inserted_table(), Some(table), "{statement}");
            assert!(matches!(verb, Verb::Insert(insert) if insert.forgives == forgives), "{statement}");
        }
        for statement in [
            "WITH x AS (INSERT), y(z) AS (SELECT 1) SELECT 1",
            "UPDATE a SET b = 1",
            "INSERT INTO temp.a VALUES (1)",
        ] {
            assert_eq!(verb(statement).inserted_table(), None, "{statement}");
        }
    }

    #[test]
    fn what_is_dropped_renamed_and_deleted() {
        let object = |name: &str| Object { schema: None, name: name.to_owned() };
        for (statement, kind) in [
            ("DROP TABLE a", ObjectKind::Table),
            ("drop index if exists a", ObjectKind::Index),
            ("DROP VIEW \"a\"", ObjectKind::View),
            ("DROP TRIGGER [a]", ObjectKind::Trigger),
        ] {
            assert_eq!(verb(statement), Verb::Drop { kind, object: object("a") }, "{statement}");
        }
        assert_eq!(
            verb("ALTER TABLE main.a RENAME TO 'b'"),
            Verb::Rename {
                table: Object { schema: Some("main".to_owned()), name: "a".to_owned() },
                to: "b".to_owned()
            }
        );
        for statement in ["ALTER TABLE a RENAME COLUMN b TO c", "ALTER TABLE a RENAME b TO \"c\""] {
            let renamed = Verb::RenameColumn { table: object("a"), from: "b".to_owned(), to: "c".to_owned() };
            assert_eq!(verb(statement), renamed, "{statement}");
        }
        assert_eq!(verb("ALTER TABLE a DROP COLUMN b"), Verb::Alter);
        assert_eq!(
            verb("ALTER TABLE a ADD b"),
            Verb::AddColumn(AddColumn { references: false, checks: false })
        );
        assert_eq!(
            verb("ALTER TABLE a ADD COLUMN b REFERENCES c"),
            Verb::AddColumn(AddColumn { references: true, checks: false })
        );
        for checked in
            ["ALTER TABLE a ADD b CHECK (c)", "ALTER TABLE a ADD b GENERATED ALWAYS AS (c) NOT NULL"]
        {
            assert_eq!(
                verb(checked),
                Verb::AddColumn(AddColumn { references: false, checks: true }),
                "{checked}"
            );
        }
        assert_eq!(verb("ALTER TABLE a ADD CONSTRAINT b CHECK (c)"), Verb::Alter);
        assert_eq!(verb("DELETE FROM a WHERE b"), Verb::Delete(object("a")));
        assert_eq!(verb("WITH x AS (SELECT 1) DELETE FROM a"), Verb::Delete(object("a")));
    }

    #[test]
    fn where_rows_go_and_what_may_keep_some_back() {
        for (statement, columns, star, narrows) in [
            ("INSERT INTO a VALUES (1)", None, false, None),
            ("INSERT INTO a (b, \"c\") SELECT d, e FROM f", Some(vec!["b", "c"]), false, None),
            ("INSERT INTO a SELECT * FROM f", None, true, None),
            ("INSERT INTO a SELECT f.* FROM f", None, true, None),
            ("INSERT INTO a AS x (b) SELECT d FROM f WHERE d > 1", Some(vec!["b"]), false, Some("WHERE")),
            ("INSERT INTO a SELECT (SELECT 1 WHERE 1), b FROM f", None, false, None),
            ("INSERT INTO a SELECT f.b FROM f LEFT JOIN g", None, false, Some("JOIN")),
            ("INSERT INTO a SELECT b FROM f WHERE 1 ON CONFLICT DO NOTHING", None, false, Some("WHERE")),
            ("INSERT INTO a WITH x AS (SELECT 1 LIMIT 2) SELECT * FROM x", None, true, None),
        ] {
            let Verb::Insert(insert) = verb(statement) else { panic!("{statement}") };
            let columns = columns.map(|columns| columns.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(
                (insert.columns, insert.selects_star, insert.narrows),
                (columns, star, narrows),
                "{statement}"
            );
        }
        let Verb::Update(update) =
            verb("UPDATE OR IGNORE a SET b = f(c, d), (\"e\", g) = (1, 2) WHERE h = 1, i")
        else {
            panic!("an UPDATE")
        };
        assert_eq!(update.columns, ["b", "e", "g"]);
    }

    #[test]
    fn a_virtual_table_names_its_module_and_arguments() {
        let Verb::CreateVirtualTable(table) = verb(
            "CREATE VIRTUAL TABLE IF NOT EXISTS v USING vec0(id INTEGER PRIMARY KEY, e float[3], +body TEXT, n=4)",
        ) else {
            panic!("a virtual table")
        };
        assert_eq!((table.table.name.as_str(), table.module.as_str()), ("v", "vec0"));
        assert_eq!(table.arguments, ["id INTEGER PRIMARY KEY", "e float [3]", "+ body TEXT", "n = 4"]);
    }

    #[test]
    fn what_may_leave_a_trigger() {
        for (statement, may) in [
            ("CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END", true),
            ("/* a */ create temp trigger if not exists g DELETE ON t BEGIN SELECT 1; END", true),
            ("ALTER TABLE new RENAME TO t", true),
            ("ALTER TABLE main.new RENAME TO t", true),
            ("CREATE TABLE t (a, b, c, d, trigger_of)", false),
            ("ALTER TABLE t ADD COLUMN a", false),
            ("INSERT INTO t SELECT 'create trigger'", false),
            ("DROP TRIGGER g", false),
            ("", false),
        ] {
            assert_eq!(verb(statement).leaves_trigger(), may, "{statement}");
        }
    }

    #[test]
    fn transactions_and_pragmas() {
        assert_eq!(verb("BEGIN EXCLUSIVE TRANSACTION a"), Verb::Begin { extra: None });
        assert_eq!(verb("END TRANSACTION 'b'"), Verb::Commit { extra: None });
        assert_eq!(verb("BEGIN WORK"), Verb::Begin { extra: Some(6..10) });
        assert_eq!(verb("\"commit\""), Verb::Other);
        for (statement, name, switch) in [
            ("PRAGMA foreign_keys = OFF", "foreign_keys", Some(false)),
            ("pragma main.Foreign_Keys('no')", "foreign_keys", Some(false)),
            ("PRAGMA \"foreign_keys\" = 1", "foreign_keys", Some(true)),
            ("PRAGMA foreign_keys", "foreign_keys", None),
            ("PRAGMA user_version = -3", "user_version", None),
        ] {
            let Verb::Pragma(pragma) = verb(statement) else { panic!("{statement}") };
            assert_eq!((pragma.name.as_str(), pragma.switch()), (name, switch), "{statement}");
        }
    }
}
