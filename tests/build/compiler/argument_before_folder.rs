//! With wrong arguments nothing is said about the folder, which is broken too.
use embed_migrations::{Migrations, embed_migrations};

static MIGRATIONS: Migrations = embed_migrations!("typo", collation = ["unicase"]);

fn main() {}
