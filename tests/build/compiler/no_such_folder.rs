//! A folder that is not there.
use embed_migrations::{Migrations, embed_migrations};

static MIGRATIONS: Migrations = embed_migrations!("db/migrations");

fn main() {}
