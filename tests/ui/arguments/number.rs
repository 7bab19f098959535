static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!(5);

fn main() {}
