//! A folder on disk -> its entries. Reads, and judges only what has to be asked of the file system.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::Path;

use crate::check::{Content, Entry};
use crate::model::problem::Problem;
use crate::model::rule::Rule;

/// Every entry of `root/folder`, or why it cannot be listed. `root` is the package: a symlink may point to
/// anything in it or in the folder, since only that is sure to be there wherever the package is built.
pub(crate) fn read(root: &Path, folder: &str) -> Result<Vec<Entry<'static>>, Problem> {
    let path = root.join(folder);
    let problem = |message: String| Problem::of_file(folder, Rule::NoMigrations, message);
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => problem(
            "there is no such folder beside Cargo.toml; create it, with 000_create_schema_migrations.sql as \
             its first file"
                .to_owned(),
        ),
        io::ErrorKind::NotADirectory => {
            problem("it is no folder, but a file; name the folder of the files".to_owned())
        }
        _ => problem(format!("the folder cannot be read: {error}")),
    };
    let homes = [path.canonicalize().map_err(unreadable)?, root.canonicalize().map_err(unreadable)?];
    let mut entries = Vec::new();
    for entry in fs::read_dir(&path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        let stays = |target: &Path| homes.iter().any(|home| target.starts_with(home));
        let content = match entry.file_type() {
            Ok(kind) if kind.is_file() => text(&path),
            Ok(kind) if kind.is_symlink() => match path.canonicalize() {
                Err(error) => Content::Other(format!("a symlink that points nowhere ({error})")),
                Ok(target) if !stays(&target) => {
                    Content::Other("a symlink that leaves the package".to_owned())
                }
                Ok(target) if target.is_file() => text(&target),
                Ok(_) => Content::Other("a symlink to something that is no file".to_owned()),
            },
            Ok(kind) if kind.is_dir() => Content::Other("a folder".to_owned()),
            Ok(_) => Content::Other("no regular file".to_owned()),
            Err(error) => Content::Unreadable(format!("it cannot be read: {error}")),
        };
        entries.push(Entry { name, content });
    }
    Ok(entries)
}

fn text(path: &Path) -> Content<'static> {
    match fs::read(path) {
        Err(error) => Content::Unreadable(format!("it cannot be read: {error}")),
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Content::Text(Cow::Owned(text)),
            Err(error) => Content::not_utf8(error.as_bytes(), error.utf8_error().valid_up_to()),
        },
    }
}
