static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/foreign-key-violation/seed_allowed");

fn main() {}
