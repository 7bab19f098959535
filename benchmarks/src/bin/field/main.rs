//! Ours beside the other libraries, each a program of its own that uses its library as its documentation says.
//! `cargo run --release --bin field`
//!
//! Writes the histories, builds the programs in `field/`, runs them in rounds whose order changes, and writes
//! `docs/field.md` with its plots. Numbers of different runs must not be compared: only what stands side by side.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use embed_migrations::rusqlite::Connection;
use embed_migrations_benchmarks::{history, median};
use plotters::prelude::*;

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
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let work = root.join("target/field");
    write_histories(&work.join("histories"));
    let programs: Vec<PathBuf> = LIBRARIES.iter().map(|library| build(root, &work, library)).collect();
    let databases = work.join("databases");
    let _ = fs::remove_dir_all(&databases);
    fs::create_dir_all(&databases).expect("a folder");
    let measured = measure(&programs, &databases);
    let refused: Vec<String> = programs.iter().map(|program| race(program, &databases)).collect();
    let kept: Vec<String> = programs.iter().map(|program| rebuild(program, &databases)).collect();
    let docs = root.join("../docs");
    plot(&docs.join("field-fresh.svg"), "All migrations to a fresh file", &measured, |m| &m.fresh);
    plot(&docs.join("field-again.svg"), "A start with nothing pending", &measured, |m| &m.again);
    let page = page(root, &programs, &measured, &refused, &kept);
    fs::write(docs.join("field.md"), &page).expect("it is written");
    println!("{page}");
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

fn measure(programs: &[PathBuf], databases: &Path) -> Vec<Measured> {
    let mut measured = vec![Measured::default(); programs.len()];
    for count in SETS {
        let rounds = if count < 300 { 25 } else { 9 };
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

fn plot(path: &Path, title: &str, measured: &[Measured], of: fn(&Measured) -> &Vec<f64>) {
    let area = SVGBackend::new(path, (720, 440)).into_drawing_area();
    area.fill(&WHITE).expect("it is drawn");
    let all = || measured.iter().flat_map(of).map(|nanos| nanos / 1e6);
    let (low, high) = (all().fold(f64::MAX, f64::min), all().fold(0.0, f64::max));
    let mut chart = ChartBuilder::on(&area)
        .caption(format!("{title}, ms over the number of migrations"), ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(32)
        .y_label_area_size(56)
        // Beyond the largest set is the place of the legend.
        .build_cartesian_2d((10f64..4500f64).log_scale(), (low * 0.8..high * 1.25).log_scale())
        .expect("it is drawn");
    chart.configure_mesh().light_line_style(WHITE).draw().expect("it is drawn");
    for (library, measured) in LIBRARIES.iter().zip(measured) {
        let points: Vec<_> =
            SETS.iter().zip(of(measured)).map(|(count, nanos)| (*count as f64, nanos / 1e6)).collect();
        let color = library.color;
        chart
            .draw_series(LineSeries::new(points, color.stroke_width(2)).point_size(3))
            .expect("it is drawn")
            .label(library.package)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], color.stroke_width(3)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::MiddleRight)
        .background_style(WHITE)
        .border_style(BLACK)
        .draw()
        .expect("it is drawn");
    area.present().expect("it is written");
}

fn page(
    root: &Path,
    programs: &[PathBuf],
    measured: &[Measured],
    refused: &[String],
    kept: &[String],
) -> String {
    let mut page = String::new();
    let mut line = |text: String| writeln!(page, "{text}").expect("a String takes it");
    line(format!(
        "# Beside other libraries\n\nMeasured by `cd benchmarks && cargo run --release --bin field` on {}, {}: every number in one \
         run, in rounds whose order changes, as a whole process does it (open the database, then migrate), and the median of \
         them. Times of another run on another machine differ; what one number is to the next differs less. Behind a time \
         stands what it is to the first line: plain rusqlite that makes the same changes in one transaction, records them, and \
         checks nothing.\n",
        today(),
        machine(),
    ));
    line("![All migrations to a fresh file](field-fresh.svg)\n\n![A start with nothing pending](field-again.svg)\n".to_owned());
    line("| library | fresh file, 10 | 100 | 1,000 | nothing pending, 10 | 100 | 1,000 | memory at 1,000, KiB | binary, KiB |".to_owned());
    line("| --- | --- | --- | --- | --- | --- | --- | --- | --- |".to_owned());
    let floor = &measured[FLOOR];
    for ((library, program), measured) in LIBRARIES.iter().zip(programs).zip(measured) {
        let time = |of: fn(&Measured) -> &Vec<f64>, set: usize| {
            let at = SETS.iter().position(|count| *count == set).expect("it is measured");
            let (own, least) = (of(measured)[at], of(floor)[at]);
            format!("{:.2} ms ({:.2})", own / 1e6, own / least)
        };
        let fresh = [10, 100, 1000].map(|set| time(|m| &m.fresh, set));
        let again = [10, 100, 1000].map(|set| time(|m| &m.again, set));
        let size = fs::metadata(program).expect("it was built").len() / 1024;
        line(format!(
            "| {} {} | {} | {} | {:.0} | {size} |",
            library.package,
            version(root, library),
            fresh.join(" | "),
            again.join(" | "),
            measured.memory.last().copied().unwrap_or_default(),
        ));
    }
    line("\nWhat is kept:\n".to_owned());
    line("| library | processes that fail where eight start at once on a fresh file | child rows after their parent table was rebuilt |".to_owned());
    line("| --- | --- | --- |".to_owned());
    for ((library, refused), kept) in LIBRARIES.iter().zip(refused).zip(kept) {
        line(format!("| {} | {refused} | {kept} |", library.package));
    }
    line(
        "\nThe rebuild is the usual one (a new table, INSERT … SELECT, DROP, RENAME) with `PRAGMA foreign_keys = OFF` in the \
         file, and the child table says ON DELETE CASCADE. Inside of a transaction SQLite ignores that PRAGMA without a word. \
         sqlx and diesel can each run a file without a transaction, where whoever writes it knows that they have to; then \
         nothing is rolled back when it fails halfway.\n\nrusqlite_migration keeps one number in the database and no table, so \
         it knows how many migrations have run, and not which."
            .to_owned(),
    );
    page
}

/// As its lock file says; ours is not in a registry.
fn version(root: &Path, library: &Library) -> String {
    let lock =
        fs::read_to_string(root.join("field").join(library.folder).join("Cargo.lock")).expect("a lock file");
    let entry = format!("name = \"{}\"\nversion = \"", library.package);
    lock.split_once(&entry)
        .and_then(|(_, rest)| rest.split('"').next())
        .expect("it is in the lock file")
        .to_owned()
}

fn today() -> String {
    let conn = Connection::open_in_memory().expect("it opens");
    conn.query_row("SELECT date()", [], |row| row.get(0)).expect("a date")
}

/// The kind of machine, as far as it says.
fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpus.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("an unknown processor");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{} ({cores} cores, {})", model.trim_start_matches(['\t', ' ', ':']), std::env::consts::OS)
}
