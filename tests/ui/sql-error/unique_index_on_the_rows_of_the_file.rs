static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/unique_index_on_the_rows_of_the_file");

fn main() {}
