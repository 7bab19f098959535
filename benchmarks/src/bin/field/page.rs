//! `docs/field.md`: a part about what the programs do, and one about what it takes to build them. Each is measured by itself,
//! and the other one stays as it is.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use embed_migrations::rusqlite::Connection;
use plotters::prelude::*;

use crate::builds::Built;
use crate::{FLOOR, LIBRARIES, Library, Measured, SETS};

/// Where the second part begins.
const BUILDS: &str = "## Building them";

/// Writes one of the parts, and leaves the other.
pub(crate) fn replace(path: &Path, part: &str) {
    let there = fs::read_to_string(path).unwrap_or_default();
    let at = there.find(BUILDS).unwrap_or(there.len());
    let (runs, builds) = there.split_at(at);
    let page = if part.starts_with(BUILDS) {
        format!("{}\n\n{part}", runs.trim_end())
    } else {
        format!("{part}\n{builds}")
    };
    fs::write(path, format!("{}\n", page.trim_end())).expect("it is written");
}

/// The part about building.
pub(crate) fn builds(root: &Path, counts: [usize; 2], built: &[Built]) -> String {
    let mut part = format!(
        "{BUILDS}\n\nMeasured by `cd benchmarks && cargo run --release --bin field -- --builds` on {}, {}: a program that embeds \
         {} migrations, in the profile `dev`. Crates are those that `cargo tree -e normal,build` lists beside it. A clean build \
         begins with an empty target directory and everything downloaded. A rebuild follows a change in main.rs, and in no \
         migration; it is the median of a few. Ours has the build script that README asks for.\n\n",
        today(),
        machine(),
        counts[0],
    );
    let [few, many] = counts.map(thousands);
    part += &format!(
        "| library | crates | clean build | rebuild, {few} migrations | {many} |\n| --- | --- | --- | --- | --- |\n"
    );
    for (library, Built { crates, clean, again: [few, many] }) in LIBRARIES.iter().zip(built) {
        let name = format!("{} {}", library.package, version(root, library));
        part += &format!("| {name} | {crates} | {clean:.1} s | {few:.2} s | {many:.2} s |\n");
    }
    part
}

fn thousands(count: usize) -> String {
    if count < 1000 { count.to_string() } else { format!("{},{:03}", count / 1000, count % 1000) }
}

pub(crate) fn plot(path: &Path, title: &str, measured: &[Measured], of: fn(&Measured) -> &Vec<f64>) {
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

/// The part about what the programs do.
pub(crate) fn runs(
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_leaves_the_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("field.md");
        let builds = format!("{BUILDS}\n\nold\n");
        for part in ["# Runs\n\nold\n", &builds, "# Runs\n\nnew\n", &builds.replace("old", "new")] {
            replace(&path, part);
        }
        let page = fs::read_to_string(&path).expect("it was written");
        assert_eq!(page, format!("# Runs\n\nnew\n\n{BUILDS}\n\nnew\n"));
    }
}
