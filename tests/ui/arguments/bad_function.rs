static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!(functions = ["normalize/2", "a/b"]);

fn main() {}
