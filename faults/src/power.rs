//! Cuts the power after every step on the way to the disk: what was synced is there, and of the rest everything,
//! nothing, or some sectors, some of them as noise. The names in the folder count too.
//!
//! The steps are those of a real run on a real file; the disks that a cut could leave are made from them.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use embed_migrations::Event;
use rusqlite::{Connection, OpenFlags};

use crate::ladder::{self, Journal, LADDER, Start};
use crate::point::{self, Place};
use crate::sweeps;
use crate::tally::{Tally, Watched, side_by_side};
use crate::vfs::{self, How, Op};

/// What is lost or arrives as one, in bytes.
const SECTOR: usize = 512;

/// A file, whatever its name.
#[derive(Clone, Default)]
struct Content {
    synced: Vec<u8>,
    now: Vec<u8>,
    /// What has happened since it was synced.
    since: Vec<Change>,
}

#[derive(Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Truncate(size) => bytes.truncate(*size),
            Self::Write(at, data) => {
                let end = at + data.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                if let Some(place) = bytes.get_mut(*at..end) {
                    place.copy_from_slice(data);
                }
            }
        }
    }

    /// As it may arrive: whole, not at all, or sector by sector.
    fn tear(&self, bytes: &mut Vec<u8>, chance: &mut fastrand::Rng) {
        match (chance.u8(..4), self) {
            (0, _) => {}
            (1, _) | (_, Self::Truncate(_)) => self.apply(bytes),
            (_, Self::Write(at, data)) => {
                for (index, sector) in data.chunks(SECTOR).enumerate() {
                    let mut sector = sector.to_vec();
                    match chance.u8(..5) {
                        0 | 1 => continue,
                        2 => sector.fill_with(|| chance.u8(..)),
                        _ => {}
                    }
                    Self::Write(at + index * SECTOR, sector).apply(bytes);
                }
            }
        }
    }
}

/// A folder on a disk that forgets.
#[derive(Clone, Default)]
struct Disk {
    contents: Vec<Content>,
    synced: BTreeMap<PathBuf, usize>,
    now: BTreeMap<PathBuf, usize>,
    acknowledged: usize,
}

type Image = BTreeMap<PathBuf, Vec<u8>>;

impl Disk {
    /// With these files on it for good.
    fn new(files: Image) -> Self {
        let mut disk = Self::default();
        for (path, bytes) in files {
            disk.now.insert(path, disk.contents.len());
            disk.contents.push(Content { synced: bytes.clone(), now: bytes, since: Vec::new() });
        }
        disk.synced = disk.now.clone();
        disk
    }

    fn content(&mut self, path: &Path) -> &mut Content {
        let contents = &mut self.contents;
        let index = *self.now.entry(path.to_owned()).or_insert_with(|| {
            contents.push(Content::default());
            contents.len() - 1
        });
        contents.get_mut(index).expect("names point to contents")
    }

    fn change(&mut self, path: &Path, change: Change) {
        let content = self.content(path);
        change.apply(&mut content.now);
        content.since.push(change);
    }

    fn step(&mut self, op: &Op) {
        let size = |number: u64| usize::try_from(number).expect("files are small");
        match op {
            Op::Create(path) => {
                self.content(path);
            }
            Op::Write(path, at, data) => self.change(path, Change::Write(size(*at), data.clone())),
            Op::Truncate(path, to) => self.change(path, Change::Truncate(size(*to))),
            Op::Sync(path) => {
                let content = self.content(path);
                content.synced.clone_from(&content.now);
                content.since.clear();
            }
            Op::SyncFolder => self.synced = self.now.clone(),
            Op::Delete(path) => {
                self.now.remove(path);
            }
            Op::Acknowledged(count) => self.acknowledged = *count,
        }
    }

    fn image(&self, names: &BTreeMap<PathBuf, usize>, mut content: impl FnMut(&Content) -> Vec<u8>) -> Image {
        let files = names.iter().filter_map(|(path, index)| Some((path.clone(), self.contents.get(*index)?)));
        files.map(|(path, file)| (path, content(file))).collect()
    }

    fn kept(&self) -> Image {
        self.image(&self.now, |content| content.now.clone())
    }

    fn lost(&self) -> Image {
        self.image(&self.synced, |content| content.synced.clone())
    }

    fn torn(&self, chance: &mut fastrand::Rng) -> Image {
        let mut names = BTreeMap::new();
        for path in self.synced.keys().chain(self.now.keys()) {
            let name = if chance.bool() { self.synced.get(path) } else { self.now.get(path) };
            match name {
                Some(index) => names.insert(path.clone(), *index),
                None => names.remove(path),
            };
        }
        self.image(&names, |content| {
            let mut bytes = content.synced.clone();
            content.since.iter().for_each(|change| change.tear(&mut bytes, chance));
            bytes
        })
    }
}

/// How much SQLite syncs, and whether that is enough for nothing to be forgotten that was acknowledged. Where it
/// is not, the last migrations may have to run again; the database is sound all the same.
#[derive(Clone, Copy)]
struct Durability {
    journal: Journal,
    synchronous: &'static str,
    remembers: bool,
}

const DURABILITIES: [Durability; 6] = [
    Durability { journal: Journal::Delete, synchronous: "EXTRA", remembers: true },
    Durability { journal: Journal::Delete, synchronous: "FULL", remembers: false },
    Durability { journal: Journal::Truncate, synchronous: "FULL", remembers: true },
    Durability { journal: Journal::Persist, synchronous: "FULL", remembers: true },
    Durability { journal: Journal::Wal, synchronous: "FULL", remembers: true },
    Durability { journal: Journal::Wal, synchronous: "NORMAL", remembers: false },
];

impl Durability {
    fn name(self) -> String {
        format!("{} {}", self.journal.name(), self.synchronous)
    }

    /// The steps of a whole run, the closing of its connection included; and where the database is.
    fn record(self, start: &Start) -> (PathBuf, Vec<Op>) {
        vfs::register();
        let folder = ladder::folder();
        let path = start.put(folder.path());
        vfs::record();
        let mut conn = Connection::open_with_flags_and_vfs(&path, OpenFlags::default(), vfs::NAME)
            .expect("a connection");
        self.journal.set(&conn).expect("a journal mode");
        conn.execute_batch(&format!(
            "PRAGMA synchronous = {}; PRAGMA cache_size = 8; PRAGMA wal_autocheckpoint = 24",
            self.synchronous
        ))
        .expect("settings");
        let mut acknowledged = start.applied;
        LADDER
            .runner()
            .on_event(|event| {
                if let Event::Applied { .. } = event {
                    acknowledged += 1;
                    vfs::note(Op::Acknowledged(acknowledged));
                }
            })
            .run(&mut conn)
            .expect("nothing is in the way");
        drop(conn);
        (path, vfs::recorded())
    }
}

/// The files of a start, as they lie on the disk.
fn disk(start: &Start, path: &Path) -> Disk {
    let files = start.files.iter().map(|(suffix, bytes)| (ladder::beside(path, suffix), bytes.clone()));
    let mut disk = Disk::new(files.collect());
    disk.acknowledged = start.applied;
    disk
}

/// The files of an image, by what stands after the database's path.
fn suffixes(path: &Path, image: Image) -> Vec<(String, Vec<u8>)> {
    let suffix =
        |file: &PathBuf| -> Option<String> { file.to_str()?.strip_prefix(path.to_str()?).map(str::to_owned) };
    image.into_iter().filter_map(|(file, bytes)| Some((suffix(&file)?, bytes))).collect()
}

/// The power is back: the next start has to find a whole database, and to go on.
fn restart(start: &Start, least: usize, violations: &mut Vec<String>) {
    let folder = ladder::folder();
    let path = start.put(folder.path());
    if let Some(count) = point::database(start, &path, violations)
        && count < least
    {
        violations.push(format!("I3: {least} were acknowledged, and {count} are there"));
    }
    match Connection::open(&path).map(|mut conn| LADDER.run(&mut conn)) {
        Ok(Ok(_)) => {}
        other => violations.push(format!("I6: it cannot go on: {other:?}")),
    }
    if let Some(count) = point::database(start, &path, violations)
        && count != LADDER.len()
    {
        violations.push(format!("I6: it ends with {count} applied"));
    }
}

pub fn power(long: bool, seed: u64) -> ExitCode {
    let tally = Tally::new("power");
    let torn = if long { 30 } else { 5 };
    let starts = [Start::fresh(), Start::half_way()];
    for start in &starts {
        for durability in DURABILITIES {
            let (path, ops) = durability.record(start);
            let mut disk = disk(start, &path);
            let mut chance = fastrand::Rng::with_seed(seed);
            let mut cuts = Vec::new();
            for (step, op) in ops.iter().enumerate() {
                disk.step(op);
                let mut images = vec![("kept".to_owned(), disk.kept()), ("lost".to_owned(), disk.lost())];
                images.extend((0..torn).map(|index| (format!("torn {index}"), disk.torn(&mut chance))));
                for (kind, image) in images {
                    let name = format!("{}, {}, step {step}, {kind}", durability.name(), start.name);
                    let least = if durability.remembers { disk.acknowledged } else { 0 };
                    cuts.push((name, suffixes(&path, image), least));
                }
                // A run writes some hundred times what its database holds.
                if cuts.len() > 1000 || step + 1 == ops.len() {
                    take(&tally, start, &std::mem::take(&mut cuts));
                }
            }
            tally.count("steps", u64::try_from(ops.len()).expect("it is small"));
        }
    }
    tally.finish(&[("images", 22_300)])
}

type Cut = (String, Vec<(String, Vec<u8>)>, usize);

fn take(tally: &Tally, start: &Start, cuts: &[Cut]) {
    tally.count("images", u64::try_from(cuts.len()).expect("it is small"));
    // Many a step changes nothing that a cut would leave: two steps, the same disk.
    let mut seen = HashSet::new();
    let different: Vec<&Cut> = cuts
        .iter()
        .filter(|(_, files, least)| {
            let mut hasher = DefaultHasher::new();
            (files, least).hash(&mut hasher);
            seen.insert(hasher.finish())
        })
        .collect();
    tally.count("of them different", u64::try_from(different.len()).expect("it is small"));
    side_by_side(&different, |(name, files, least)| {
        let _watched = Watched::new(name.clone());
        let mut violations = Vec::new();
        restart(&start.crashed(name.clone(), files.clone()), *least, &mut violations);
        violations.into_iter().for_each(|violation| tally.violation(name, violation));
    });
}

/// Every call into the file system fails in turn while the next start recovers from a crash.
pub fn recovery(long: bool) -> ExitCode {
    let tally = Tally::new("recovery");
    let start = Start::half_way();
    let mut crashes = Vec::new();
    for durability in DURABILITIES {
        let (path, ops) = durability.record(&start);
        let mut disk = disk(&start, &path);
        let mut hot = Vec::new();
        for op in &ops {
            disk.step(op);
            // With a journal to play back over a database that has been changed, or a log to read again.
            let changed = matches!(op, Op::Write(file, ..) | Op::Truncate(file, _) if *file == path);
            if changed && disk.now.len() > 1 {
                hot.push(disk.kept());
            }
        }
        let every = (hot.len() / if long { 12 } else { 2 }).max(1);
        for (index, image) in hot.into_iter().enumerate().skip(every / 2).step_by(every) {
            let name = format!("crash {index} of {}", durability.name());
            let crash = start.crashed(name, suffixes(&path, image));
            crashes.push((crash, durability.journal));
        }
    }
    tally.count("crashes", u64::try_from(crashes.len()).expect("it is small"));
    let jobs: Vec<_> = crashes
        .iter()
        .flat_map(|(start, journal)| {
            sweeps::ONCE_OR_FOR_EVER.map(|(kind, forever)| (Place::new(start, *journal), kind, forever))
        })
        .collect();
    side_by_side(&jobs, |&(place, kind, forever)| {
        sweeps::sweep(&tally, place, kind, |at| {
            sweeps::FileSystem(vfs::Fault { how: How::IoError, at, forever })
        });
    });
    tally.finish(&[("points", 4_110)])
}
