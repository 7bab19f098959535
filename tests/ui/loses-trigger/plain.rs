static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-trigger/plain");

fn main() {}
