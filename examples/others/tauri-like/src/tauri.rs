//! The few parts of Tauri that a database needs, with Tauri's names and shapes and without its web view.

use std::any::Any;
use std::error::Error;
use std::io;
use std::path::PathBuf;

/// Stands in for the application's handle.
pub struct App {
    data: PathBuf,
    managed: Vec<Box<dyn Any + Send + Sync>>,
}

/// Stands in for the resolver of the system's folders.
pub struct PathResolver<'a>(&'a App);

impl App {
    /// Runs `set_up` as `tauri::Builder::setup` does: once, before there is a window.
    pub fn run(
        data: PathBuf,
        set_up: impl FnOnce(&mut Self) -> Result<(), Box<dyn Error>> + Send + 'static,
    ) -> Result<Self, Box<dyn Error>> {
        let mut app = Self { data, managed: Vec::new() };
        set_up(&mut app)?;
        Ok(app)
    }

    pub fn path(&self) -> PathResolver<'_> {
        PathResolver(self)
    }

    pub fn manage(&mut self, state: impl Any + Send + Sync) {
        self.managed.push(Box::new(state));
    }

    pub fn state<T: Any>(&self) -> &T {
        self.managed.iter().find_map(|state| state.downcast_ref()).expect("the state is managed")
    }
}

impl PathResolver<'_> {
    /// The folder may not exist yet, as on a user's machine after the installation.
    pub fn app_data_dir(&self) -> io::Result<PathBuf> {
        Ok(self.0.data.clone())
    }
}
