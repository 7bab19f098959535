static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/record_without_semicolon");

fn main() {}
