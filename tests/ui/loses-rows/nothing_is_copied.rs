static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-rows/nothing_is_copied");

fn main() {}
