//! A folder on disk -> what the macro bakes into a binary, or every reason why not.

pub mod adopt;
pub(crate) mod args;
mod called;
pub(crate) mod calls;
pub(crate) mod checked;
pub(crate) mod files;
mod kept;
mod lock;
pub(crate) mod project;
pub(crate) mod rebuild;
pub(crate) mod renumber;
mod replicated;
pub mod schema;
mod source;
pub(crate) mod steps;

use std::path::Path;

use rusqlite::Connection;

use self::args::Args;
use self::kept::{Outcome, Progress, Proof};
use self::lock::Lock;
use self::source::Source;
use crate::check::draft::Draft;
use crate::check::entry::{LOCK, TESTS};
use crate::check::test::Test;
use crate::check::{Content, Entry, Folder};
use crate::kept::Home;
use crate::model::migration::Mode;
use crate::model::place::Place;
use crate::model::problem::{self, Problem};
use crate::model::rule::Rule;
use crate::rehearsal::{self, Releases};
use crate::sql::script;

/// What is baked into a binary.
#[derive(Debug)]
pub struct Embedded {
    /// In order of version.
    pub migrations: Vec<EmbeddedMigration>,
    /// The tracking table.
    pub table: String,
    /// The version of the SQLite that rehearsed them.
    pub rehearsed_with: &'static str,
    /// How many of the first migrations have shipped, by the lock.
    pub shipped: usize,
    /// The other files that were part of what was checked, relative to the folder: the lock and the tests.
    pub tracked: Vec<String>,
    /// What could not be judged. Nothing is wrong with the folder.
    pub notes: Vec<Note>,
}

/// A file that could not be judged.
#[derive(Clone, Debug)]
pub struct Note {
    /// The file as the build shows it.
    pub file: String,
    /// What it does, as the rest of a sentence that begins with its name.
    pub message: &'static str,
}

/// One file, checked and rehearsed. The arguments of the constructor of a `Migration`.
#[derive(Debug)]
pub struct EmbeddedMigration {
    /// Such as `001_create_users.sql`.
    pub file_name: String,
    /// How long the version in it is.
    pub version_length: u8,
    /// The normalised text, exactly as it was rehearsed.
    pub sql: String,
    /// Where statements end.
    pub boundaries: Vec<u32>,
    /// How it has to be run: what is called on `Mode::USUAL`, in order.
    pub mode: Vec<&'static str>,
}

/// Reads, checks and rehearses a folder, relative to `root`. Problems are sorted by file and line.
///
/// # Errors
///
/// Every problem of the folder; never an empty list.
pub fn embed(root: &Path, args: &Args) -> Result<Embedded, Vec<Problem>> {
    embed_at(root, args, None)
}

/// Does what [`embed`] does, with what the last compilation has kept at `home`: nothing, where these are the same files.
///
/// # Errors
///
/// Every problem of the folder; never an empty list.
pub fn embed_at(root: &Path, args: &Args, home: Option<&Home>) -> Result<Embedded, Vec<Problem>> {
    let source = source::read(root, &args.folder).map_err(|problem| vec![problem])?;
    let proof = home.map(|home| Proof::of(home, "proof", args, &source));
    let outcome: Option<Outcome> = proof.as_ref().and_then(Proof::read);
    if let Some(embedded) = outcome.and_then(|outcome| outcome.embedded(&source)) {
        return Ok(embedded);
    }
    let embedded = embed_source(source, args, home)?;
    if let Some(proof) = proof {
        proof.leave(&Outcome::of(&embedded));
    }
    Ok(embedded)
}

fn embed_source(source: Source, args: &Args, home: Option<&Home>) -> Result<Embedded, Vec<Problem>> {
    let Examined { folder, tracked, notes, .. } = examine_source(source, args, home);
    let Folder { drafts, table, mut problems, .. } = folder;
    let Some(table) = table.filter(|_| problems.is_empty()) else {
        problem::sort(&mut problems);
        return Err(problems);
    };
    let shipped = drafts.iter().take_while(|draft| draft.shipped).count();
    let migrations = drafts.into_iter().map(EmbeddedMigration::from).collect();
    Ok(Embedded { migrations, table, rehearsed_with: rusqlite::version(), shipped, tracked, notes })
}

/// A folder that was read, held against every rule, and rehearsed.
struct Examined {
    folder: Folder<'static>,
    /// As in `Embedded`.
    tracked: Vec<String>,
    /// As in `Embedded`.
    notes: Vec<Note>,
    /// The database at the end of the history, where it could be run to its end.
    head: Option<Connection>,
}

/// Reads, checks and rehearses a folder. Only one that cannot be listed is an error: other problems are in the folder.
fn examine(root: &Path, args: &Args) -> Result<Examined, Problem> {
    Ok(examine_source(source::read(root, &args.folder)?, args, None))
}

/// Checks and rehearses what a folder was found to hold, from where the last compilation has kept it.
fn examine_source(source: Source, args: &Args, home: Option<&Home>) -> Examined {
    let Args { folder, stand_ins, compatible, steps, .. } = args;
    let mut checked = Folder::check(folder, source.entries);
    let mut tracked: Vec<String> = checked.lock.iter().map(|_| LOCK.to_owned()).collect();
    let tests = read_tests(source.tests, &mut checked, &mut tracked);
    let lock = checked.lock.take();
    let text = script::normalise(lock.as_deref().unwrap_or_default());
    let shipped = Lock::parse(&text);
    let files: Vec<_> = checked.drafts.iter().map(|draft| (draft.file_name.as_str(), &*draft.text)).collect();
    let problems = shipped.check(&checked.shown, &text, &files);
    checked.problems.extend(problems);
    for draft in &mut checked.drafts {
        draft.shipped = shipped.is_shipped(&draft.file_name);
    }
    checked.problems.extend(lock::late(&checked));
    if let Some(line) = shipped.compatible.as_ref().filter(|_| !*compatible) {
        checked.problems.push(Problem {
            file: format!("{}/{LOCK}", checked.shown),
            place: Some(Place::new(&text, line.clone())),
            rule: Rule::WrongFloor,
            message:
                "releases that have shipped count on each other; embed the folder with compatible = true"
                    .to_owned(),
        });
    }
    checked.problems.extend(called::superfluous(&checked, steps));
    let unknown = called::unknown(&checked, steps);
    checked.report(unknown);
    let releases = if lock.is_some() { Releases::Locked } else { Releases::EveryFile };
    let elsewhere = if args.replicated { replicated::judge(&checked, stand_ins) } else { Vec::new() };
    let releases = compatible.then_some(releases);
    let progress = home.map(|home| Progress::of(home, "progress", args, &checked, &tests, releases));
    let resume = progress.as_ref().map(Progress::resume).unwrap_or_default();
    let rehearsed = rehearsal::rehearse(&checked, &tests, stand_ins, releases, elsewhere, resume);
    if let Some((progress, checkpoint)) = progress.zip(rehearsed.checkpoint) {
        progress.leave(&checkpoint);
    }
    checked.report(rehearsed.faults);
    checked.problems.extend(rehearsed.problems);
    let notes = notes(&checked, rehearsed.gave_up, &rehearsed.endless);
    Examined { folder: checked, tracked, notes, head: rehearsed.head }
}

const RUNS_TOO_LONG: &str = "runs for too long on the rows of the rehearsal, which has ended it: hazards in this file are not reported";
const CANNOT_BE_FOLLOWED: &str =
    "cannot be followed with rows in the tables: hazards in this file and in those after it are not reported";

/// What the rehearsal with rows could not judge.
fn notes(folder: &Folder<'_>, gave_up: Option<usize>, endless: &[usize]) -> Vec<Note> {
    let note = |file: &usize, message: &'static str| {
        let draft = folder.drafts.get(*file)?;
        Some(Note { file: format!("{}/{}", folder.shown, draft.file_name), message })
    };
    let endless = endless.iter().filter_map(|file| note(file, RUNS_TOO_LONG));
    let gave_up = gave_up.iter().filter_map(|file| note(file, CANNOT_BE_FOLLOWED));
    endless.chain(gave_up).collect()
}

/// The tests of a folder, in order of their names. What is wrong with one is a problem of the folder.
fn read_tests(
    mut entries: Vec<Entry<'static>>,
    folder: &mut Folder<'_>,
    tracked: &mut Vec<String>,
) -> Vec<Test<'static>> {
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    let mut tests = Vec::new();
    for Entry { name, content } in entries {
        if name.starts_with('.') || name.ends_with(".md") {
            continue;
        }
        let of_file = |message: String| {
            Problem::of_file(format!("{}/{TESTS}/{name}", folder.shown), Rule::BadTest, message)
        };
        let problems = match content {
            Content::Text(text) => match Test::read(&folder.shown, &name, &text) {
                Ok(test) if folder.drafts.iter().any(|draft| draft.number == test.number) => {
                    tracked.push(format!("{TESTS}/{name}"));
                    tests.push(test);
                    continue;
                }
                Ok(test) => vec![test.problem_of_file(
                    "no migration has this version; a test is called after the version that it tests",
                )],
                Err(problems) => problems,
            },
            Content::Unreadable(why) => vec![of_file(format!("{why}; a test must be readable UTF-8 text"))],
            Content::Other(what) => {
                vec![of_file(format!("{what}; a folder of tests holds VERSION_name.sql files"))]
            }
        };
        folder.problems.extend(problems);
    }
    tests
}

impl From<Draft<'_>> for EmbeddedMigration {
    fn from(draft: Draft<'_>) -> Self {
        Self {
            version_length: draft.version_length(),
            boundaries: draft.boundaries(),
            mode: calls(draft.mode()),
            sql: draft.text.into_owned(),
            file_name: draft.file_name,
        }
    }
}

/// The functions of `Mode` that say something else than the usual one.
const MODES: [&str; 5] =
    ["foreign_keys_off", "legacy_alter_table", "defers", "leaves_trigger", "calls_steps"];

/// Those that make this one of the usual one.
fn calls(mode: Mode) -> Vec<&'static str> {
    let Mode { settings, defers, leaves_trigger, calls_steps } = mode;
    let said = [!settings.foreign_keys, settings.legacy_alter_table, defers, leaves_trigger, calls_steps];
    MODES.into_iter().zip(said).filter_map(|(call, is_said)| is_said.then_some(call)).collect()
}
