//! A step in Rust: passwords that were stored as they are become hashes, which SQL cannot make.
//!
//! `cargo run --example steps`

use std::error::Error;

use embed_migrations::rusqlite::{self, Connection};
use embed_migrations::{Migrations, embed_migrations};

static MIGRATIONS: Migrations =
    embed_migrations!("examples/steps/migrations", steps = [users::rehash_passwords]);

mod users {
    use std::hash::{DefaultHasher, Hash, Hasher};

    use super::{Connection, rusqlite};

    /// Runs where 002_rehash_passwords.sql calls it, in the transaction of that file.
    pub(crate) fn rehash_passwords(conn: &Connection) -> rusqlite::Result<()> {
        let mut users = conn.prepare("SELECT id, password FROM users")?;
        let mut update = conn.prepare("UPDATE users SET password_hash = ?1 WHERE id = ?2")?;
        let mut rows = users.query([])?;
        while let Some(row) = rows.next()? {
            let (id, password): (i64, String) = (row.get(0)?, row.get(1)?);
            update.execute((hash(&password), id))?;
        }
        Ok(())
    }

    /// In place of a real one, such as argon2.
    fn hash(password: &str) -> String {
        let mut hasher = DefaultHasher::new();
        password.hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    // What an older release has left behind.
    let mut conn = Connection::open_in_memory()?;
    MIGRATIONS.runner().target("001").run(&mut conn)?;
    conn.execute("INSERT INTO users (email, password) VALUES ('ann@example.org', 'secret')", [])?;

    MIGRATIONS.run(&mut conn)?;
    let hash: String = conn.query_row("SELECT password_hash FROM users", [], |row| row.get(0))?;
    println!("ann@example.org {hash}");
    assert_eq!(hash.len(), 16);
    Ok(())
}
