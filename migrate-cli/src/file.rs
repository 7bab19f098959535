//! Files that are written whole or not at all, so that nobody ever reads half of one.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::failure::Failure;

/// The lock, beside the migrations.
pub(crate) const LOCK: &str = "migrations.lock";

/// Puts a text in the place of a file, or where none is yet.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let mut new = beside(path, text).map_err(|error| Failure::file(path, error))?;
    if let Ok(metadata) = fs::metadata(path) {
        let _ = new.as_file_mut().set_permissions(metadata.permissions());
    }
    new.persist(path).map(drop).map_err(|error| Failure::file(path, error.error))
}

/// Writes a new file. `false` where there is one of this name already, which is left alone.
pub(crate) fn create(path: &Path, text: &str) -> Result<bool, Failure> {
    let new = beside(path, text).map_err(|error| Failure::file(path, error))?;
    match new.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(Failure::file(path, error.error)),
    }
}

/// A file with a text, in the folder of another. Its name begins with a dot, so that nobody takes it for a migration.
fn beside(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cargo-migrate-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any new file; what is left of it, the umask says.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// The last part of a path, since a shell completes more than the name.
pub(crate) fn name(path: &str) -> String {
    path.rsplit(['/', std::path::MAIN_SEPARATOR]).next().unwrap_or(path).to_owned()
}

/// Keeps other commands that write to a folder waiting for as long as the value lives, so that no two of them take the
/// same number. Where a folder cannot be locked, as on Windows, they are not kept.
pub(crate) fn hold(folder: &Path) -> Result<Option<fs::File>, Failure> {
    let Ok(handle) = fs::File::open(folder) else { return Ok(None) };
    match handle.lock() {
        Ok(()) => Ok(Some(handle)),
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(None),
        Err(error) => Err(Failure::file(folder, error)),
    }
}
