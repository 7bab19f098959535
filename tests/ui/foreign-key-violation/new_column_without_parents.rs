static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/foreign-key-violation/new_column_without_parents");

fn main() {}
