//! Without a folder among the arguments, a problem stands at the call.
use embed_migrations::{Migrations, embed_migrations};

static MIGRATIONS: Migrations = embed_migrations!();

fn main() {}
