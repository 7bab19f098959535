static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/begin_without_semicolon");

fn main() {}
