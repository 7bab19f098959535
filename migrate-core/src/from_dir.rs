//! [`Migrations::from_dir`]: a folder that the application has embedded itself.

use std::borrow::Cow;

use include_dir::{Dir, DirEntry};

use crate::check::draft;
use crate::check::entry::TESTS;
use crate::check::fault::Faults;
use crate::check::{Content, Entry, Folder, step};
use crate::model::problem;
use crate::model::rule::Rule;
use crate::model::set::Migrations;
use crate::run::error::Error;

impl Migrations {
    /// The migrations of a folder that was embedded with `include_dir!`.
    ///
    /// For folders that [`embed_migrations!`] cannot reach. Only the rules that need no SQLite are applied:
    /// names, numbering, text, and the transaction of each file. A file that calls a step in Rust is refused, since nothing
    /// here can name one. **Nothing is rehearsed**, so an error in the
    /// SQL shows on the user's machine; prefer the macro where it can be used.
    ///
    /// The set is made once and lives as long as the program: call this once, not per connection.
    ///
    /// [`embed_migrations!`]: https://docs.rs/embed-migrations/latest/embed_migrations/macro.embed_migrations.html
    ///
    /// # Errors
    ///
    /// [`Error::InvalidFolder`], with all problems of the folder, sorted by file and line.
    ///
    /// # Examples
    ///
    /// ```
    /// use include_dir::{Dir, include_dir};
    /// use embed_migrations::{Migrations, rusqlite::Connection};
    ///
    /// # macro_rules! include_dir { ($path:literal) => { include_dir::include_dir!("$CARGO_MANIFEST_DIR/../migrations") } }
    /// static FOLDER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/migrations");
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let migrations = Migrations::from_dir(&FOLDER)?;
    /// let mut conn = Connection::open_in_memory()?;
    /// migrations.run(&mut conn)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_dir(dir: &'static Dir<'static>) -> Result<Self, Error> {
        // Tests are for whoever rehearses.
        let is_test =
            |entry: &&DirEntry<'_>| matches!(entry, DirEntry::Dir(dir) if dir.path().ends_with(TESTS));
        let entries = dir.entries().iter().filter(|entry| !is_test(entry)).map(entry).collect();
        let mut folder = Folder::check("migrations", entries);
        let mut faults = Vec::new();
        for step::Call { file, range, name } in step::calls(&folder.drafts) {
            let mut of_file = Faults::of(file);
            let message = format!(
                "from_dir cannot be told which function the step `{name}` is; embed the folder with embed_migrations!, \
                 which takes steps = [path::to::{name}]"
            );
            of_file.add(range, Rule::UnknownStep, message);
            faults.extend(of_file.into_found());
        }
        folder.report(faults);
        problem::sort(&mut folder.problems);
        let Folder { drafts, table: Some(table), problems, .. } = folder else {
            return Err(Error::InvalidFolder { problems: folder.problems });
        };
        if !problems.is_empty() {
            return Err(Error::InvalidFolder { problems });
        }
        Ok(draft::leak(&drafts, table, |set| set))
    }
}

fn entry(entry: &'static DirEntry<'static>) -> Entry<'static> {
    let name = entry.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
    let content = match entry {
        DirEntry::Dir(_) => Content::Other("a folder".to_owned()),
        DirEntry::File(file) => match std::str::from_utf8(file.contents()) {
            Ok(text) => Content::Text(Cow::Borrowed(text)),
            Err(error) => Content::not_utf8(file.contents(), error.valid_up_to()),
        },
    };
    Entry { name, content }
}
