//! What the macro keeps for the next compilation: [`Proof`], that these very files were checked and rehearsed, and
//! [`Progress`], how far a rehearsal had come before the newest of them. Nothing else is taken from either than what checking and
//! rehearsing would give again; of a file that asks for the time of day, what they gave at that time.

mod progress;
mod proof;

pub(super) use self::progress::Progress;
pub(super) use self::proof::{Outcome, Proof};

use std::sync::LazyLock;

use rusqlite::Connection;

use super::args::Args;
use crate::kept::bytes::{Keep as _, write_bytes};
use crate::kept::{Digest, Home, digest};

/// The arguments of the macro, as far as they decide anything.
fn arguments(args: &Args) -> Digest {
    let Args { folder, folder_span: _, stand_ins, compatible, replicated, steps } = args;
    let mut bytes = Vec::new();
    write_bytes(folder.as_bytes(), &mut bytes);
    write_bytes(format!("{stand_ins:?}").as_bytes(), &mut bytes);
    (*compatible, *replicated).write(&mut bytes);
    steps.len().write(&mut bytes);
    steps.iter().for_each(|step| step.name.write(&mut bytes));
    digest(&[&bytes])
}

/// What decides everything, before any file is looked at.
fn begin(home: &Home, arguments: &Digest) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_bytes(arguments, &mut bytes);
    write_bytes(home.version.as_bytes(), &mut bytes);
    write_bytes(rusqlite::version().as_bytes(), &mut bytes);
    write_bytes(SQLITE.as_bytes(), &mut bytes);
    bytes
}

/// The SQLite that rehearses: its source, and the options that it was compiled with, which decide as much as that and may
/// change without anything else (`LIBSQLITE3_FLAGS`).
static SQLITE: LazyLock<String> = LazyLock::new(|| sqlite().unwrap_or_default());

fn sqlite() -> rusqlite::Result<String> {
    let sql = "SELECT sqlite_source_id() || group_concat(compile_options) FROM pragma_compile_options";
    Connection::open_in_memory()?.query_row(sql, [], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_of_sqlite_decide_as_well() {
        let home = Home { folder: "x".into(), version: "1".to_owned() };
        let begin = begin(&home, &arguments(&Args::of("migrations")));
        let says = |what: &str| begin.windows(what.len()).any(|bytes| bytes == what.as_bytes());
        assert!(says("THREADSAFE="));
    }
}
