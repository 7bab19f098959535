//! Each problem of a folder is an error of its own, in the order of the files.
use embed_migrations::{Migrations, embed_migrations};

static MIGRATIONS: Migrations = embed_migrations!("several");

fn main() {}
