static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/missing_semicolon");

fn main() {}
