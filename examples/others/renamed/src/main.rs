//! The dependency under another name, and two sets of migrations in one database: each has the tracking table that its
//! first file creates, so neither needs to know of the other.

use std::error::Error;
use std::path::Path;

use db::rusqlite::Connection;

static APP: db::Migrations = db::embed_migrations!("app"); // schema_migrations
static JOBS: db::Migrations = db::embed_migrations!("jobs"); // jobs_migrations

fn open(path: &Path) -> Result<Connection, Box<dyn Error>> {
    let mut conn = Connection::open(path)?;
    APP.run(&mut conn)?;
    JOBS.run(&mut conn)?;
    Ok(conn)
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("app.db");
    open(&path)?;

    let conn = open(&path)?;
    conn.execute("INSERT INTO users (email) VALUES ('ann@example.org')", [])?;
    conn.execute("INSERT INTO jobs (payload) VALUES ('welcome ann')", [])?;
    for (set, table, latest) in [(&APP, "schema_migrations", "001"), (&JOBS, "jobs_migrations", "002")] {
        assert!(set.status(&conn)?.pending().is_empty());
        let recorded: String =
            conn.query_row(&format!("SELECT max(version) FROM {table}"), [], |row| row.get(0))?;
        assert_eq!(recorded, latest, "{table}");
    }
    println!("renamed: {} and {} migrations in one database", APP.len(), JOBS.len());
    Ok(())
}
