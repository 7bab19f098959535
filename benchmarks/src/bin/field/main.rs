//! Ours beside the other libraries, each a program of its own that uses its library as its documentation says.
//! `cargo run --release --bin field`, and `-- --builds` for what it takes to build them. With `--try` each is built and measured
//! once, to see whether it works, and nothing is written.
//!
//! Writes the histories, builds the programs in `field/`, runs them in rounds whose order changes, and writes its part of
//! `docs/field.md`, with plots. Numbers of different runs must not be compared: only what stands side by side.

mod builds;
mod page;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use embed_migrations::rusqlite::Connection;
use embed_migrations_benchmarks::{history, median};
use plotters::style::RGBColor;

/// How many migrations a set has, as the programs name them.
const SETS: [usize; 5] = [10, 30, 100, 300, 1000];
const REBUILD: &str = "rebuild";

struct Library {
    /// Its folder in `field/`, and the package that it is about.
    folder: &'static str,
    package: &'static str,
    color: RGBColor,
    layout: Layout,
}

/// How a library wants its files.
enum Layout {
    /// Ours: a transaction around each.
    Whole,
    /// In the same order, each with its record, and nothing around it.
    Recorded,
    /// `V1__name.sql`
    Refinery,
    /// `0001_name.sql`
    Plain,
    /// `0001_name/up.sql`, or another sign between number and name.
    Folders(char),
}

const LIBRARIES: [Library; 7] = [
    Library {
        folder: "floor",
        package: "rusqlite",
        color: RGBColor(120, 120, 120),
        layout: Layout::Recorded,
    },
    Library {
        folder: "ours",
        package: "embed-migrations",
        color: RGBColor(200, 30, 30),
        layout: Layout::Whole,
    },
    Library {
        folder: "rusqlite_migration",
        package: "rusqlite_migration",
        color: RGBColor(30, 90, 180),
        layout: Layout::Folders('-'),
    },
    Library {
        folder: "refinery",
        package: "refinery",
        color: RGBColor(20, 140, 70),
        layout: Layout::Refinery,
    },
    Library { folder: "sqlx", package: "sqlx", color: RGBColor(220, 130, 20), layout: Layout::Plain },
    Library {
        folder: "diesel",
        package: "diesel_migrations",
        color: RGBColor(130, 60, 160),
        layout: Layout::Folders('_'),
    },
    Library { folder: "sqlitex", package: "sqlitex", color: RGBColor(0, 150, 160), layout: Layout::Plain },
];
const FLOOR: usize = 0;

/// What one start told: nanoseconds, and KiB at most.
type Told = Result<(f64, f64), String>;

/// The medians of a library, per set.
#[derive(Default, Clone)]
struct Measured {
    fresh: Vec<f64>,
    again: Vec<f64>,
    memory: Vec<f64>,
}

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let asks = |option: &str| asked.iter().any(|argument| argument == option);
    assert!(
        asked.iter().all(|argument| ["--builds", "--try"].contains(&argument.as_str())),
        "usage: field [--builds] [--try]"
    );
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let work = root.join("target/field");
    write_histories(&work.join("histories"));
    let part = if asks("--builds") {
        let (counts, rounds) = if asks("--try") { ([10, 30], 1) } else { ([100, 1000], 5) };
        page::builds(root, counts, &builds::measure(root, &work, counts, rounds))
    } else {
        runs(root, &work, asks("--try"))
    };
    println!("{part}");
    if !asks("--try") {
        page::replace(&root.join("../docs/field.md"), &part);
    }
}

/// What the programs do.
fn runs(root: &Path, work: &Path, tries: bool) -> String {
    let programs: Vec<PathBuf> = LIBRARIES.iter().map(|library| build(root, work, library)).collect();
    let databases = work.join("databases");
    let _ = fs::remove_dir_all(&databases);
    fs::create_dir_all(&databases).expect("a folder");
    let measured = measure(&programs, &databases, tries);
    let refused: Vec<String> = programs.iter().map(|program| race(program, &databases)).collect();
    let kept: Vec<String> = programs.iter().map(|program| rebuild(program, &databases)).collect();
    if !tries {
        let docs = root.join("../docs");
        page::plot(&docs.join("field-fresh.svg"), "All migrations to a fresh file", &measured, |m| &m.fresh);
        page::plot(&docs.join("field-again.svg"), "A start with nothing pending", &measured, |m| &m.again);
    }
    page::runs(root, &programs, &measured, &refused, &kept)
}

/// The same changes for everybody, in the files that each library asks for.
fn write_histories(folder: &Path) {
    let rebuild = [
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\nCREATE TABLE posts (\n    id      INTEGER PRIMARY \
         KEY,\n    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE\n);\n",
        "INSERT INTO users (id, name) VALUES (1, 'a');\nINSERT INTO posts (id, user_id) VALUES (1, 1), (2, 1);\n",
        "CREATE TABLE users_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, bio TEXT);\nINSERT INTO users_new (id, name) \
         SELECT id, name FROM users;\nDROP TABLE users;\nALTER TABLE users_new RENAME TO users;\n",
    ];
    for library in &LIBRARIES {
        for count in SETS {
            let changes: Vec<_> =
                history(count + 1).into_iter().map(|body| (body.name, body.change)).collect();
            write_set(&folder.join(library.folder).join(count.to_string()), library, &changes, None);
        }
        let mut changes =
            vec![history(1).remove(0)].into_iter().map(|body| (body.name, body.change)).collect::<Vec<_>>();
        changes.extend(rebuild.map(|change| ("change".to_owned(), change.to_owned())));
        write_set(&folder.join(library.folder).join(REBUILD), library, &changes, Some(3));
    }
}

/// Writes a set. The first change creates our tracking table; the other libraries bring one of their own. The one that
/// `rebuilds` a table is to run without foreign keys.
fn write_set(folder: &Path, library: &Library, changes: &[(String, String)], rebuilds: Option<usize>) {
    for (number, (name, change)) in changes.iter().enumerate() {
        let record =
            format!("INSERT INTO schema_migrations (version, name) VALUES ('{number:04}', '{name}');\n");
        let off = rebuilds == Some(number);
        // As numbers, since sqlitex takes no words here.
        let around = |text: String| {
            if off { format!("PRAGMA foreign_keys = 0;\n{text}PRAGMA foreign_keys = 1;\n") } else { text }
        };
        let (file, text) = match library.layout {
            Layout::Whole => {
                (format!("{number:04}_{name}.sql"), around(format!("BEGIN;\n{change}\n{record}COMMIT;\n")))
            }
            Layout::Recorded => (format!("{number:04}_{name}.sql"), around(format!("{change}\n{record}"))),
            _ if number == 0 => continue,
            Layout::Refinery => (format!("V{number}__{name}.sql"), around(change.clone())),
            Layout::Plain => (format!("{number:04}_{name}.sql"), around(change.clone())),
            Layout::Folders(sign) => (format!("{number:04}{sign}{name}/up.sql"), around(change.clone())),
        };
        let path = folder.join(file);
        // A program is built anew only where its files have changed, since some take minutes.
        if fs::read(&path).is_ok_and(|there| there == text.as_bytes()) {
            continue;
        }
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
        fs::write(path, text).expect("it is written");
    }
}

fn build(root: &Path, work: &Path, library: &Library) -> PathBuf {
    let target = work.join("build");
    println!("building {}", library.folder);
    let built = Command::new("cargo")
        .args(["build", "--release", "--locked", "--quiet"])
        .current_dir(root.join("field").join(library.folder))
        .env("CARGO_TARGET_DIR", &target)
        .status()
        .expect("cargo runs");
    assert!(built.success(), "{} does not build", library.folder);
    target.join("release").join(format!("field-{}", library.folder))
}

fn measure(programs: &[PathBuf], databases: &Path, tries: bool) -> Vec<Measured> {
    let mut measured = vec![Measured::default(); programs.len()];
    for count in SETS {
        let rounds = if tries {
            1
        } else if count < 300 {
            25
        } else {
            9
        };
        let mut samples = vec![[Vec::new(), Vec::new(), Vec::new()]; programs.len()];
        for round in 0..rounds {
            for turn in 0..programs.len() {
                // Whoever is first finds other caches than whoever is last.
                let at = (round + turn) % programs.len();
                let database = databases.join(format!("{at}-{count}-{round}.db"));
                let set = count.to_string();
                let [fresh, again] = [(); 2].map(|()| start(&programs[at], &set, &database));
                let (fresh, _) =
                    fresh.unwrap_or_else(|why| panic!("{} {set}: {why}", programs[at].display()));
                let (again, memory) =
                    again.unwrap_or_else(|why| panic!("{} {set}: {why}", programs[at].display()));
                for (into, value) in samples[at].iter_mut().zip([fresh, again, memory]) {
                    into.push(value);
                }
                let _ = fs::remove_file(&database);
            }
        }
        for (measured, [fresh, again, memory]) in measured.iter_mut().zip(&mut samples) {
            measured.fresh.push(median(fresh));
            measured.again.push(median(again));
            measured.memory.push(median(memory));
        }
    }
    measured
}

fn start(program: &Path, set: &str, database: &Path) -> Told {
    let output = Command::new(program).arg(set).arg(database).output().expect("it was built");
    told(output.status.success(), &output.stdout, &output.stderr)
}

fn told(success: bool, stdout: &[u8], stderr: &[u8]) -> Told {
    let told = String::from_utf8_lossy(stdout);
    let mut numbers = told.split_whitespace().map_while(|number| number.parse().ok());
    match (success, numbers.next(), numbers.next()) {
        (true, Some(time), Some(memory)) => Ok((time, memory)),
        _ => Err(String::from_utf8_lossy(stderr).trim().to_owned()),
    }
}

/// Eight processes that start at once on a fresh file, in many rounds: how many of them fail.
fn race(program: &Path, databases: &Path) -> String {
    const ROUNDS: usize = 20;
    const PROCESSES: usize = 8;
    let mut failed = 0;
    for round in 0..ROUNDS {
        let database = databases.join(format!("race-{round}.db"));
        let spawn = |_| {
            Command::new(program)
                .arg("10")
                .arg(&database)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("it was built")
        };
        let processes: Vec<_> = (0..PROCESSES).map(spawn).collect();
        for process in processes {
            let output = process.wait_with_output().expect("it ends");
            failed += usize::from(told(output.status.success(), &output.stdout, &output.stderr).is_err());
        }
        for end in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(databases.join(format!("race-{round}.db{end}")));
        }
    }
    format!("{failed} of {}", ROUNDS * PROCESSES)
}

/// How many of two child rows are there after their parent table was rebuilt.
fn rebuild(program: &Path, databases: &Path) -> String {
    let database = databases.join("rebuild.db");
    let _ = fs::remove_file(&database);
    match start(program, REBUILD, &database) {
        Ok(_) => {
            let conn = Connection::open(&database).expect("it opens");
            let count = |table: &str| {
                conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0))
                    .expect("it is there")
            };
            assert_eq!(count("users"), 1, "{}", program.display());
            format!("{} of 2", count("posts"))
        }
        Err(why) => format!("refused: {}", why.lines().next().unwrap_or_default()),
    }
}
