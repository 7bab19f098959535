//! Carets stand under what they mean, behind tabs and wide characters too.
use embed_migrations::{Migrations, embed_migrations};

static MIGRATIONS: Migrations = embed_migrations!("odd");

fn main() {}
