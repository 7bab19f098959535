//! What uses the migrations compiles all the same, so that nothing is said but what is wrong.
#![deny(warnings)]

use embed_migrations::{Migrations, embed_migrations, rusqlite::Connection};

static MIGRATIONS: Migrations = embed_migrations!("typo");
const LATEST: &str = "001";

struct Store {
    conn: Connection,
}

impl Store {
    fn open() -> Result<Self, Box<dyn std::error::Error>> {
        let mut conn = Connection::open_in_memory()?;
        MIGRATIONS.runner().target(LATEST).run(&mut conn)?;
        embed_migrations!("gap", functions = ["a/b"]).run(&mut conn)?;
        Ok(Self { conn })
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let store = Store::open()?;
    println!("{} of {}", MIGRATIONS.status(&store.conn)?.applied().len(), MIGRATIONS.len());
    Ok(())
}
