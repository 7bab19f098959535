//! Options are no folder: without one, a problem stands at the call.
use embed_migrations::{Migrations, embed_migrations};

static MIGRATIONS: Migrations = embed_migrations!(functions = ["normalize/2"], collations = []);

fn main() {}
