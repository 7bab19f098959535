static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!(functions = ["normalize/2", "a/b"]);

fn main() {}
