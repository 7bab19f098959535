static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/add_column_that_is_never_possible");

fn main() {}
