//! What is seen of a run while it takes place: a line for each file that is applied, and on a terminal a bar, once it
//! takes long enough for somebody to wonder.

use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use embed_migrations_core::{Event, Migration};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output;
use crate::up::time;

/// A run that is over sooner needs no bar.
const PATIENCE: Duration = Duration::from_millis(400);

pub(crate) struct Progress {
    bar: ProgressBar,
    /// Dropped at the end, so that no bar comes after it.
    running: Option<Sender<()>>,
}

impl Default for Progress {
    fn default() -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} [{bar:24}] {pos}/{len} {msg} ({elapsed})")
        {
            bar.set_style(style.progress_chars("=> "));
        }
        let (running, ended) = mpsc::channel();
        let shown = bar.clone();
        // Hidden by itself where stderr is not a terminal.
        thread::spawn(move || {
            if ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(Duration::from_millis(100));
            }
        });
        Self { bar, running: Some(running) }
    }
}

impl Progress {
    pub(crate) fn event(&self, event: Event) {
        match event {
            Event::Started { migration, position, total, .. } => self.started(migration, position, total),
            Event::Step { migration, statement, of, .. } => self.step(migration, statement, of),
            Event::Applied { migration, elapsed, .. } => self.applied(migration, elapsed),
            Event::BackedUp { path, elapsed, .. } => self.backed_up(&path, elapsed),
            _ => {}
        }
    }

    fn started(&self, migration: &Migration, position: usize, total: usize) {
        self.bar.set_length(u64::try_from(total).unwrap_or(u64::MAX));
        self.bar.set_position(u64::try_from(position.saturating_sub(1)).unwrap_or(u64::MAX));
        self.bar.set_message(migration.file_name());
    }

    fn applied(&self, migration: &Migration, elapsed: Duration) {
        self.bar.suspend(|| output::line(format!("applied {} ({})", migration.file_name(), time(elapsed))));
    }

    /// So many statements of a long file have run.
    fn step(&self, migration: &Migration, statement: usize, of: usize) {
        // A message for each of very many would take longer than they do.
        if statement.is_multiple_of(of / 100 + 1) {
            self.bar.set_message(format!("{} ({statement} of {of} statements)", migration.file_name()));
        }
    }

    fn backed_up(&self, path: &Path, elapsed: Duration) {
        self.bar.suspend(|| output::line(format!("backed up to {} ({})", path.display(), time(elapsed))));
    }

    pub(crate) fn end(mut self) {
        self.running.take();
        self.bar.finish_and_clear();
    }
}
