static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-rows/or_replace");

fn main() {}
