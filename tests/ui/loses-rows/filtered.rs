static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-rows/filtered");

fn main() {}
