//! What the macro keeps for the next compilation: [`Proof`], that these very files were checked and rehearsed, and
//! [`Progress`], how far a rehearsal had come before the newest of them. Nothing else is taken from either than what checking and
//! rehearsing would give again; of a file that asks for the time of day, what they gave at that time.

mod progress;
mod proof;

pub(super) use self::progress::Progress;
pub(super) use self::proof::{Outcome, Proof};

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
    bytes
}
