static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-rows/joined_with_nothing");

fn main() {}
