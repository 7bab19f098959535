static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!(concat!("a", "b"));

fn main() {}
