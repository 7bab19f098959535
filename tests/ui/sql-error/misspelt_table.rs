static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/misspelt_table");

fn main() {}
