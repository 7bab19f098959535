//! `cargo migrate new`: the next file, with everything in it that is always the same.

use std::collections::BTreeSet;

use clap::Args;
use embed_migrations_core::__build::{Change, Files, Project, rebuild};
use embed_migrations_core::{Problem, Rule};

use crate::failure::{Failure, Outcome};
use crate::report::Report;
use crate::scope::Scope;
use crate::{file, output};

/// Write the next migration: its number, transaction and record are filled in
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate new add bio to users
  cargo migrate new --rebuild users
  cargo migrate new names are unique --rebuild users --unique name --collate name NOCASE

SQLite cannot change most things about a column, so a table is created anew and its rows are copied. With --rebuild the file \
does that for the table as it stands at the end of the history, with every index, trigger and view that must come back. As it \
is written it passes `cargo migrate check`; without one of the flags it changes nothing, and is there to be edited.")]
pub(crate) struct Options {
    /// What the migration does, in a few words; they become its name.
    #[arg(required_unless_present = "rebuild", value_name = "WORDS")]
    words: Vec<String>,

    /// Rebuild this table.
    #[arg(long, value_name = "TABLE", help_heading = "Rebuild a table")]
    rebuild: Option<String>,

    #[command(flatten)]
    wishes: Wishes,
}

/// What a rebuild is usually for. Each may be given several times.
#[derive(Debug, Args)]
#[group(requires = "rebuild", multiple = true)]
#[command(next_help_heading = "Rebuild a table")]
struct Wishes {
    /// The column no longer takes NULL; --default says what stands where NULL was.
    #[arg(long, value_name = "COLUMN", requires = "default")]
    not_null: Vec<String>,

    /// An SQL expression, for the column of the --not-null before it.
    #[arg(long, value_name = "EXPR", requires = "not_null", allow_hyphen_values = true)]
    default: Vec<String>,

    /// The column has another type.
    #[arg(long = "type", value_names = ["COLUMN", "TYPE"], num_args = 2)]
    declared: Vec<String>,

    /// The column is dropped, with its indexes and what is about it alone.
    #[arg(long, value_name = "COLUMN")]
    drop: Vec<String>,

    /// No two rows may agree in the column.
    #[arg(long, value_name = "COLUMN")]
    unique: Vec<String>,

    /// The column is compared in another way, such as NOCASE.
    #[arg(long, value_names = ["COLUMN", "COLLATION"], num_args = 2)]
    collate: Vec<String>,
}

pub(crate) fn run(scope: &Scope, options: &Options) -> Result<Outcome, Failure> {
    let (package, project) = scope.project()?;
    let about = match &options.rebuild {
        Some(table) if options.words.is_empty() => format!("rebuild {table}"),
        _ => options.words.join(" "),
    };
    let _held = file::hold(&project.path())?;
    let files = listed(&project)?;
    let file_name = files.next(&about);
    let text = match &options.rebuild {
        None => files.text(&file_name, None, false),
        Some(table) => {
            let rebuilt = match project.head() {
                Ok(conn) => rebuild(&conn, table, files.table(), &options.wishes.changes()?),
                Err(problems) => return Ok(Report::refuse(&package, &project, problems)),
            };
            let body = rebuilt.map_err(|why| Failure::new(format!("--rebuild {table}: {why}")))?;
            match proven(&project, &files, &file_name, &body, !options.wishes.unique.is_empty()) {
                Ok(text) => text,
                Err(problems) => {
                    output::note(&format!("{file_name} is not written: it would not pass the check"));
                    return Ok(Report::refuse_unwritten(&package, &project, problems, &file_name));
                }
            }
        }
    };
    write(&project, &files, &file_name, &text)?;
    told(&about, &file_name);
    output::line(package.shown(&project.path().join(&file_name)));
    Ok(Outcome::Fine)
}

/// The text of a file that rebuilds a table, once the rehearsal has nothing against it. That rows may agree in a column that
/// becomes unique is meant, and nobody here can know which of them to keep: where they do, the file fails and changes nothing.
fn proven(
    project: &Project,
    files: &Files,
    file_name: &str,
    body: &str,
    becomes_unique: bool,
) -> Result<String, Vec<Problem>> {
    let text = files.text(file_name, Some(body), true);
    let Err(problems) = project.check_with(file_name, &text) else { return Ok(text) };
    let meant = |problem: &Problem| matches!(problem.rule, Rule::FailsWithDuplicates | Rule::FailsWithRows);
    if !becomes_unique || !problems.iter().all(meant) {
        return Err(problems);
    }
    let rules: BTreeSet<Rule> = problems.iter().map(|problem| problem.rule).collect();
    let allowances: String = rules
        .iter()
        .map(|rule| {
            format!("-- migrate: allow({rule}): rows that agree are settled before this is released\n")
        })
        .collect();
    let text = files.text(file_name, Some(&format!("{allowances}{body}")), true);
    project.check_with(file_name, &text).map(|()| text)
}

impl Wishes {
    fn changes(&self) -> Result<Vec<Change>, Failure> {
        if self.not_null.len() != self.default.len() {
            return Err(Failure::new("each --not-null COLUMN needs a --default EXPR of its own"));
        }
        let pairs = |given: &[String]| {
            let pairs = given.chunks_exact(2).filter_map(|pair| match pair {
                [column, other] => Some((column.clone(), other.clone())),
                _ => None,
            });
            pairs.collect::<Vec<_>>()
        };
        let not_null = self.not_null.iter().cloned().zip(self.default.iter().cloned());
        let drop = self.drop.iter().map(|column| Change::Drop { column: column.clone() });
        let unique = self.unique.iter().map(|column| Change::Unique { column: column.clone() });
        let declared = pairs(&self.declared).into_iter();
        let collate = pairs(&self.collate).into_iter();
        Ok(not_null
            .map(|(column, default)| Change::NotNull { column, default })
            .chain(declared.map(|(column, declared)| Change::Type { column, declared }))
            .chain(collate.map(|(column, collation)| Change::Collate { column, collation }))
            .chain(unique)
            .chain(drop)
            .collect())
    }
}

/// The files of a folder that one more can be added to.
fn listed(project: &Project) -> Result<Files, Failure> {
    let files = project.files().map_err(|problem| {
        Failure::new(format!("{problem}\n`cargo migrate init` creates the folder and its first file"))
    })?;
    if files.names().len() == 0 {
        return Err(Failure::new(format!(
            "{} holds no migration yet; `cargo migrate init` writes the first one",
            project.args().folder
        )));
    }
    if files.has_conflict() {
        return Err(Failure::new(format!(
            "{}/migrations.lock has conflict markers of git in it; `cargo migrate renumber` resolves them",
            project.args().folder
        )));
    }
    Ok(files)
}

/// Writes a new file, and makes it the head of the lock where there is one.
fn write(project: &Project, files: &Files, file_name: &str, text: &str) -> Result<(), Failure> {
    let path = project.path().join(file_name);
    if !file::create(&path, text)? {
        return Err(Failure::file(&path, "there is such a file already; run this again"));
    }
    if let Some(lock) = files.with_head(file_name) {
        file::replace(&project.path().join(file::LOCK), &lock)?;
    }
    Ok(())
}

/// Says so where the name is not just the words.
fn told(about: &str, file_name: &str) {
    let name = file_name.split_once('_').map_or(file_name, |(_, name)| name.trim_end_matches(".sql"));
    if about.replace(' ', "_") != name {
        output::note(&format!("a name holds a-z, 0-9 and single _: `{about}` becomes {name}"));
    }
}
