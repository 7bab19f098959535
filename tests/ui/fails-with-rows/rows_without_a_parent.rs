static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/fails-with-rows/rows_without_a_parent");

fn main() {}
