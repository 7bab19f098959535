static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!(functions = "a/1");

fn main() {}
