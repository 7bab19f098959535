static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/sql-error/misspelt_column_of_the_record");

fn main() {}
