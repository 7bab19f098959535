//! `check`, `explain`, and which package and folder are meant.

use embed_migrations_core::__build::{Args, embed};
use embed_migrations_core::Rule;
use insta::assert_snapshot;

use crate::package::Package;

fn broken() -> Package {
    Package::with(&[
        ("001_create_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY, größe TEXT);"),
        (
            "002_add_bio.sql",
            "ALTER TABLE users ADD COLUMN größe_2 TEXT; ALTER TABLE usres ADD COLUMN bio TEXT;",
        ),
        ("004_gap.sql", "SELECT 1;"),
    ])
}

#[test]
fn what_is_wrong_is_shown_with_the_line_that_it_is_in() {
    let package = broken();
    assert_snapshot!(package.finds(&["check"]), @r"
    error[sql-error]: no such table: usres
     --> migrations/002_add_bio.sql:2:56
      |
    2 | ALTER TABLE users ADD COLUMN größe_2 TEXT; ALTER TABLE usres ADD COLUMN bio TEXT;
      |                                                        ^^^^^

    error[missing-version]: version 003 is missing between 002_add_bio.sql and 004_gap.sql; the next file after 002_add_bio.sql is 003_….sql
    --> migrations/004_gap.sql:1:1

    2 problems: 4 migrations in migrations; more about one: cargo migrate explain sql-error
    ");
}

#[test]
fn what_is_right_is_said_to_be() {
    let package = Package::with(&[("001_create_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY);")]);
    assert_snapshot!(package.succeeds(&["check"]), @"fine: 2 migrations in migrations");
    // As cargo calls it.
    assert_snapshot!(package.succeeds(&["migrate", "check"]), @"fine: 2 migrations in migrations");
}

#[test]
fn a_program_reads_the_same_as_json() {
    let json: serde_json::Value =
        serde_json::from_str(&broken().finds(&["check", "--format", "json"])).unwrap();
    assert_eq!(json["folders"][0]["migrations"], 4);
    let first = &json["folders"][0]["findings"][0];
    assert_eq!(first["file"], "migrations/002_add_bio.sql");
    assert_eq!((&first["line"], &first["column"], &first["end_column"]), (&2.into(), &56.into(), &61.into()));
    assert_eq!((&first["rule"], &first["hazard"]), (&"sql-error".into(), &false.into()));
}

#[test]
fn a_pull_request_gets_annotations() {
    let package = broken();
    let mut command = package.command_in("migrations", &["check", "--format", "github"]);
    let ran = package.ran(command.env("GITHUB_WORKSPACE", package.path("")).output().unwrap());
    assert_eq!(ran.code, Some(1));
    assert_snapshot!(ran.out, @r"
    ::error file=migrations/002_add_bio.sql,line=2,col=56,endColumn=61,title=sql-error::no such table: usres
    ::error file=migrations/004_gap.sql,title=missing-version::version 003 is missing between 002_add_bio.sql and 004_gap.sql; the next file after 002_add_bio.sql is 003_….sql
    ");
}

/// The reader is the one that others read cargo with.
#[test]
fn a_reader_of_cargos_messages_finds_the_place_in_the_sql_file() {
    use cargo_metadata::Message;
    use cargo_metadata::diagnostic::DiagnosticLevel;

    let package = broken();
    // Places are counted without a byte-order mark and without CR, and bytes with them.
    let text = package.read("migrations/002_add_bio.sql").replace('\n', "\r\n");
    package.write("migrations/002_add_bio.sql", &format!("\u{feff}{text}"));
    let printed = package.finds(&["check", "--format", "cargo"]);
    let messages: Vec<Message> =
        Message::parse_stream(printed.as_bytes()).collect::<Result<_, _>>().expect("cargo's own format");
    let [Message::CompilerMessage(error), Message::CompilerMessage(gap), Message::BuildFinished(end)] =
        messages.as_slice()
    else {
        panic!("{messages:?}")
    };
    assert!(!end.success);
    assert_eq!((error.target.name.as_str(), error.message.level), ("shop", DiagnosticLevel::Error));
    assert_eq!(error.message.code.as_ref().map(|code| code.code.as_str()), Some("sql-error"));
    let span = &error.message.spans[0];
    assert_eq!(
        (span.file_name.as_str(), span.line_start, span.column_start, span.column_end, span.is_primary),
        ("migrations/002_add_bio.sql", 2, 56, 61, true)
    );
    let bytes = std::fs::read(package.path(&span.file_name)).unwrap();
    assert_eq!(&bytes[span.byte_start as usize..span.byte_end as usize], b"usres");
    assert_eq!(gap.message.spans[0].file_name, "migrations/004_gap.sql");
    package.write("migrations/002_add_bio.sql", "\u{feff}BEGIN; ALTER TABLE größer ADD a;\r\nCOMMIT;");
    let printed = package.finds(&["check", "--format", "cargo"]);
    let first =
        Message::parse_stream(printed.as_bytes()).next().expect("a message").expect("cargo's own format");
    let Message::CompilerMessage(first) = first else { panic!("{first:?}") };
    let span = &first.message.spans[0];
    let bytes = std::fs::read(package.path(&span.file_name)).unwrap();
    let meant = &bytes[span.byte_start as usize..span.byte_end as usize];
    assert_eq!(String::from_utf8_lossy(meant), "größer", "{span:?}");
    assert!(error.message.rendered.as_ref().is_some_and(|shown| shown.contains("^^^^^")));
}

#[test]
fn what_the_compiler_is_given_is_found_in_the_sources() {
    let package =
        Package::with(&[("001_a.sql", "CREATE TABLE a (b TEXT COLLATE nocase_utf8 DEFAULT (own(1)));")]);
    assert!(package.finds(&["check"]).contains("[sql-error]"));
    package.embeds("functions = [\"own/1\"], collations = [\"nocase_utf8\"]");
    package.succeeds(&["check"]);

    // Those of tests are left out where the program has its own, and looked at where it has none.
    package.write("tests/it.rs", "static M: X = embed_migrations!(\"tests/missing\");");
    package.succeeds(&["check"]);
    package.write("src/main.rs", "fn main() {}");
    assert!(package.finds(&["check"]).contains("tests/missing"));

    package.embeds("functions = 1");
    assert_snapshot!(package.fails(&["check"]), @"error: src/main.rs:1: embed_migrations! takes a folder, functions = [\"name/2\"], collations = [\"name\"], modules = [\"name\"], steps = [path::to::function], compatible = true and replicated = true");
}

#[test]
fn every_folder_of_a_package_is_checked_and_one_can_be_named() {
    let package = Package::with(&[]);
    package.write(
        "src/main.rs",
        "static A: X = embed_migrations!();\nmod b { static B: X = embed_migrations!(\"jobs/\"); }",
    );
    package.write("jobs/000_create_jobs.sql", "SELECT 1;");
    let found = package.finds(&["check"]);
    assert!(found.contains("fine: 1 migration in migrations"), "{found}");
    assert!(found.contains("problems: 1 migration in jobs"), "{found}");
    package.succeeds(&["check", "--folder", "migrations/"]);
    assert_snapshot!(package.fails(&["new", "x"]), @"error: the package embeds several folders (migrations, jobs); choose one with --folder");
}

#[test]
fn a_member_of_a_workspace_is_meant_by_its_name() {
    let package = Package::empty();
    package.write("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\nresolver = \"3\"\n");
    for name in ["a", "b"] {
        package.write(
            &format!("{name}/Cargo.toml"),
            &format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\n"),
        );
        package.write(&format!("{name}/src/lib.rs"), "static M: X = embed_migrations!(\"db\");");
    }
    package.succeeds(&["init", "-p", "b"]);
    assert_eq!(package.names("b/db"), ["000_create_schema_migrations.sql"]);
    package.succeeds(&["check", "-p", "b"]);
    assert!(package.finds(&["check", "-p", "a"]).contains("a/db"));
    assert_snapshot!(package.fails(&["check"]), @"error: [package]/Cargo.toml: this is a workspace without a package of its own; name a member with -p, or work in its folder");
    assert_snapshot!(package.fails(&["check", "-p", "c"]), @"error: there is no package `c` in this workspace; it has a, b");
    // From anywhere in it, and by its manifest.
    let ran = package.command_in("b/db", &["check"]).output().unwrap();
    assert_eq!(ran.status.code(), Some(0));
    package.succeeds(&["check", "--manifest-path", "b/Cargo.toml"]);
}

#[test]
fn a_command_outside_of_a_package_says_where_it_has_looked() {
    let nowhere = tempfile::tempdir().unwrap();
    let package = Package::empty();
    let output = package.command(&["check"]).current_dir(nowhere.path()).output().unwrap();
    let ran = package.ran(output);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.starts_with("error: there is no Cargo.toml in /") && ran.err.contains("--manifest-path"),
        "{ran:?}"
    );
    assert_eq!(package.run(&["chekc"]).code, Some(2));
    package.write("Cargo.toml", "[package\nname");
    assert!(package.fails(&["check"]).starts_with("error: [package]/Cargo.toml: "));
}

/// A superuser may read everything, so that the tool is run as nobody, from a place that nobody can reach.
#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_told() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;

    const NOBODY: u32 = 65534;

    let package = Package::with(&[]);
    package.succeeds(&["up", "-d", "app.db"]);
    let is_superuser = rustix::process::geteuid().is_root();
    let tool = package.path("tool");
    std::fs::copy(crate::package::TOOL, &tool).unwrap();
    set_permissions(package.path(""), Permissions::from_mode(0o755)).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(&tool);
        command.args(arguments).current_dir(package.path("")).env_remove("DATABASE_URL");
        if is_superuser {
            command.uid(NOBODY).gid(NOBODY);
        }
        package.ran(command.output().unwrap())
    };
    assert_eq!(run(&["check"]).code, Some(0));

    set_permissions(package.path("app.db"), Permissions::from_mode(0o000)).unwrap();
    for command in ["status", "up"] {
        let ran = run(&[command, "-d", "app.db"]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.err.contains("unable to open database file"), "{ran:?}");
    }
    set_permissions(package.path("migrations"), Permissions::from_mode(0o000)).unwrap();
    let checked = run(&["check"]);
    assert_eq!(checked.code, Some(1), "{checked:?}");
    assert!(checked.out.contains("the folder cannot be read"), "{checked:?}");
    let new = run(&["new", "x"]);
    assert_eq!(new.code, Some(2), "{new:?}");
    assert!(new.err.contains("the folder cannot be read"), "{new:?}");
    set_permissions(package.path("migrations"), Permissions::from_mode(0o555)).unwrap();
    // Listed, but not written to.
    let new = run(&["new", "x"]);
    assert_eq!(new.code, Some(2), "{new:?}");
    assert!(new.err.contains("Permission denied"), "{new:?}");
    set_permissions(package.path("migrations"), Permissions::from_mode(0o755)).unwrap();
}

/// The folders that break a rule, as the macro's own tests have them.
#[test]
fn what_check_refuses_does_not_compile_and_the_other_way_round() {
    let folders = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/build/folders");
    let mut seen = 0;
    for case in ["sql-error", "loses-rows", "wrong-record", "missing-version", "failed-expectation"] {
        for entry in std::fs::read_dir(folders.join(case)).unwrap() {
            let root = entry.unwrap().path();
            let arguments = std::fs::read_to_string(root.join("arguments.txt")).unwrap_or_default();
            let args: Args = arguments.parse().unwrap();
            let compiler = embed(&root, &args).expect_err("it breaks a rule");
            let package = Package::empty();
            package.embeds(arguments.trim());
            copy(&root.join("migrations"), &package.path("migrations"));
            let json: serde_json::Value =
                serde_json::from_str(&package.finds(&["check", "--format", "json"])).unwrap();
            let findings = json["folders"][0]["findings"].as_array().unwrap();
            let messages: Vec<_> =
                findings.iter().map(|finding| finding["message"].as_str().unwrap()).collect();
            assert_eq!(messages, compiler.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>());
            seen += 1;
        }
    }
    assert!(seen >= 10, "{seen}");
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn every_rule_is_explained_by_the_text_of_the_documentation() {
    let package = Package::empty();
    let listed = package.succeeds(&["explain"]);
    for rule in Rule::ALL {
        let path = format!("{}/../migrate-core/rules/{rule}.md", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(package.succeeds(&["explain", rule.id()]), format!("{rule}\n\n{}\n", text.trim_end()));
        assert!(listed.lines().any(|line| line.starts_with(&format!("{rule} "))), "{listed}");
    }
    // As a message has it.
    assert!(package.succeeds(&["explain", "[loses-rows]"]).starts_with("loses-rows\n"));
    assert_snapshot!(package.fails(&["explain", "loses-row"]), @"error: there is no rule `loses-row`; did you mean `loses-rows`; `cargo migrate explain` lists all of them");
}

#[test]
fn shells_complete_the_commands() {
    let package = Package::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = package.succeeds(&["completions", shell]);
        assert!(script.contains("cargo-migrate") && script.contains("renumber"), "{shell}");
    }
}
