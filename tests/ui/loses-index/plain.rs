static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-index/plain");

fn main() {}
