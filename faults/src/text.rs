//! What chance writes, given to the steps of the build that take text alone. Where a statement ends is held against
//! SQLite, a file name against a naive reading, and of whole files it is asked that nothing panics and that every
//! problem is at a place that is there.
//!
//! The checks themselves are public, for the fuzzers.

use std::ffi::CString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use embed_migrations::{Problem, Rule};
use embed_migrations_core::__build::{check_files, check_test, file_name_parts, statement_ends};

use crate::ladder::LADDER;
use crate::oracle::{Memory, complete};
use crate::tally::{Tally, Watched, side_by_side};

pub fn text(long: bool, seed: u64) -> ExitCode {
    let tally = Tally::new("text");
    let (soups, scripts, names, files) = if long {
        (100_000_000, 5_000_000, 2_000_000, 2_000_000)
    } else {
        (1_000_000, 250_000, 200_000, 100_000)
    };
    let jobs: Vec<(Kind, u64)> =
        [(Kind::Soup, soups), (Kind::Script, scripts), (Kind::Name, names), (Kind::File, files)]
            .into_iter()
            .flat_map(|(kind, count)| (0..count / BATCH).map(move |batch| (kind, batch)))
            .collect();
    side_by_side(&jobs, |&(kind, batch)| {
        let _watched = Watched::new(format!("{kind:?}, seed {seed}, batch {batch}"));
        let mut chance = fastrand::Rng::with_seed(seed.wrapping_mul(1_000_000_007).wrapping_add(batch));
        take(&tally, kind, &mut chance);
    });
    tally.finish(&[("soups", soups), ("scripts", scripts), ("names", names), ("files", files)])
}

/// How many texts are one job.
const BATCH: u64 = 1_000;

#[derive(Clone, Copy, Debug)]
enum Kind {
    Soup,
    Script,
    Name,
    File,
}

fn take(tally: &Tally, kind: Kind, chance: &mut fastrand::Rng) {
    let memory = Memory::new();
    let mut taken = 0;
    let mut passed_over = 0;
    while taken < BATCH {
        let (text, result) = match kind {
            Kind::Soup => {
                let text = soup(chance);
                let result = held(|| check_splitter(&text));
                (text, result)
            }
            Kind::Script => {
                let text = Script::new(chance).text;
                let result = held(|| check_script(&memory, &text).map(|()| true));
                (text, result)
            }
            Kind::Name => {
                let text = file_name(chance);
                let result = held(|| check_file_name(&text).map(|()| true));
                (text, result)
            }
            Kind::File => {
                let bytes = file(chance);
                let files = if chance.u8(..16) == 0 {
                    vec![("000_first.sql", &*bytes)]
                } else {
                    after_a_first(&bytes)
                };
                let result =
                    held(|| check_folder(&files).and_then(|()| check_as_test(&bytes)).map(|()| true));
                (String::from_utf8_lossy(&bytes).into_owned(), result)
            }
        };
        match result {
            Ok(true) => {}
            Ok(false) => {
                passed_over += 1;
                continue;
            }
            Err(what) => tally.violation(format!("{kind:?} {text:?}"), what),
        }
        taken += 1;
    }
    let (what, passed) = match kind {
        Kind::Soup => ("soups", "soups refused"),
        Kind::Script => ("scripts", "scripts refused"),
        Kind::Name => ("names", "names refused"),
        Kind::File => ("files", "files refused"),
    };
    tally.count(what, taken);
    if passed_over > 0 {
        tally.count(passed, passed_over);
    }
}

/// A panic is a difference too.
fn held(check: impl FnOnce() -> Result<bool, String>) -> Result<bool, String> {
    catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|_| Err("it panics".to_owned()))
}

/// Holds where the statements of any text end against `sqlite3_complete`. `false` where that says nothing: SQLite stops
/// at a NUL; its parser takes `$x(a;b)` for one token, and so do we, but not `sqlite3_complete`; and the same goes for
/// `1.create`, which no statement can hold. The first two are refused in every migration.
pub fn check_splitter(text: &str) -> Result<bool, String> {
    let (ends, faults) = statement_ends(text);
    if text.contains('\0') || faults.contains(&Rule::BindParameter) || holds_a_number_with_a_word(text) {
        return Ok(false);
    }
    let mut expected = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(';') {
        let slice = text.get(start..=at).unwrap_or_default();
        if complete(&c_string(slice)) {
            if !is_empty(slice.trim_end_matches(';')) {
                expected.push(at + 1);
            }
            start = at + 1;
        }
    }
    // Without its `;` the last statement ends somewhere in the rest.
    let rest = text.get(start..).unwrap_or_default();
    let open = usize::from(!is_empty(rest));
    let (whole, last) = ends.split_at_checked(expected.len()).unwrap_or((&ends, &[]));
    let last_is_in_the_rest = last.iter().all(|&end| end > start && end <= text.len());
    if whole == expected && last.len() == open && last_is_in_the_rest {
        Ok(true)
    } else {
        Err(format!("cut at {ends:?}, and by SQLite at {expected:?} with {open} open"))
    }
}

/// Whether SQLite sees nothing but space and comments.
fn is_empty(text: &str) -> bool {
    // Alone they are no statement; after one they leave it complete, where the last comment ends.
    complete(&c_string(&format!(";{text}\n")))
}

fn holds_a_number_with_a_word(text: &str) -> bool {
    let belongs = |character: char| {
        character == '.'
            || character == '_'
            || character == '$'
            || !character.is_ascii()
            || character.is_ascii_alphanumeric()
    };
    text.split(|character| !belongs(character)).any(|run| {
        run.starts_with(|first: char| first.is_ascii_digit())
            && run
                .as_bytes()
                .windows(2)
                .any(|pair| matches!(pair, [b'.', letter] if letter.is_ascii_alphabetic()))
    })
}

fn c_string(text: &str) -> CString {
    CString::new(text).expect("there is no NUL in it")
}

/// Holds where the statements of a script end, all of which compile in their turn, against the parser's own tails.
pub fn check_script(memory: &Memory, script: &str) -> Result<(), String> {
    let result = tails(memory, script);
    // Whatever the script has done.
    while let Ok((_, true)) = memory.run_first(c"ROLLBACK") {}
    let expected = result?;
    let (mut ends, _) = statement_ends(script);
    // Without a `;` SQLite's tail is the end of the text.
    if expected.last() == Some(&script.len())
        && let Some(last) = ends.last_mut()
        && script.get(*last..).is_some_and(is_empty)
    {
        *last = script.len();
    }
    if ends == expected { Ok(()) } else { Err(format!("cut at {ends:?}, and by SQLite at {expected:?}")) }
}

fn tails(memory: &Memory, script: &str) -> Result<Vec<usize>, String> {
    let mut tails = Vec::new();
    let mut at = 0;
    memory.run_first(c"BEGIN")?;
    while at < script.len() {
        let rest = script.get(at..).ok_or("a tail is inside a character")?;
        let (length, statement) = memory.run_first(&c_string(rest))?;
        at += length;
        if statement {
            tails.push(at);
        }
    }
    Ok(tails)
}

/// Holds a file name against `^[0-9]+(_[a-z0-9]+)+\.sql$`, with a number that 64 bits can hold.
pub fn check_file_name(file_name: &str) -> Result<(), String> {
    let mut expected = None;
    let characters: Vec<char> = file_name.chars().collect();
    if let [stem @ .., '.', 's', 'q', 'l'] = characters.as_slice() {
        let words: Vec<&[char]> = stem.split(|&character| character == '_').collect();
        let digits = |word: &[char]| word.iter().all(char::is_ascii_digit);
        let plain = |word: &[char]| {
            !word.is_empty() && word.iter().all(|character| matches!(character, 'a'..='z' | '0'..='9'))
        };
        if let [version, name @ ..] = words.as_slice()
            && !name.is_empty()
            && plain(version)
            && digits(version)
            && name.iter().all(|word| plain(word))
        {
            let number = version.iter().try_fold(0_u64, |number, digit| {
                number.checked_mul(10)?.checked_add(digit.to_digit(10)?.into())
            });
            let version: String = version.iter().collect();
            let name = name.iter().map(|word| word.iter().collect()).collect::<Vec<String>>().join("_");
            expected = number.map(|number| (version, number, name));
        }
    }
    let found = file_name_parts(file_name);
    let found = found.map(|(version, number, name)| (version.to_owned(), number, name.to_owned()));
    if found == expected { Ok(()) } else { Err(format!("{found:?} is read, and {expected:?} is there")) }
}

/// Checks a folder of files: they are accepted and can be cut, or there are problems, each at a place that is there.
pub fn check_folder(files: &[(&str, &[u8])]) -> Result<(), String> {
    match check_files(files) {
        Ok(accepted) => {
            for (text, ends) in accepted {
                let ends: Vec<_> = ends.into_iter().filter_map(|end| usize::try_from(end).ok()).collect();
                if !ends.is_sorted() || ends.is_empty() || ends.iter().any(|&end| text.get(..end).is_none()) {
                    return Err(format!("{text:?} is accepted with statements that end at {ends:?}"));
                }
            }
            Ok(())
        }
        Err(problems) if problems.is_empty() => Err("it is refused without a problem".to_owned()),
        Err(problems) => {
            for problem in problems {
                let of_that_name = |name: &str| problem.file == format!("migrations/{name}");
                let mut texts = files.iter().filter(|(name, _)| of_that_name(name)).map(|(_, bytes)| *bytes);
                if problem.place.is_some() && !texts.any(|bytes| is_inside(&problem, bytes)) {
                    return Err(format!("there is no such place: {problem}"));
                }
            }
            Ok(())
        }
    }
}

/// Checks a text as a test of a migration: what is wrong with it is at a place that is there.
fn check_as_test(bytes: &[u8]) -> Result<(), String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Ok(()) };
    match check_test(text).into_iter().find(|problem| !is_inside(problem, bytes)) {
        Some(problem) => Err(format!("there is no such place: {problem}")),
        None => Ok(()),
    }
}

/// A problem that has a place is in this file.
fn is_inside(problem: &Problem, bytes: &[u8]) -> bool {
    let Some(place) = &problem.place else { return true };
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let line = text.split('\n').nth(place.line - 1);
    line.is_some_and(|line| (1..=line.chars().count() + 1).contains(&place.column))
}

/// What `sqlite3_complete` looks at.
const OFTEN: &[&str] = &[
    ";",
    ";",
    ";",
    ";",
    " ",
    " ",
    "\n",
    "CREATE ",
    "create ",
    "TRIGGER ",
    "trigger ",
    "BEGIN ",
    "END",
    "END ",
    ";END;",
    "; end ;",
    "CASE ",
    "EXPLAIN ",
    "explain ",
    "TEMP ",
    "TEMPORARY ",
    "temp ",
    "CREATE TRIGGER ",
    "CREATE TEMP TRIGGER ",
    "QUERY PLAN ",
    "a ",
    "SELECT ",
];

const SELDOM: &[&str] = &[
    "'",
    "\"",
    "`",
    "[",
    "]",
    "''",
    "'a;b'",
    "\"c;\"\"\"",
    "`;`",
    "[;]",
    "--",
    "-- ;\n",
    "-- migrate: given\n",
    "-- migrate: expect\n",
    "-- migrate: allow(loses-rows): so\n",
    "-- migrate: allow(fails-with-nulls, bare-default): so\n",
    "-- migrate: not-rehearsed: so\n",
    "-- migrate:",
    "/*",
    "*/",
    "/* ; */",
    "/*/",
    "/",
    "*",
    "-",
    "->>",
    "\t",
    "\r",
    "\u{c}",
    "\u{b}",
    "\r\n",
    "\u{a0}",
    "\u{feff}",
    "\u{200b}",
    "é",
    "𝄞",
    "0",
    "1.5",
    "1e",
    ".",
    ".5",
    "$x(a;b)",
    "$",
    "?",
    "?1",
    ":a",
    "@",
    "#",
    ":",
    "::",
    "x'00'",
    "_",
    "end_",
    "_create",
    "trigger1",
    "(",
    ")",
    ",",
    "=",
    "!",
    "|",
    "||",
    "\\",
    "{",
    "}",
    "~",
    "%",
    "&",
    "\u{1}",
    "\u{7f}",
    "END\u{a0}",
    "éEND",
];

fn soup(chance: &mut fastrand::Rng) -> String {
    let mut text = String::new();
    for _ in 0..chance.u8(2..24) {
        let pieces = if chance.u8(..5) == 0 { SELDOM } else { OFTEN };
        text.push_str(pieces.get(chance.usize(..pieces.len())).copied().unwrap_or_default());
    }
    text
}

/// A script whose statements all compile and run, in their order.
struct Script<'a> {
    text: String,
    chance: &'a mut fastrand::Rng,
    tables: Vec<String>,
    names: usize,
}

/// `T` is a table that is there, `N` a new name, `E` an expression, `S` a string.
const STATEMENTS: &[&str] = &[
    "INSERT INTO T ( a , b ) VALUES ( E , S )",
    "INSERT INTO T ( a ) SELECT E WHERE S IS NOT NULL",
    "UPDATE T SET a = E , b = S WHERE a IS E",
    "DELETE FROM T WHERE a = E",
    "SELECT E , S FROM T ORDER BY a",
    "REPLACE INTO T ( a , b ) VALUES ( S , E )",
];

const DEFINITIONS: &[&str] = &[
    "CREATE VIEW N AS SELECT E AS x FROM T",
    "CREATE TEMP VIEW N AS SELECT S AS x",
    "CREATE INDEX N ON T ( a , b ) WHERE a > 1",
    "CREATE UNIQUE INDEX IF NOT EXISTS N ON T ( a , b , rowid_ ) WHERE a = S",
    "CREATE TEMPORARY TABLE N ( a DEFAULT S , b CHECK ( b IS NOT S ) )",
    "DROP TABLE IF EXISTS N",
    "SAVEPOINT N",
    "EXPLAIN CREATE TABLE N ( a )",
    "EXPLAIN QUERY PLAN SELECT E FROM T",
    "WITH N AS ( SELECT 1 ) SELECT S",
    "PRAGMA user_version = 7",
    "VALUES ( E ) , ( S )",
];

const TRIGGERS: &[&str] = &[
    "CREATE TRIGGER N AFTER INSERT ON T BEGIN",
    "CREATE TRIGGER IF NOT EXISTS N BEFORE UPDATE OF a ON T FOR EACH ROW WHEN E BEGIN",
    "CREATE TEMP TRIGGER N AFTER DELETE ON T WHEN S BEGIN",
    "CREATE TEMPORARY TRIGGER N AFTER UPDATE ON T BEGIN",
    "EXPLAIN CREATE TRIGGER N AFTER INSERT ON T BEGIN",
    "EXPLAIN QUERY PLAN CREATE TRIGGER N AFTER INSERT ON T BEGIN",
];

const EXPRESSIONS: &[&str] = &[
    "1",
    "1.5e-3",
    "CASE WHEN 1 THEN 2 ELSE 3 END",
    "CASE S WHEN S THEN 1 END",
    "( SELECT CASE WHEN 0 THEN S END )",
    "x'3B'",
    "- 1 / 2",
    "S || S",
    "'{\"a\":1}' ->> '$.a;'",
];

const STRINGS: &[&str] = &[
    "'a'",
    "';'",
    "'; END;'",
    "'it''s;'",
    "'-- '",
    "'/* '",
    "''",
    "'\n;'",
    "'\"'",
    "'größe; \u{a0}'",
    "''';'",
];

/// Names around a number. Some of the last are keywords that SQLite takes for names where it can.
const NAMES: &[&str] =
    &["t#", "\"create #;\"", "[end #;]", "`trigger; #`", "end_#", "explain#", "\"a\"\"; #\"", "größe#"];
const KEYWORDS: &[&str] = &["end", "trigger", "explain", "temp", "begin", "Temporary", "query", "plan"];

const GAPS: &[&str] =
    &[" ", " ", " ", " ", "\n", "\t ", "/* ; */", " -- END;\n", " /* '\" */\n", "\r\n", "\u{c}", "/**/"];

impl<'a> Script<'a> {
    fn new(chance: &'a mut fastrand::Rng) -> Self {
        let mut script = Self { text: String::new(), chance, tables: Vec::new(), names: 0 };
        script.create_table();
        for _ in 0..script.chance.u8(1..4) {
            script.end();
            script.statement();
        }
        match script.chance.u8(..4) {
            0 => {}
            1 => script.gap(),
            _ => script.end(),
        }
        script
    }

    fn statement(&mut self) {
        match self.chance.u8(..8) {
            0 => self.create_table(),
            1 | 2 => self.trigger(),
            3 | 4 => self.template(DEFINITIONS),
            5 => {
                self.template(&["EXPLAIN", "EXPLAIN QUERY PLAN"]);
                self.template(STATEMENTS);
            }
            _ => self.template(STATEMENTS),
        }
    }

    fn create_table(&mut self) {
        self.template(&["CREATE TABLE"]);
        let name = self.name();
        self.put(&name);
        self.template(&["( a , b DEFAULT S , rowid_ )"]);
        self.tables.push(name);
    }

    fn trigger(&mut self) {
        self.template(TRIGGERS);
        for _ in 0..=self.chance.u8(..2) {
            self.template(STATEMENTS);
            self.put(";");
        }
        self.template(&["END"]);
    }

    fn end(&mut self) {
        self.put(";");
        if self.chance.u8(..6) == 0 {
            self.put(";");
        }
    }

    /// One of the templates.
    fn template(&mut self, templates: &[&str]) {
        for token in one_of(templates, self.chance).split(' ') {
            match token {
                "T" => {
                    let table = self.chance.choice(&self.tables).cloned().unwrap_or_default();
                    self.put(&table);
                }
                "N" => {
                    let name = self.name();
                    self.put(&name);
                }
                "E" => self.template(EXPRESSIONS),
                "S" => {
                    let string = one_of(STRINGS, self.chance);
                    self.put(string);
                }
                _ if self.chance.u8(..4) == 0 && !token.starts_with('\'') => {
                    self.put(&token.to_ascii_lowercase())
                }
                _ => self.put(token),
            }
        }
    }

    fn name(&mut self) -> String {
        self.names += 1;
        if self.chance.u8(..4) == 0
            && let Some(keyword) = KEYWORDS.get(self.names)
        {
            return (*keyword).to_owned();
        }
        one_of(NAMES, self.chance).replace('#', &self.names.to_string())
    }

    fn put(&mut self, token: &str) {
        self.gap();
        self.text.push_str(token);
    }

    fn gap(&mut self) {
        let gap = one_of(GAPS, self.chance);
        self.text.push_str(gap);
    }
}

fn one_of<'a>(all: &[&'a str], chance: &mut fastrand::Rng) -> &'a str {
    all.get(chance.usize(..all.len())).copied().unwrap_or_default()
}

fn file_name(chance: &mut fastrand::Rng) -> String {
    const PIECES: &[&str] = &[
        "0",
        "00",
        "1",
        "17",
        "999999999",
        "18446744073709551615",
        "18446744073709551616",
        "_",
        "_",
        "_",
        "a",
        "create",
        "x2",
        "A",
        "é",
        "٣",
        "-",
        "+",
        " ",
        ".",
        ".sql",
        ".sql",
        ".SQL",
        "sql",
        "\0",
        "/",
        "\u{a0}",
        "__",
    ];
    let mut name = String::new();
    if chance.bool() {
        name.push_str(one_of(&["0", "001", "12", "99999999999999999999", ""], chance));
        name.push('_');
    }
    for _ in 0..chance.u8(..6) {
        name.push_str(one_of(PIECES, chance));
    }
    if chance.u8(..4) != 0 {
        name.push_str(".sql");
    }
    name
}

/// A first file that is as it should be, before one that need not be.
pub fn after_a_first(bytes: &[u8]) -> Vec<(&'static str, &[u8])> {
    const FIRST: &str = "BEGIN; CREATE TABLE t (version TEXT PRIMARY KEY, name TEXT NOT NULL); \
                         INSERT INTO t (version, name) VALUES ('000', 'first'); COMMIT;";
    vec![("000_first.sql", FIRST.as_bytes()), ("001_b.sql", bytes)]
}

/// A file that chance has been at.
fn file(chance: &mut fastrand::Rng) -> Vec<u8> {
    let mut text = match chance.u8(..8) {
        0 | 1 => {
            let file = LADDER.iter().nth(chance.usize(..LADDER.len()));
            file.map(|migration| migration.sql().to_owned()).unwrap_or_default()
        }
        2 | 3 => Script::new(chance).text,
        _ => soup(chance),
    };
    if chance.u8(..4) != 0 {
        let start = one_of(
            &["BEGIN;", "BEGIN IMMEDIATE;", "PRAGMA foreign_keys = OFF; BEGIN;", "-- migrate: allow("],
            chance,
        );
        let record = one_of(&["INSERT INTO t VALUES ('001', 'b')", "INSERT INTO t", "", ";"], chance);
        let end = one_of(&["COMMIT;", "COMMIT", "END; PRAGMA foreign_keys = ON;", "ROLLBACK;"], chance);
        text = format!("{start} {text} {record}; {end}");
    }
    let mut bytes = text.into_bytes();
    for _ in 0..chance.u8(..4) {
        change(&mut bytes, chance);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, chance: &mut fastrand::Rng) {
    let at = chance.usize(..=bytes.len());
    let to = (at + chance.usize(..20)).min(bytes.len());
    match chance.u8(..4) {
        0 => {
            bytes.drain(at..to);
        }
        1 => {
            let piece = one_of(SELDOM, chance).bytes();
            bytes.splice(at..at, piece);
        }
        2 => {
            let piece = bytes.get(at..to).unwrap_or_default().to_vec();
            let other = chance.usize(..=bytes.len());
            bytes.splice(other..other, piece);
        }
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = chance.u8(..);
            }
        }
    }
}
