//! Steps that are none, that a file could not tell apart, or that no file calls: each at its own path.
use embed_migrations::{Migrations, embed_migrations};

static NO_PATH: Migrations = embed_migrations!("steps", steps = ["rehash"]);
static ALIKE: Migrations = embed_migrations!("steps", steps = [rehash, users::rehash]);
static NOT_CALLED: Migrations = embed_migrations!("steps", steps = [rehash, users::later, earlier]);
static NOT_NAMED: Migrations = embed_migrations!("steps");

fn main() {}
