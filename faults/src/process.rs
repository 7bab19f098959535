//! Real processes: one that migrates when it is told to, and what a parent hears of it. Killed ones are killed by
//! SIGKILL, which no program can catch.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use embed_migrations::{Backup, Event};
use rusqlite::Connection;

use crate::ladder::{Journal, LADDER};

/// Longer than any process takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(100);

/// The child's side: opens the database, says `ready`, waits for a line, migrates, and says each version when it is
/// applied. `pause` is for how long it holds the lock in the middle of its work.
pub fn child(path: &Path, journal: Option<Journal>, pause: Option<Duration>, backup: bool) -> ExitCode {
    let mut conn = Connection::open(path).expect("a connection");
    if let Some(journal) = journal {
        // It races with others for this as well; only the ones that need a lock have to be waited for.
        conn.busy_timeout(PATIENCE).expect("a timeout");
        journal.set(&conn).expect("a journal mode");
    }
    conn.execute_batch("PRAGMA cache_size = 8").expect("a setting");
    say("ready");
    std::io::stdin().read_line(&mut String::new()).expect("somebody says go");
    let start = Instant::now();
    let runner = LADDER.runner();
    let runner = if backup { runner.backup(Backup::beside_database()) } else { runner };
    let result = runner
        .on_event(|event| match event {
            Event::Started { migration, .. } if migration.version() == "005" => {
                thread::sleep(pause.unwrap_or_default());
            }
            Event::Applied { migration, .. } => say(migration.version()),
            _ => {}
        })
        .run(&mut conn);
    match result {
        Ok(_) if conn.is_autocommit() => {
            say(&format!("done {}", start.elapsed().as_micros()));
            ExitCode::SUCCESS
        }
        Ok(_) => {
            eprintln!("a transaction is open");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}

/// A line that whoever listens has, even if this process dies in the next moment.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // Whoever listens may be gone.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// A child that is ready.
pub struct Runner {
    child: Child,
    go: ChildStdin,
    out: BufReader<std::process::ChildStdout>,
}

/// What a parent heard of a child that is gone.
pub struct Heard {
    pub status: ExitStatus,
    /// The versions that it said were applied.
    pub applied: Vec<String>,
    /// How long its run took, if it came to its end.
    pub done: Option<Duration>,
    pub errors: String,
}

impl Runner {
    pub fn new(path: &Path, journal: Option<Journal>, pause: Option<Duration>) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.arg("child").arg(path);
        if let Some(journal) = journal {
            command.args(["--journal", journal.name()]);
        }
        if let Some(pause) = pause {
            command.args(["--pause", &pause.as_millis().to_string()]);
        }
        Self::start(command)
    }

    /// One that backs the database up before.
    pub fn with_backup(path: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.arg("child").arg(path).arg("--backup");
        Self::start(command)
    }

    fn start(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("a process");
        let go = child.stdin.take().expect("it is piped");
        let out = BufReader::new(child.stdout.take().expect("it is piped"));
        Self { child, go, out }
    }

    /// Waits until it is ready.
    pub fn ready(&mut self) {
        let mut line = String::new();
        self.out.read_line(&mut line).expect("a line");
        if line != "ready\n" {
            let mut told = String::new();
            self.child.stderr.take().expect("it is piped").read_to_string(&mut told).expect("text");
            panic!("a child says {line:?}: {told}");
        }
    }

    pub fn go(&mut self) {
        // One that was killed before does not hear it.
        let _ = self.go.write_all(b"go\n");
    }

    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed, or is gone");
    }

    /// Waits for its end.
    pub fn heard(mut self) -> Heard {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it is our child") {
                break status;
            }
            if start.elapsed() > PATIENCE {
                self.kill();
            }
            thread::sleep(Duration::from_micros(200));
        };
        let lines: Vec<String> = self.out.lines().map_while(Result::ok).collect();
        let mut errors = String::new();
        if let Some(mut told) = self.child.stderr.take() {
            // Half a character, if it died in it.
            let _ = told.read_to_string(&mut errors);
        }
        let done = lines.iter().find_map(|line| line.strip_prefix("done ")?.parse().ok());
        let done = done.map(Duration::from_micros);
        let applied = lines.into_iter().filter(|line| !line.starts_with("done")).collect();
        Heard { status, applied, done, errors }
    }
}
