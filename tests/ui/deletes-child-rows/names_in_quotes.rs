static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/deletes-child-rows/names_in_quotes");

fn main() {}
