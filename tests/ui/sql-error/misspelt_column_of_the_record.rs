static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/misspelt_column_of_the_record");

fn main() {}
