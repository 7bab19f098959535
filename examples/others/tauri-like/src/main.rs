//! A desktop application of Tauri's shape: the set-up hook opens the database in the folder for the user's data,
//! migrates it, and leaves the connection to the commands.

mod tauri;

use std::error::Error;
use std::fs;
use std::sync::Mutex;

use embed_migrations::rusqlite::{self, Connection};
use embed_migrations::{Migrations, embed_migrations};
use tauri::App;

static MIGRATIONS: Migrations = embed_migrations!("../migrations");

struct Db(Mutex<Connection>);

fn set_up(app: &mut App) -> Result<(), Box<dyn Error>> {
    let folder = app.path().app_data_dir()?;
    fs::create_dir_all(&folder)?;
    let conn = MIGRATIONS.open(folder.join("notes.db"))?;
    app.manage(Db(Mutex::new(conn)));
    Ok(())
}

/// What would be a command.
fn add_note(db: &Db, body: &str) -> rusqlite::Result<i64> {
    let conn = db.0.lock().expect("no command panics");
    conn.execute("INSERT INTO notes (body) VALUES (?1)", [body])?;
    conn.query_row("SELECT count(*) FROM notes", [], |row| row.get(0))
}

fn main() -> Result<(), Box<dyn Error>> {
    let user = tempfile::tempdir()?;
    let data = user.path().join("share/org.example.notes");

    let app = App::run(data.clone(), set_up)?;
    assert_eq!(add_note(app.state(), "milk")?, 1);
    drop(app);

    // The next start finds the note.
    let app = App::run(data.clone(), set_up)?;
    let notes = add_note(app.state(), "bread")?;
    assert_eq!(notes, 2);
    drop(app);

    // A release that is older than the database refuses to start, and says why.
    let conn = Connection::open(data.join("notes.db"))?;
    conn.execute("INSERT INTO schema_migrations (version, name) VALUES ('003', 'of_a_newer_release')", [])?;
    let Err(error) = App::run(data, set_up) else { panic!("the database is newer") };
    assert!(matches!(error.downcast_ref(), Some(embed_migrations::Error::NewerDatabase { .. })), "{error}");

    println!("tauri-like: {notes} notes over two starts; then {error}");
    Ok(())
}
