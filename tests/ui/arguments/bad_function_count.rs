static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!(functions = ["normalize/two", "f/200"]);

fn main() {}
