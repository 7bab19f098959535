static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!(functions = [a]);

fn main() {}
