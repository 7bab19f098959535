static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!(functions = "a/1");

fn main() {}
