//! Each call has its own errors.
use embed_migrations::{Migrations, embed_migrations};

static ONE: Migrations = embed_migrations!("typo");
const OTHER: Migrations = embed_migrations!("gap");

fn main() {
    let _ = embed_migrations!("typo");
}
