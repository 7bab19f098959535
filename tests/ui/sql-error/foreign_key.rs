static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/foreign_key");

fn main() {}
