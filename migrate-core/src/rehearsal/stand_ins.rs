//! Stand-ins for the SQL functions, collations and modules that only the application has.
//!
//! They let a statement that names one be prepared and run. What the real one would return, nobody knows here.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;

use crate::sql::quote::{key, quoted};
use crate::sql::token;
use crate::sql::verb::VirtualTable;

/// The functions and collations to stand in for.
#[derive(Clone, Debug, Default)]
pub struct StandIns {
    functions: Vec<(String, i32)>,
    collations: Vec<String>,
    modules: Vec<Module>,
}

/// What the stand-ins of one connection have been asked.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    /// One was called since this was last looked at.
    pub(super) noticed: AtomicBool,
    /// How many numbers were given out, each of which is another one.
    pub(super) numbers: AtomicI64,
}

/// A module of virtual tables, and the columns that its tables have beside those that are named when one is created.
#[derive(Clone, Debug)]
struct Module {
    name: String,
    hidden: Vec<String>,
}

impl StandIns {
    /// Adds a function: `name/count` with its number of arguments, or `name` for any number.
    ///
    /// # Errors
    ///
    /// What would be accepted, where this is neither.
    pub fn function(&mut self, function: &str) -> Result<(), String> {
        let (name, count) = match function.split_once('/') {
            Some((name, count)) => {
                (name, count.parse::<u8>().ok().filter(|&count| count <= 127).map(i32::from))
            }
            None => (function, Some(-1)),
        };
        match count {
            Some(count) if is_name(name) => {
                self.functions.push((name.to_owned(), count));
                Ok(())
            }
            _ => Err(format!(
                "`{function}` does not name an SQL function; write its name and number of arguments, as in \
                 \"normalize/2\", or the name alone for any number"
            )),
        }
    }

    /// Adds a collation.
    ///
    /// # Errors
    ///
    /// What would be accepted, where this is no name.
    pub fn collation(&mut self, collation: &str) -> Result<(), String> {
        if !is_name(collation) {
            return Err(format!(
                "`{collation}` does not name a collation; write its name, as in \"unicase\""
            ));
        }
        self.collations.push(collation.to_owned());
        Ok(())
    }

    /// Adds a module of virtual tables: `name`, or `name(column, column)` with the columns that its tables have beside
    /// those that CREATE VIRTUAL TABLE names.
    ///
    /// # Errors
    ///
    /// What would be accepted, where this is neither.
    pub fn module(&mut self, module: &str) -> Result<(), String> {
        let (name, hidden) = match module.split_once('(') {
            None => (module, Some(Vec::new())),
            Some((name, rest)) => {
                let columns = rest.strip_suffix(')').map(|columns| columns.split(',').map(str::trim));
                (name, columns.map(|columns| columns.map(str::to_owned).collect()))
            }
        };
        match hidden {
            Some(hidden) if is_name(name) && hidden.iter().all(|column: &String| is_name(column)) => {
                self.modules.push(Module { name: name.to_owned(), hidden });
                Ok(())
            }
            _ => Err(format!(
                "`{module}` does not name a module; write its name, as in \"vec0\", or with the columns that it adds, as in \
                 \"vec0(distance, k)\""
            )),
        }
    }

    /// An ordinary table to stand in for a virtual one, where its module is the application's. It takes what is written,
    /// and its hidden columns are left out where a statement names none.
    pub(super) fn table(&self, table: &VirtualTable) -> Option<String> {
        let module = self.modules.iter().find(|module| module.name.eq_ignore_ascii_case(&table.module))?;
        // `name = value` is an option of the module, and `+ name` a column that it stores elsewhere.
        let named = table.arguments.iter().filter(|argument| !argument.contains('='));
        let named = named.filter_map(|argument| {
            let mut words = argument.trim_start_matches(['+', ' ']).splitn(2, ' ');
            let name = token::significant(words.next()?).next()?.unquoted()?;
            let is_key = words.next().is_some_and(|rest| rest.to_ascii_lowercase().contains("primary key"));
            Some(format!("{}{}", quoted(&name), if is_key { " INTEGER PRIMARY KEY" } else { "" }))
        });
        let hidden = module.hidden.iter().map(|column| format!("{} AS (NULL)", quoted(column)));
        let columns: Vec<_> = named.chain(hidden).collect();
        let columns = if columns.is_empty() { "value".to_owned() } else { columns.join(", ") };
        Some(format!("CREATE TABLE {} ({columns})", quoted(&table.table.name)))
    }

    /// All their names, in lower case.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let functions = self.functions.iter().map(|(name, _)| name);
        let modules = self.modules.iter().map(|module| &module.name);
        functions.chain(&self.collations).chain(modules).map(|name| key(name)).collect()
    }

    /// As they were given: functions, then collations.
    pub(crate) fn given(&self) -> [Vec<String>; 2] {
        let functions = self.functions.iter().map(|(name, count)| match count {
            -1 => name.clone(),
            count => format!("{name}/{count}"),
        });
        [functions.collect(), self.collations.clone()]
    }

    /// Registers them all. What they are asked is noted in `calls`.
    pub(crate) fn register(&self, conn: &Connection, calls: &Arc<Calls>) -> rusqlite::Result<()> {
        for (name, count) in &self.functions {
            // One that takes arguments may stand in an index, so it has to be deterministic: it gives its first
            // argument back. One that takes none is likely to make ids or times, so every call gives another number,
            // which a column of any type can hold.
            let mut flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_INNOCUOUS;
            if *count != 0 {
                flags |= FunctionFlags::SQLITE_DETERMINISTIC;
            }
            let calls = Arc::clone(calls);
            conn.create_scalar_function(name.as_str(), *count, flags, move |context| {
                calls.noticed.store(true, Ordering::Relaxed);
                if context.is_empty() {
                    return Ok(Value::Integer(calls.numbers.fetch_add(1, Ordering::Relaxed) + 1));
                }
                context.get::<Value>(0)
            })?;
        }
        for name in &self.collations {
            conn.create_collation(name.as_str(), str::cmp)?;
        }
        Ok(())
    }
}

/// SQLite takes any name that a C string can hold.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains('\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        let mut stand_ins = StandIns::default();
        for function in ["normalize/2", "uuid/0", "any_number", "f/127"] {
            assert_eq!(stand_ins.function(function), Ok(()));
        }
        for function in ["", "/2", "a/", "a/b", "a/-1", "a/128", "a/1/2", "a\0/1"] {
            assert!(stand_ins.function(function).is_err(), "{function}");
        }
        assert_eq!(stand_ins.collation("unicode-ci"), Ok(()));
        assert!(stand_ins.collation("").is_err());
    }

    #[test]
    fn a_table_stands_in_for_a_virtual_one() {
        let mut stand_ins = StandIns::default();
        stand_ins.module("vec0(distance, k)").expect("a module");
        assert!(stand_ins.module("vec0(").is_err() && stand_ins.module("").is_err());
        let table = VirtualTable {
            table: crate::sql::verb::Object { schema: None, name: "items".to_owned() },
            module: "VEC0".to_owned(),
            arguments: ["id INTEGER PRIMARY KEY", "embedding float [3]", "+ body TEXT", "chunk_size = 8"]
                .map(str::to_owned)
                .to_vec(),
        };
        let sql = stand_ins.table(&table).expect("its module is known");
        let conn = Connection::open_in_memory().expect("SQLite opens");
        conn.execute_batch(&sql).expect("an ordinary table");
        for statement in [
            "INSERT INTO items VALUES (1, '[1, 2, 3]', 'x')",
            "INSERT INTO items (embedding) VALUES ('[1, 2, 3]')",
            "SELECT id, distance FROM items WHERE embedding MATCH ?1 AND k = 5 ORDER BY distance",
        ] {
            conn.prepare(statement).expect(statement);
        }
        assert_eq!(stand_ins.table(&VirtualTable { module: "fts5".to_owned(), ..table }), None);
    }

    #[test]
    fn a_stand_in_may_stand_where_the_real_one_does() {
        let mut stand_ins = StandIns::default();
        stand_ins.function("normalize/2").and_then(|()| stand_ins.function("uuid/0")).expect("valid names");
        stand_ins.collation("unicase").expect("a valid name");
        let conn = Connection::open_in_memory().expect("SQLite opens");
        stand_ins.register(&conn, &Arc::default()).expect("they can be registered");
        conn.execute_batch(
            "CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT COLLATE unicase,
                             plain TEXT GENERATED ALWAYS AS (normalize(name, 1)) STORED);
             CREATE INDEX i ON a (normalize(name, 2));
             INSERT INTO a (id, name) VALUES (uuid(), 'x'), (uuid(), 'y');",
        )
        .expect("both stand in");
    }
}
