//! What is not a folder, where the folder stands.
use embed_migrations::{Migrations, embed_migrations};

static ABSOLUTE: Migrations = embed_migrations!("/etc");
static EMPTY: Migrations = embed_migrations!("");
static EXPRESSION: Migrations = embed_migrations!(concat!("a", "b"));
static IDENT: Migrations = embed_migrations!(migrations);
static NUMBER: Migrations = embed_migrations!(5);
static TWO_FOLDERS: Migrations = embed_migrations!("a" "b");

fn main() {}
