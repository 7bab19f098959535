//! What every program of the field benchmark is told, and what it tells: `PROGRAM SET DATABASE` opens the database,
//! applies the set of migrations with its library, and prints how long both took, and the memory that it took at most.
//!
//! Measures nothing but this one start, and knows no library.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

/// Runs `migrate` on the set and the database that the command line names.
pub fn start(migrate: impl FnOnce(&str, &Path) -> Result<(), Box<dyn Error>>) -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(set), Some(database)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: PROGRAM SET DATABASE");
        return ExitCode::FAILURE;
    };
    let start = Instant::now();
    let result = migrate(&set, Path::new(&database));
    let elapsed = start.elapsed();
    match result {
        Ok(()) => {
            println!("{} {}", elapsed.as_nanos(), peak_kib());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The most memory that this process has held, by Linux.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()).and_then(|kib| kib.parse().ok()).unwrap_or_default()
}
