//! The real compiler on small crates: where the macro may stand, what makes it run again, and what ends up in
//! the program. Every crate is written here, and compiled into the target folder of this workspace.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use crate::crates::{self, Crate, TRACKING_TABLE, succeeded};

/// A program that migrates a database in memory, and prints what it has applied.
const PROGRAM: &str = r#"
static MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!();

fn main() -> Result<(), embed_migrations::Error> {
    let mut conn = embed_migrations::rusqlite::Connection::open_in_memory().expect("SQLite opens");
    for migration in MIGRATIONS.run(&mut conn)?.applied() {
        println!("{} {}", migration.file_name(), migration.sql().len());
    }
    Ok(())
}
"#;

const PLACES: &str = r#"
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]
#![allow(dead_code, non_camel_case_types, unused_macros)]
//! Every place where the macro may stand, among names that its expansion must not trip over.

use db::{Migrations as Embedded, rusqlite::Connection};

mod core {}
mod std {}
mod embed_migrations {}
struct Option;
struct Some;
struct None;
struct Migrations;
struct Migration;
struct Set;
struct SET;
struct u8;
struct bool;
struct str;
macro_rules! include_bytes { () => {} }
macro_rules! concat { () => {} }
macro_rules! env { () => {} }
macro_rules! cfg { () => {} }

static MIGRATIONS: Embedded = db::embed_migrations!();
const CONST: Embedded = db::embed_migrations!("migrations");
static FOLDER: Embedded = db::embed_migrations!("db/other");
static OUTSIDE: Embedded = db::embed_migrations!("../shared/");
static BRACES: Embedded = db::embed_migrations! {};
static OPTIONS: Embedded = db::embed_migrations!["migrations", functions = ["own/1",], collations = [],];

mod inner {
    pub(super) mod deeper {
        use db::embed_migrations;
        pub(crate) static MIGRATIONS: db::Migrations = embed_migrations!();
    }
}

db::checked_sql! { sql }
db::checked_sql! { other_sql, "db/other", functions = ["own/1"] }

/// SQL of the application, checked among these names.
fn checked() {
    let _ = sql!("SELECT version FROM schema_migrations");
    let _ = other_sql!("SELECT own(version) FROM schema_migrations");
}

struct Store;

impl Store {
    const MIGRATIONS: Embedded = db::embed_migrations!("db/other");
}

macro_rules! mine {
    ($folder:literal) => {
        db::embed_migrations!($folder)
    };
}

fn generic<T: Default>(_: T) -> Embedded {
    db::embed_migrations!()
}

fn everywhere<T: Send + Sync + Copy + 'static>(_: T) {}

fn main() {
    static LOCAL: Embedded = db::embed_migrations!();
    let closure = || db::embed_migrations!("../shared");
    let mut conn = Connection::open_in_memory().expect("SQLite opens");
    assert_eq!(db::embed_migrations!().run(&mut conn).expect("it migrates").applied().len(), 2);
    everywhere(MIGRATIONS);
    let all = [
        MIGRATIONS,
        CONST,
        FOLDER,
        OUTSIDE,
        BRACES,
        OPTIONS,
        inner::deeper::MIGRATIONS,
        Store::MIGRATIONS,
        mine!("db/other"),
        generic(0),
        LOCAL,
        closure(),
    ];
    for migrations in all {
        let mut conn = Connection::open_in_memory().expect("SQLite opens");
        migrations.run(&mut conn).expect("it migrates");
        println!("{}", migrations.latest().file_name());
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_test_embeds_its_own() {
        let mut conn = db::rusqlite::Connection::open_in_memory().expect("SQLite opens");
        let migrations = db::embed_migrations!();
        assert_eq!(migrations.run(&mut conn).expect("it migrates").applied().len(), 2);
    }
}
"#;

#[test]
fn the_macro_may_stand_wherever_an_expression_may() {
    let places = Crate::new("embedding-places", "db");
    places.migration("../shared/000_first.sql", TRACKING_TABLE);
    places.migration("migrations/000_first.sql", TRACKING_TABLE);
    places.migration("db/001_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY);");
    link(&places.path("db/001_users.sql"), &places.path("migrations/001_users.sql"));
    places.migration("db/other/0_other.sql", TRACKING_TABLE);
    places.write("src/main.rs", PLACES);
    assert_eq!(
        places.run().lines().collect::<Vec<_>>(),
        [
            "001_users.sql",
            "001_users.sql",
            "0_other.sql",
            "000_first.sql",
            "001_users.sql",
            "001_users.sql",
            "001_users.sql",
            "0_other.sql",
            "0_other.sql",
            "001_users.sql",
            "001_users.sql",
            "000_first.sql",
        ]
    );
    assert!(succeeded(&places.cargo(&["test"])).contains("1 passed"));
}

/// A symlink that stays in the package, where there are any.
fn link(to: &Path, at: &Path) {
    #[cfg(unix)]
    std::os::unix::fs::symlink(to, at).expect("the link can be made");
    #[cfg(not(unix))]
    std::fs::copy(to, at).expect("the file can be copied");
}

#[test]
fn a_change_of_the_folder_is_noticed() {
    let crate_ = Crate::new("embedding-changes", "embed-migrations");
    crate_.write("src/main.rs", PROGRAM);
    crate_.migration("migrations/000_first.sql", TRACKING_TABLE);
    crate_.migration("migrations/001_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY);");
    let names = |output: String| -> Vec<String> {
        output.lines().filter_map(|line| Some(line.split_once(' ')?.0.to_owned())).collect()
    };
    let before = crate_.run();
    assert_eq!(names(before.clone()), ["000_first.sql", "001_users.sql"]);

    // An edited one.
    crate_.migration("migrations/001_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);");
    let after = crate_.run();
    assert_ne!(after, before);
    assert_eq!(names(after), ["000_first.sql", "001_users.sql"]);

    // A renamed one, which is one removed and one added.
    crate_.remove("migrations/001_users.sql");
    crate_.migration("migrations/001_people.sql", "CREATE TABLE people (id INTEGER PRIMARY KEY);");
    assert_eq!(names(crate_.run()), ["000_first.sql", "001_people.sql"]);

    // The last one removed.
    crate_.remove("migrations/001_people.sql");
    assert_eq!(names(crate_.run()), ["000_first.sql"]);

    // An added one: nothing tells the compiler, so the program does.
    crate_.migration("migrations/001_late.sql", "CREATE TABLE late (id INTEGER PRIMARY KEY);");
    let refused = crate_.cargo(&["run"]);
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success(), "a debug build without 001_late.sql has run");
    for part in ["001_late.sql", "build.rs", "cargo::rerun-if-changed="] {
        assert!(told.contains(part), "`{part}` is missing in: {told}");
    }

    // With the one line in build.rs, it is noticed, and so is the next.
    crate_.write("build.rs", "fn main() { println!(\"cargo::rerun-if-changed=migrations\"); }\n");
    assert_eq!(names(crate_.run()), ["000_first.sql", "001_late.sql"]);
    crate_.migration("migrations/002_later.sql", "CREATE TABLE later (id INTEGER PRIMARY KEY);");
    assert_eq!(names(crate_.run()), ["000_first.sql", "001_late.sql", "002_later.sql"]);

    // What is no migration does not count.
    crate_.write("migrations/README.md", "# Notes\n");
    crate_.write("migrations/.003_draft.sql.swp", "x");
    assert_eq!(names(crate_.run()).len(), 3);
}

#[test]
fn a_change_of_the_lock_is_noticed() {
    let crate_ = Crate::new("embedding-lock", "embed-migrations");
    crate_.write("src/main.rs", PROGRAM);
    let (first, users) = ("migrations/000_first.sql", "migrations/001_users.sql");
    crate_.migration(first, TRACKING_TABLE);
    crate_.migration(users, "CREATE TABLE users (id INTEGER PRIMARY KEY);");
    crate_.migration("migrations/002_name.sql", "ALTER TABLE users ADD COLUMN name TEXT NOT NULL;");
    let line = |path: &str| crates::lock_line(&crate_.path(path));
    let judged = |rules: &[&str]| {
        let errors = crate_.errors();
        assert_eq!(errors.len(), rules.len(), "{errors:#?}");
        for (error, rule) in errors.iter().zip(rules) {
            assert!(error.contains(&format!("[{rule}]")), "{rule} is not what {error} says");
        }
    };
    crate_.write("migrations/migrations.lock", line(first) + &line(users));
    judged(&["fails-with-rows"]);

    // A file that ships with its hazard, which nobody can mend any more.
    let all = line(first) + &line(users) + &line("migrations/002_name.sql");
    crate_.write("migrations/migrations.lock", &all);
    judged(&[]);

    // Only the lock has changed, and then only the file.
    crate_.write("migrations/migrations.lock", all.replace("001_users", "001_people"));
    judged(&["locked-file-changed"]);
    crate_.write("migrations/migrations.lock", &all);
    judged(&[]);
    crate_.migration(users, "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);");
    judged(&["locked-file-changed"]);
    crate_.migration(users, "-- Whoever signs up.\nCREATE TABLE users (id INTEGER PRIMARY KEY); -- No more.");
    judged(&[]);

    // Without the lock it is judged again.
    crate_.remove("migrations/migrations.lock");
    judged(&["fails-with-rows"]);
}

#[test]
fn each_broken_file_is_one_error_that_goes_when_it_is_mended() {
    let crate_ = Crate::new("embedding-errors", "embed-migrations");
    crate_.write("src/main.rs", PROGRAM);
    crate_.migration("migrations/000_first.sql", TRACKING_TABLE);
    crate_.migration("migrations/001_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY);");
    crate_.write("migrations/002_no_record.sql", "BEGIN;\nCOMMIT;\n");
    crate_.write("migrations/003_no_commit.sql", "BEGIN;\n");
    crate_.migration("migrations/004_typo.sql", "ALTER TABLE usres ADD COLUMN bio TEXT;");
    crate_.migration("migrations/005_echo.sql", "INSERT INTO users (bio) VALUES ('x');");
    crate_.migration("migrations/006_pragma.sql", "PRAGMA journal_mode = WAL;");
    crate_.write("migrations/007_latin.sql", b"-- gr\xf6\xdfe");
    let files = |errors: &[String]| -> Vec<String> {
        let place = |error: &String| Some(error.strip_prefix("migrations/")?.split_once(": ")?.0.to_owned());
        errors.iter().map(|error| place(error).unwrap_or_else(|| error.clone())).collect()
    };
    let errors = crate_.errors();
    assert_eq!(
        files(&errors),
        [
            "002_no_record.sql:2:1",
            "003_no_commit.sql:1:1",
            "004_typo.sql:2:13",
            "006_pragma.sql:2:8",
            "007_latin.sql"
        ],
        "{errors:#?}"
    );

    // Mended one after the other, they go one after the other, and what was an echo has its turn.
    crate_.migration("migrations/002_no_record.sql", "");
    crate_.migration("migrations/003_no_commit.sql", "");
    crate_.remove("migrations/006_pragma.sql");
    crate_.remove("migrations/007_latin.sql");
    assert_eq!(files(&crate_.errors()), ["004_typo.sql:2:13"]);
    crate_.migration("migrations/004_typo.sql", "ALTER TABLE users ADD COLUMN name TEXT;");
    assert_eq!(files(&crate_.errors()), ["005_echo.sql:2:20"]);
    crate_.migration("migrations/004_typo.sql", "ALTER TABLE users ADD COLUMN bio TEXT;");
    assert_eq!(crate_.errors(), [""; 0]);

    // A folder that goes altogether, and comes back.
    std::fs::rename(crate_.path("migrations"), crate_.path("gone")).expect("it can be renamed");
    let errors = crate_.errors();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    std::fs::rename(crate_.path("gone"), crate_.path("migrations")).expect("it can be renamed");
    assert_eq!(crate_.errors(), [""; 0]);
}

#[test]
fn a_release_holds_no_path_of_this_machine_and_reads_none() {
    let crate_ = Crate::new("embedding-release", "embed-migrations");
    crate_.write("src/main.rs", PROGRAM);
    crate_.migration("migrations/000_first.sql", TRACKING_TABLE);
    // Ten MiB, and a name as long as most file systems allow.
    let mut rows = String::from("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT);\n");
    while rows.len() < 10 << 20 {
        let text = "größe; ".repeat(100);
        writeln!(rows, "INSERT INTO rows (text) VALUES ('{text}'), ('{text}');").expect("a String grows");
    }
    let long = format!("001_{}.sql", "long_".repeat(48) + "name12");
    assert!(long.len() > 250 && rows.len() > 10 << 20);
    crate_.migration(&format!("migrations/{long}"), &rows);
    succeeded(&crate_.cargo(&["build", "--release"]));

    let program = std::fs::read(crate_.program("release")).expect("the program is built");
    let holds = |text: &str| program.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT);"), "the file is not embedded");
    let folder = crate_.path("migrations");
    let folder = folder.parent().and_then(|folder| folder.to_str()).expect("paths here are UTF-8");
    assert!(!holds(folder), "{folder} is in the program");
    let package = crates::package().to_str().expect("paths here are UTF-8");
    assert!(!holds(package), "{package} is in the program");
    // SQL of the host's rehearsal has no business in a program.
    assert!(!holds("the rehearsal cannot run"), "the rehearsal is in the program");

    // A new file, and then none at all, are nothing to it.
    let run = || succeeded(&Command::new(crate_.program("release")).output().expect("it starts"));
    let names = ["000_first.sql", long.as_str()];
    let before = run();
    assert!(before.lines().zip(names).all(|(line, name)| line.starts_with(name)), "{before}");
    assert_eq!(before.lines().count(), 2);
    crate_.migration("migrations/002_late.sql", "CREATE TABLE late (id INTEGER PRIMARY KEY);");
    assert_eq!(run(), before);
    std::fs::remove_dir_all(crate_.path("migrations")).expect("the folder can be removed");
    assert_eq!(run(), before);
}

#[test]
fn what_a_compilation_leaves_behind_is_never_taken_for_another_folder() {
    let program = Crate::new("proofs", "embed-migrations");
    program.write("build.rs", "fn main() { println!(\"cargo::rerun-if-changed=migrations\"); }");
    program.write(
        "src/main.rs",
        "static M: embed_migrations::Migrations = embed_migrations::embed_migrations!();
         fn main() { print!(\"{}\", M.latest().sql()); }",
    );
    program.migration("migrations/000_create_schema_migrations.sql", TRACKING_TABLE);
    program.migration("migrations/001_create_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY);");
    let built = || program.cargo(&["run"]);
    let text = |name: &str| std::fs::read_to_string(program.path(name)).expect("it was written");
    for round in 0..2 {
        assert_eq!(crates::succeeded(&built()), text("migrations/001_create_users.sql"), "{round}");
        // Otherwise nothing would be compiled the second time.
        program.write("src/main.rs", text("src/main.rs") + "\n");
    }
    program
        .migration("migrations/001_create_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY) STICT;");
    let told = String::from_utf8(built().stderr).expect("it is text");
    assert!(told.contains("001_create_users.sql:2:45: unknown table option: STICT [sql-error]"), "{told}");
    program.migration("migrations/001_create_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY);");
    program.migration("migrations/002_add_name.sql", "ALTER TABLE usres ADD COLUMN name TEXT;");
    let told = String::from_utf8(built().stderr).expect("it is text");
    assert!(told.contains("002_add_name.sql:2:13: no such table: usres [sql-error]"), "{told}");
    program.migration("migrations/002_add_name.sql", "ALTER TABLE users ADD COLUMN name TEXT NOT NULL;");
    let told = String::from_utf8(built().stderr).expect("it is text");
    assert!(told.contains("[fails-with-rows]"), "{told}");
    program.migration("migrations/002_add_name.sql", "ALTER TABLE users ADD COLUMN name TEXT;");
    assert_eq!(crates::succeeded(&built()), text("migrations/002_add_name.sql"));
    program.write("migrations/migrations.lock", format!("{}  001_create_users.sql\n", "0".repeat(64)));
    let told = String::from_utf8(built().stderr).expect("it is text");
    assert!(told.contains("[locked-file-changed]"), "{told}");
    program.remove("migrations/migrations.lock");
    program.remove("migrations/002_add_name.sql");
    assert_eq!(crates::succeeded(&built()), text("migrations/001_create_users.sql"));
}

#[test]
fn an_edit_of_the_newest_file_goes_on_from_what_was_kept_of_those_before() {
    let program = Crate::new("progress", "embed-migrations");
    program.write("build.rs", "fn main() { println!(\"cargo::rerun-if-changed=migrations\"); }");
    program.write(
        "src/main.rs",
        "static M: embed_migrations::Migrations = embed_migrations::embed_migrations!();
         embed_migrations::checked_sql! { sql }
         fn main() { println!(\"{}\\n{}\", env!(\"OUT_DIR\"), sql!(\"SELECT a FROM t1\")); }",
    );
    program.migration("migrations/000_create_schema_migrations.sql", TRACKING_TABLE);
    for number in 1..20 {
        program.migration(
            &format!("migrations/{number:03}_create.sql"),
            &format!("CREATE TABLE t{number} (id INTEGER PRIMARY KEY, a TEXT);"),
        );
    }
    let built = || program.cargo(&["run"]);
    let printed = crates::succeeded(&built());
    let home = Path::new(printed.lines().next().expect("a folder")).to_owned();
    for kind in ["progress", "proof", "schema-progress", "schema"] {
        let kept =
            crates::names(&home, false).iter().filter(|name| name.ends_with(&format!(".{kind}"))).count();
        assert_eq!(kept, 1, "{kind}");
    }
    for (statements, message) in [
        ("ALTER TABLE t1 ADD COLUMN b TEXT NOT NULL;", "019_create.sql:2:1: Cannot add a NOT NULL column"),
        ("ALTER TABLE t1 RENAME COLUMN a TO b;", "1:8: no such column: a"),
        ("ALTER TABLE t20 ADD COLUMN b TEXT;", "019_create.sql:2:13: no such table: t20 [sql-error]"),
    ] {
        program.migration("migrations/019_create.sql", statements);
        let told = String::from_utf8(built().stderr).expect("it is text");
        assert!(told.contains(message), "{told}");
    }
    program.migration("migrations/019_create.sql", "ALTER TABLE t1 ADD COLUMN b TEXT;");
    assert_eq!(crates::succeeded(&built()), printed);
}
