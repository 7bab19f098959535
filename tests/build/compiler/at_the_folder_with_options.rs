//! A problem stands at the folder, whatever follows it.
use embed_migrations::{Migrations, embed_migrations};

static MIGRATIONS: Migrations = embed_migrations!("typo", functions = ["normalize/2"], collations = ["unicase"]);

fn main() {}
