static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/drop_column_in_an_index");

fn main() {}
