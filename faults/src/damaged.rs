//! Files of a database that are changed at random: nothing is promised of what they hold, but that the library
//! neither panics nor hangs, says what is wrong in one line, and gives the connection back as it was.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::ladder::{self, Files, Journal, LADDER, Start, taken};
use crate::point::{ending, is_one_line, settings};
use crate::tally::{Tally, Watched, side_by_side};

pub fn damaged(long: bool, seed: u64) -> ExitCode {
    let tally = Tally::new("damaged");
    let start = Start::half_way();
    let bases = [
        ("4096 byte pages", start.files.clone()),
        ("512 byte pages", small_pages(&start)),
        ("log", with_log(&start, "UPDATE notes SET text = text || '!'")),
        ("hot journal", with_hot_journal(&start)),
    ];
    let databases = if long { 500_000 } else { 5_000 };
    let jobs: Vec<u64> = (0..databases).collect();
    side_by_side(&jobs, |&job| {
        let mut chance = fastrand::Rng::with_seed(seed.wrapping_mul(1_000_000_007).wrapping_add(job));
        let (base, files) = chance.choice(&bases).expect("there are some");
        let name = format!("{base}, seed {seed}, {job}");
        let _watched = Watched::new(name.clone());
        tally.count("databases", 1);
        let mut files = files.clone();
        for _ in 0..=chance.u8(..4) {
            damage(&mut files, &mut chance);
        }
        inspect(&tally, &name, &files, &mut chance);
    });
    tally.finish(&[("databases", databases)])
}

fn inspect(tally: &Tally, name: &str, files: &Files, chance: &mut fastrand::Rng) {
    let folder = ladder::folder();
    let path = ladder::put(files, folder.path());
    let read_only = chance.u8(..8) == 0;
    let flags = if read_only { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::default() };
    let conn = Connection::open_with_flags(&path, flags);
    let mut conn = conn.expect("it opens before it is read");
    let foreign_keys = chance.bool();
    conn.execute_batch(&format!(
        "PRAGMA busy_timeout = 77; PRAGMA foreign_keys = {foreign_keys}; PRAGMA legacy_alter_table = {}",
        !foreign_keys
    ))
    .expect("settings");
    let before = settings(&conn).expect("settings");

    let result = catch_unwind(AssertUnwindSafe(|| {
        let first = LADDER.status(&conn).map(|_| ());
        let run = LADDER.runner().lock_timeout(Duration::from_millis(20)).run(&mut conn).map(|_| ());
        let second = LADDER.status(&conn).map(|_| ());
        [first, run, second].map(|result| (ending(&result), result.err()))
    }));
    let Ok(results) = result else { return tally.violation(name, "it panics") };
    for (_, error) in &results {
        if let Some(error) = error
            && !is_one_line(&error.to_string())
        {
            tally.violation(name, format!("no line of text: {error:?}"));
        }
    }
    let [_, (run, _), _] = results;
    match settings(&conn) {
        Ok(after) if after == before => {}
        after => tally.violation(name, format!("{before:?} became {after:?}; the run ended {run}")),
    }
    tally.count(&run, 1);
}

/// Changes one of the files.
fn damage(files: &mut Files, chance: &mut fastrand::Rng) {
    let index = chance.usize(..files.len());
    let Some((_, bytes)) = files.get_mut(index) else { return };
    if bytes.len() < 2 {
        return;
    }
    let page = if chance.bool() { 4096 } else { 512 };
    let pages = bytes.len().div_ceil(page);
    let length = bytes.len();
    let some_page = |chance: &mut fastrand::Rng| {
        let from = chance.usize(..pages) * page;
        from..(from + page).min(length)
    };
    match chance.u8(..11) {
        0 | 1 => {
            for _ in 0..=chance.u8(..8) {
                let at = chance.usize(..bytes.len());
                set(bytes, at, |byte| byte ^ (1 << chance.u8(..8)));
            }
        }
        // The header.
        2 => {
            let at = chance.usize(..bytes.len().min(100));
            set(bytes, at, |_| chance.u8(..));
        }
        // The schema.
        3 => {
            for _ in 0..=chance.u8(..4) {
                let at = chance.usize(..bytes.len().min(4096));
                set(bytes, at, |_| chance.u8(..));
            }
        }
        // What is text, such as SQL, a name, a version.
        4 => {
            let from = chance.usize(..bytes.len());
            let rest = bytes.get(from..).unwrap_or_default();
            if let Some(at) = rest.iter().position(u8::is_ascii_alphanumeric) {
                let printable = chance.bool();
                set(bytes, from + at, |_| if printable { chance.u8(b' '..=b'~') } else { chance.u8(..) });
            }
        }
        // A number, such as of a page.
        5 => {
            let at = chance.usize(..bytes.len());
            let number = match chance.u8(..4) {
                0 => 0,
                1 => u32::MAX,
                2 => chance.u32(..64),
                _ => chance.u32(..),
            };
            for (at, byte) in (at..).zip(number.to_be_bytes()) {
                set(bytes, at, |_| byte);
            }
        }
        6 => {
            let range = some_page(chance);
            let noise = chance.bool();
            for at in range {
                set(bytes, at, |_| if noise { chance.u8(..) } else { 0 });
            }
        }
        // One page over another.
        7 => {
            let (from, to) = (some_page(chance), some_page(chance));
            let length = from.len().min(to.len());
            bytes.copy_within(from.start..from.start + length, to.start);
        }
        8 => bytes.truncate(chance.usize(..bytes.len())),
        9 => {
            let more = chance.usize(1..5000);
            bytes.extend(std::iter::repeat_with(|| chance.u8(..)).take(more));
        }
        _ => {
            let from = chance.usize(..bytes.len());
            let to = (from + chance.usize(..page)).min(bytes.len());
            let at = chance.usize(..bytes.len());
            let piece = bytes.get(from..to).unwrap_or_default().to_vec();
            bytes.splice(at..at, piece);
        }
    }
}

fn set(bytes: &mut [u8], at: usize, byte: impl FnOnce(u8) -> u8) {
    if let Some(place) = bytes.get_mut(at) {
        *place = byte(*place);
    }
}

fn small_pages(start: &Start) -> Files {
    let folder = ladder::folder();
    let path = start.put(folder.path());
    let conn = Connection::open(&path).expect("a connection");
    conn.execute_batch("PRAGMA page_size = 512; VACUUM").expect("smaller pages");
    conn.close().map_err(|(_, error)| error).expect("it closes");
    taken(&path, &[""])
}

/// In WAL, with what the SQL does in the log only.
pub(crate) fn with_log(start: &Start, sql: &str) -> Files {
    let folder = ladder::folder();
    let path = start.put(folder.path());
    let conn = Connection::open(&path).expect("a connection");
    Journal::Wal.set(&conn).expect("a journal mode");
    conn.execute_batch(sql).expect("it can be written");
    taken(&path, &["", "-wal"])
}

/// With a transaction of a user that is half written.
pub(crate) fn with_hot_journal(start: &Start) -> Files {
    let folder = ladder::folder();
    let path = start.put(folder.path());
    let conn = Connection::open(&path).expect("a connection");
    conn.execute_batch(
        "PRAGMA cache_size = 5; BEGIN IMMEDIATE; UPDATE books SET body = zeroblob(9000);
         INSERT INTO notes (text) SELECT zeroblob(9000) FROM books;",
    )
    .expect("a spill");
    let files = taken(&path, &["", "-journal"]);
    assert!(files.iter().all(|(_, bytes)| !bytes.is_empty()), "the journal is hot");
    files
}
