static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/generated_column");

fn main() {}
