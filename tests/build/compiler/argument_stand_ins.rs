//! Names that are not those of SQL functions or collations: each is an error of its own, where it stands.
use embed_migrations::{Migrations, embed_migrations};

static FUNCTION: Migrations = embed_migrations!(functions = ["normalize/2", "a/b"]);
static COUNTS: Migrations = embed_migrations!(functions = ["normalize/two", "f/200"]);
static COLLATION: Migrations = embed_migrations!(collations = [""]);

fn main() {}
