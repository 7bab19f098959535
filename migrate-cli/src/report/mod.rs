//! What a check has found, in the form that whoever reads it knows: a person, a program, a pull request, or an editor
//! that reads what cargo says.

mod cargo;
mod github;
mod human;
mod json;

use std::fs;
use std::path::PathBuf;

use clap::ValueEnum;
use embed_migrations_core::__build::Project;
use embed_migrations_core::{Place, Problem};

use crate::failure::Outcome;
use crate::finding::{Finding, Kind};
use crate::on::Seen;
use crate::output;
use crate::package::Package;

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Format {
    /// For a person: the lines that are meant, with colours on a terminal.
    #[default]
    Human,
    /// One JSON document.
    Json,
    /// Annotations for GitHub Actions.
    Github,
    /// Messages of the compiler as cargo prints them with --message-format=json.
    Cargo,
}

/// What was found, folder by folder.
pub(crate) struct Report<'p> {
    package: &'p Package,
    folders: Vec<Checked>,
    /// A database on whose copy pending files were tried, and what was seen.
    tried: Option<(String, Seen)>,
}

struct Checked {
    folder: String,
    migrations: usize,
    findings: Vec<Finding>,
}

impl<'p> Report<'p> {
    pub(crate) fn new(package: &'p Package) -> Self {
        Self { package, folders: Vec::new(), tried: None }
    }

    pub(crate) fn add(&mut self, project: &Project, (migrations, findings): (usize, Vec<Finding>)) {
        self.folders.push(Checked { folder: project.args().folder.clone(), migrations, findings });
    }

    /// Adds what was seen on a copy of a database, and gives what is wrong there back.
    pub(crate) fn tried(&mut self, database: &str, mut seen: Seen) -> Vec<Finding> {
        let findings = std::mem::take(&mut seen.findings);
        self.tried = Some((database.to_owned(), seen));
        findings
    }

    pub(crate) fn is_fine(&self) -> bool {
        self.findings().all(|finding| finding.kind == Kind::Note)
    }

    fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.folders.iter().flat_map(|checked| &checked.findings)
    }

    pub(crate) fn print(&self, format: Format) {
        output::print(&match format {
            Format::Human => human::text(self),
            Format::Json => json::text(self),
            Format::Github => github::text(self),
            Format::Cargo => cargo::text(self),
        });
    }

    pub(crate) fn for_people(&self) -> String {
        human::text(self)
    }

    /// Shows what stands in the way of a command.
    pub(crate) fn refuse(package: &'p Package, project: &Project, problems: Vec<Problem>) -> Outcome {
        let mut report = Self::new(package);
        let count = project.files().map(|files| files.names().len()).unwrap_or_default();
        report.add(project, (count, problems.into_iter().map(Finding::problem).collect()));
        report.print(Format::Human);
        Outcome::Problems
    }

    /// The same where one of the files is not there, so that its lines cannot be shown from it.
    pub(crate) fn refuse_unwritten(
        package: &'p Package,
        project: &Project,
        mut problems: Vec<Problem>,
        file_name: &str,
    ) -> Outcome {
        for problem in &mut problems {
            if problem.file.ends_with(file_name)
                && let Some(place) = problem.place.take()
            {
                problem.message = format!("{}\n{place}", problem.message);
            }
        }
        Self::refuse(package, project, problems)
    }

    fn path(&self, file: &str) -> PathBuf {
        self.package.root.join(file)
    }
}

/// A place in the bytes of a file as it is on disk, where it may have a byte-order mark and CRLF.
struct Span {
    text: String,
    start: usize,
    end: usize,
}

impl Span {
    /// Absent where the file cannot be read, or no longer has such a line.
    fn of(path: &std::path::Path, place: &Place) -> Option<Self> {
        let text = fs::read_to_string(path).ok()?;
        let line_start: usize = text.split_inclusive('\n').take(place.line - 1).map(str::len).sum();
        let line = text.get(line_start..)?.lines().next().unwrap_or_default();
        // It is no character of the text that places are counted in.
        let mark = if line_start == 0 && line.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let line = line.get(mark..)?;
        let byte = |characters: usize| line.char_indices().nth(characters).map_or(line.len(), |(at, _)| at);
        let start = byte(place.column - 1);
        let end = byte(place.column - 1 + place.width);
        let from = line_start + mark;
        Some(Self { start: from + start, end: from + end, text })
    }
}
