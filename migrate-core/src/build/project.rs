//! The folder of one call of the macro, for a tool: what `check` says of it is what the compiler says, since both ask
//! `embed`. Reads, and writes nothing.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

use super::args::Args;
use super::files::Files;
use super::{Embedded, embed, examine, examine_source, replicated, source};
use crate::check::{Content, Entry, Folder, draft};
use crate::model::problem::{self, Problem};
use crate::model::set::{Migrations, Set};
use crate::rehearsal::{self, Resume, Trial};
use crate::remote::Engine;

/// A folder of migrations, and what it is embedded with.
#[derive(Debug)]
pub struct Project {
    root: PathBuf,
    args: Args,
}

impl Project {
    /// What a package embeds with these arguments.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>, args: Args) -> Self {
        Self { root: root.into(), args }
    }

    /// The package.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The arguments of the macro.
    #[must_use]
    pub fn args(&self) -> &Args {
        &self.args
    }

    /// Where the folder is.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.root.join(&self.args.folder)
    }

    /// Everything that the compiler says, by the function that it asks.
    ///
    /// # Errors
    ///
    /// Every problem of the folder; never an empty list.
    pub fn check(&self) -> Result<Embedded, Vec<Problem>> {
        embed(&self.root, &self.args)
    }

    /// What the compiler would say of one file more.
    ///
    /// # Errors
    ///
    /// Every problem of the folder with that file in it; never an empty list.
    pub fn check_with(&self, file_name: &str, text: &str) -> Result<(), Vec<Problem>> {
        let mut source = source::read(&self.root, &self.args.folder).map_err(|problem| vec![problem])?;
        let content = Content::Text(Cow::Owned(text.to_owned()));
        source.entries.push(Entry { name: file_name.to_owned(), content });
        let mut problems = examine_source(source, &self.args, None).folder.problems;
        problem::sort(&mut problems);
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// The files by their names and texts, whatever is wrong with them.
    ///
    /// # Errors
    ///
    /// The folder cannot be listed.
    pub fn files(&self) -> Result<Files, Problem> {
        let source = source::read(&self.root, &self.args.folder)?;
        Ok(Files::new(&self.args, source))
    }

    /// The set, held against the rules that need no SQLite. It lives as long as the program.
    ///
    /// # Errors
    ///
    /// What these rules say.
    pub fn migrations(&self) -> Result<Migrations, Vec<Problem>> {
        let source = source::read(&self.root, &self.args.folder).map_err(|problem| vec![problem])?;
        self.leak(Folder::check(&self.args.folder, source.entries))
    }

    /// The set, checked as the compiler does. It lives as long as the program.
    ///
    /// # Errors
    ///
    /// Every problem of the folder; never an empty list.
    pub fn rehearsed(&self) -> Result<Migrations, Vec<Problem>> {
        self.leak(examine(&self.root, &self.args).map_err(|problem| vec![problem])?.folder)
    }

    /// Registers stand-ins for the functions and collations which are named to the macro.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn register(&self, conn: &Connection) -> rusqlite::Result<()> {
        self.args.stand_ins.register(conn, &Arc::default())
    }

    /// An empty database in memory that knows the functions and collations which are named to the macro.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn scratch(&self) -> rusqlite::Result<Connection> {
        let conn = Connection::open_in_memory()?;
        self.register(&conn)?;
        Ok(conn)
    }

    /// Pending files, to be tried on a copy of a real database, which may be changed.
    ///
    /// # Errors
    ///
    /// What the rules that need no SQLite say; an empty list where SQLite cannot read the copy.
    pub fn trial(&self, copy: Connection) -> Result<Trial, Vec<Problem>> {
        let read = || source::read(&self.root, &self.args.folder).map_err(|problem| vec![problem]);
        let migrations = self.leak(Folder::check(&self.args.folder, read()?.entries))?;
        let folder = Folder::check(&self.args.folder, read()?.entries);
        Trial::new(folder, migrations, copy).map_err(|_| Vec::new())
    }

    /// What an engine on another machine would refuse of the files from a position on.
    ///
    /// # Errors
    ///
    /// The folder cannot be listed.
    pub fn refused_by(&self, engine: Engine, from: usize) -> Result<Vec<Problem>, Problem> {
        let source = source::read(&self.root, &self.args.folder)?;
        let mut folder = Folder::check(&self.args.folder, source.entries);
        folder.problems.clear();
        let faults = replicated::judge_on(&[engine], &folder, &self.args.stand_ins, |file, _| file >= from);
        folder.report(faults);
        problem::sort(&mut folder.problems);
        Ok(folder.problems)
    }

    fn leak(&self, folder: Folder<'static>) -> Result<Migrations, Vec<Problem>> {
        let Folder { drafts, table, mut problems, .. } = folder;
        let Some(table) = table.filter(|_| problems.is_empty()) else {
            problem::sort(&mut problems);
            return Err(problems);
        };
        let shipped = drafts.iter().take_while(|draft| draft.shipped).count();
        let stand_ins: Vec<&'static str> =
            self.args.stand_ins.names().into_iter().map(|name| &*name.leak()).collect();
        let options = |set: Set| {
            let set = set.rehearsed_with(rusqlite::version()).shipped(shipped).stand_ins(stand_ins.leak());
            if self.args.compatible { set.compatible() } else { set }
        };
        Ok(draft::leak(&drafts, table, options))
    }

    /// The database that so many files from the first one on end in, in memory and without rows but their own.
    ///
    /// # Errors
    ///
    /// What is wrong with the folder; never an empty list.
    pub fn database(&self, files: usize) -> Result<Connection, Vec<Problem>> {
        let source = source::read(&self.root, &self.args.folder).map_err(|problem| vec![problem])?;
        let folder = Folder::check(&self.args.folder, source.entries);
        match rehearsal::up_to(&folder, files, &self.args.stand_ins, Resume::default()) {
            Ok(Some((conn, _))) => Ok(conn),
            // The rehearsal says why, and where.
            _ => Err(self.check().err().unwrap_or_default()),
        }
    }

    /// The database at the end of a history that compiles.
    ///
    /// # Errors
    ///
    /// Every problem of the folder; never an empty list.
    pub fn head(&self) -> Result<Connection, Vec<Problem>> {
        let mut examined = examine(&self.root, &self.args).map_err(|problem| vec![problem])?;
        match examined.head.filter(|_| examined.folder.problems.is_empty()) {
            Some(head) => Ok(head),
            None => {
                problem::sort(&mut examined.folder.problems);
                Err(examined.folder.problems)
            }
        }
    }
}
