//! What one compilation keeps for the next one of the same crate: files in a folder of the crate's own, each with a digest of
//! what it is about and one of what it holds. One that is damaged, or is about something else, counts as none, and so
//! does one that cannot be written.

pub(crate) mod bytes;

use std::fs;
use std::path::PathBuf;

use hmac_sha256::Hash;

/// Where a compilation may keep something, and what it is made of.
#[derive(Debug)]
pub struct Home {
    /// A folder that is the crate's own, and goes when everything is built anew: OUT_DIR, where there is a build script.
    pub folder: PathBuf,
    /// Another text for other rules: the version of the macro, and of its sources where they may change without it.
    pub version: String,
}

/// Of every byte that decides something. Equal for equal bytes only.
pub(crate) type Digest = [u8; 32];

pub(crate) fn digest(parts: &[&[u8]]) -> Digest {
    let mut hash = Hash::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize()
}

/// A file that is kept.
pub(crate) struct File {
    folder: PathBuf,
    name: String,
}

impl File {
    /// The one of this `kind` that is about `what`.
    pub(crate) fn new(home: &Home, kind: &str, what: &Digest) -> Self {
        let name: String = what.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { folder: home.folder.clone(), name: format!("embed-migrations-{name}.{kind}") }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    /// What it is about, and what it holds; nothing where a byte of it is not as it was written.
    pub(crate) fn read(&self) -> Option<(Digest, Vec<u8>)> {
        let mut bytes = fs::read(self.path()).ok()?;
        let seal = bytes.split_off(bytes.len().checked_sub(32)?);
        let (key, content) = bytes.split_first_chunk::<32>()?;
        (digest(&[key, content]) == *seal).then(|| (*key, content.to_owned()))
    }

    /// Writes it, whole or not at all, as two compilers may do so at once.
    pub(crate) fn write(&self, key: &Digest, content: &[u8]) {
        let partial = self.folder.join(format!("{}.{}.partial", self.name, std::process::id()));
        let whole = [key, content, &digest(&[key, content])].concat();
        // Nobody is worse off without it.
        if fs::write(&partial, whole).and_then(|()| fs::rename(&partial, self.path())).is_err() {
            let _ = fs::remove_file(&partial);
        }
    }
}
