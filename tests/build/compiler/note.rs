//! What cannot be judged is a warning, here made an error to see it, and can be allowed.
#![deny(warnings)]

use embed_migrations::{Migrations, embed_migrations};

static MIGRATIONS: Migrations = embed_migrations!("too_long");
#[allow(deprecated)]
static ALLOWED: Migrations = embed_migrations!("too_long");

fn main() {
    println!("{} {}", MIGRATIONS.len(), ALLOWED.len());
}
