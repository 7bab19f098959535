static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!(functions = ["normalize/two", "f/200"]);

fn main() {}
