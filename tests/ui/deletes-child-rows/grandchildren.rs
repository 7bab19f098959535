static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/deletes-child-rows/grandchildren");

fn main() {}
