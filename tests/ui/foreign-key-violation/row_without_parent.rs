static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/foreign-key-violation/row_without_parent");

fn main() {}
