static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!(collations = [""]);

fn main() {}
