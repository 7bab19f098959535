static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/leftover-temp/trigger");

fn main() {}
