//! What is not an option, or not one as it is written.
use embed_migrations::{Migrations, embed_migrations};

static UNKNOWN: Migrations = embed_migrations!("migrations", function = ["a/1"]);
static TWICE: Migrations = embed_migrations!(functions = ["a/1"], functions = ["b/1"]);
static NO_LIST: Migrations = embed_migrations!(functions = "a/1");
static NO_VALUE: Migrations = embed_migrations!(functions);
static NOT_A_STRING: Migrations = embed_migrations!(functions = [a]);

fn main() {}
