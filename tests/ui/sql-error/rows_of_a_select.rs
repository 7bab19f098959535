static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/rows_of_a_select");

fn main() {}
