static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/sql-error/unique_index_on_the_rows_of_the_file");

fn main() {}
