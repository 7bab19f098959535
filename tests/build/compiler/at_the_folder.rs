//! A problem stands at the folder that has it.
use embed_migrations::{Migrations, embed_migrations};

static MIGRATIONS: Migrations = embed_migrations!("typo");

fn main() {}
